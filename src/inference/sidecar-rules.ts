import { chosenRuntime } from './chosen-runtime';
import { Deferred } from '../core/deferred';
import { SERVER_CONTAINER, TRANSFORMER_CONTAINER } from '../release/container-names';
import { ClusterRule } from '../target/rule-context';
import { componentsOf } from '../target/service-view';

/** Containers that KServe merges; all others it puts side by side. */
const MERGED = [SERVER_CONTAINER, TRANSFORMER_CONTAINER];

const RUNTIME_HAS_IT: ClusterRule = {
  code: 'KSV1436',
  about: ['containers'],
  title: 'The runtime has a container of the same name',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'buildPodSpec in KServe\'s predictor.go; Kubernetes validation of pods: Duplicate value',
  explanation: 'KServe puts the containers of the service beside those of its runtime and merges none but the one that serves and a collocated transformer, so the pod has two of the same name and is refused.',
  * check(manifest, context) {
    for (const component of componentsOf(manifest)) {
      const containers: { name?: unknown }[] = component.spec.containers ?? [];
      const runtime = containers.length > 0 ? chosenRuntime(component, manifest, context) : undefined;
      const names = (runtime?.spec.containers ?? []).map(({ name }: { name?: unknown }) => name);
      for (const [i, { name }] of containers.entries()) {
        if (typeof name === 'string' && !Deferred.is(name) && !MERGED.includes(name) && names.includes(name)) {
          yield { at: `${component.at}/containers/${i}/name`, value: name, message: `is the name of a container of the runtime '${runtime!.name}'`, fix: 'give the container another name.' };
        }
      }
    }
  },
};

export const SIDECAR_RULES: ClusterRule[] = [RUNTIME_HAS_IT];
