import { Manifest } from '../core/manifest';
import { Candidates } from '../runtime/candidates';
import { requestOf } from '../runtime/request';
import { RuleContext } from '../target/rule-context';
import { ComponentView } from '../target/service-view';

/** What a model's runtime says about its pods, in the manifest's spelling. */
export interface RuntimePods {
  readonly name: string;
  readonly spec: { readonly [field: string]: any };
}

/** The runtime of a component's model, if its manifest is in the program or in the release. */
export function chosenRuntime({ spec }: ComponentView, manifest: Manifest, context: RuleContext): RuntimePods | undefined {
  const request = spec.model === undefined ? undefined : requestOf(manifest, context.target.release, context.namespace);
  const chosen = request && Candidates.of(context).select(request).chosen;
  if (chosen === undefined) {
    return undefined;
  }
  const { facts: { name, namespace }, namespaced, path } = chosen;
  const [made] = path === undefined ? [] : context.neighbours.named(namespaced ? 'ServingRuntime' : 'ClusterServingRuntime', namespace, name);
  const builtIn = context.target.release._data.runtimes[name];
  return made !== undefined ? { name, spec: made.manifest.spec ?? {} }
    : builtIn && { name, spec: { containers: [builtIn.container], volumes: builtIn.volumes } };
}
