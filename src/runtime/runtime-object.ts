import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { renderRuntime } from './render';
import { SERVING_RUNTIME_RULES } from './rules';
import type { ServingRuntimeProps } from './runtime-props';
import { caused } from '../core/cause';
import { createManifest, givenAnnotations } from '../core/manifest';
import { KEYS } from '../release/keys';
import { judgeBy } from '../target/rule-context';

/** Creates the object of a runtime and has it judged. */
export function createRuntime(scope: Construct, kind: 'ServingRuntime' | 'ClusterServingRuntime', props: ServingRuntimeProps): ApiObject {
  const { serverType } = props;
  const object = createManifest(scope, {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind,
    name: props.name,
    namespace: props.namespace,
    clusterScoped: kind === 'ClusterServingRuntime',
    labels: props.labels,
    annotations: {
      ...serverType && { [KEYS.serverType]: () => caused('serverType', serverType.name) },
      ...givenAnnotations(props.annotations),
    },
    fields: { spec: () => renderRuntime(props) },
  });
  judgeBy(scope, object, SERVING_RUNTIME_RULES);
  return object;
}
