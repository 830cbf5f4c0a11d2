import { DerivedNames } from '../core/derived-names';
import { Manifest } from '../core/manifest';
import { KEY_VALUES, KEYS } from '../release/keys';
import { DeploymentMode } from '../target';
import { RuleContext } from '../target/rule-context';
import { componentsOf, modeOf } from '../target/service-view';
import { namesOf } from './names';

/** Every rule on names asks for the same ones. */
const known = new WeakMap<RuleContext, { manifest: Manifest; names: DerivedNames }>();

/** The names that follow from the manifest of an InferenceService. */
export function namesOfManifest(manifest: Manifest, context: RuleContext): DerivedNames {
  let last = known.get(context);
  if (last?.manifest !== manifest) {
    last = { manifest, names: derive(manifest, context) };
    known.set(context, last);
  }
  return last.names;
}

function derive(manifest: Manifest, { target, namespace }: RuleContext): DerivedNames {
  const { name, labels, annotations } = manifest.metadata;
  const { predictor, transformer, explainer, canary } = manifest.spec ?? {};
  const mode = modeOf(manifest, target.deploymentMode);
  const components = componentsOf(manifest);
  return namesOf(target, {
    name,
    namespace,
    mode,
    transformer: transformer !== undefined,
    explainer: explainer !== undefined,
    workers: predictor?.workerSpec !== undefined,
    variant: predictor?.name,
    canaryVariants: Array.isArray(canary) ? canary.flatMap((one) => one?.predictor?.name ?? []) : [],
    autoscalerClasses: Object.fromEntries(components.map(({ name: component, spec }) =>
      [component, spec.annotations?.[KEYS.autoscalerClass] ?? annotations?.[KEYS.autoscalerClass] ?? 'hpa'])),
    splitTraffic: components.some(({ spec }) => spec.canaryTrafficPercent !== undefined),
    tagRouting: annotations?.[KEYS.enableTagRouting] === 'true',
    clusterLocal: labels?.[mode === DeploymentMode.KNATIVE ? KEYS.knativeVisibility : KEYS.standardVisibility] === KEY_VALUES.clusterLocal,
  });
}
