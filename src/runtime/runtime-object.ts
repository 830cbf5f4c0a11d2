import { Construct } from 'constructs';
import type { IServingRuntime } from './i-serving-runtime';
import { factsOfProps, renderRuntime } from './render';
import { SERVING_RUNTIME_RULES } from './rules';
import type { ServingRuntimeProps } from './runtime-props';
import { caused } from '../core/cause';
import { Fields } from '../core/fields';
import { givenAnnotations, ManifestObject } from '../core/manifest';
import { KEYS } from '../release/keys';
import { RuntimeFacts } from '../target';
import { judgeBy } from '../target/rule-context';

/**
 * What runtimes of a namespace and of the cluster have in common.
 *
 * @internal
 */
export abstract class RuntimeObject extends ManifestObject implements IServingRuntime {
  /** Namespace of the runtime, if it is known and it has one. */
  readonly namespace?: string;
  /** What KServe looks at when it chooses a runtime. */
  readonly facts?: RuntimeFacts;

  private readonly given: ServingRuntimeProps;

  constructor(scope: Construct, id: string, kind: 'ServingRuntime' | 'ClusterServingRuntime', props: ServingRuntimeProps) {
    const { serverType, name = id, namespace } = props;
    super(scope, id, {
      apiVersion: 'serving.kserve.io/v1alpha1',
      kind,
      name,
      namespace,
      clusterScoped: kind === 'ClusterServingRuntime',
      labels: props.labels,
      annotations: () => ({
        ...serverType && { [KEYS.serverType]: caused('serverType', serverType.name) },
        ...givenAnnotations(props.annotations),
      }),
    });
    this.namespace = namespace;
    this.facts = factsOfProps(props, name, namespace);
    this.given = props;
    judgeBy(this, () => SERVING_RUNTIME_RULES);
  }

  /** @internal */
  _fields(): Fields {
    return { spec: renderRuntime(this.given) };
  }
}
