import { Construct } from 'constructs';
import type { KedaFallback, KedaTriggersScalingOptions } from './keda-options';
import { SCALED_OBJECT_RULES } from './scaled-object-rules';
import type { Scaling } from './scaling';
import { renderBehavior, seconds } from './behavior-rendering';
import { allUnder, caused } from '../../core/cause';
import { defined, Fields } from '../../core/fields';
import { ManifestObject } from '../../core/manifest';
import { judgeBy } from '../../target/rule-context';

/** The Deployment that a ScaledObject scales; the object is called like it, as KServe's own would be. */
export interface ScaledDeployment {
  readonly name: string;
  readonly namespace?: string;
}

/**
 * Makes the ScaledObject that a component's scaling asks for, if it does.
 *
 * @param prop the prop that holds the scaling, for messages
 */
export function addScaledObject(scope: Construct, id: string, prop: string, scaling: Scaling | undefined, deployment: ScaledDeployment): void {
  if (scaling?._scaledObject !== undefined) {
    new ScaledObject(scope, id, prop, scaling._scaledObject, deployment);
  }
}

class ScaledObject extends ManifestObject {
  constructor(
    scope: Construct, id: string,
    private readonly prop: string, private readonly scaling: KedaTriggersScalingOptions, { name, namespace }: ScaledDeployment,
  ) {
    super(scope, id, { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name, namespace });
    judgeBy(this, () => SCALED_OBJECT_RULES);
  }

  _fields(): Fields {
    return { spec: allUnder(this.prop, renderScaledObject(this.scaling, this.name)) };
  }
}

function renderScaledObject(props: KedaTriggersScalingOptions, deployment: string): object {
  const { behavior, fallback } = props;
  return defined({
    scaleTargetRef: defined({
      name: deployment,
      envSourceContainerName: caused('envSourceContainerName', props.envSourceContainerName),
    }),
    pollingInterval: caused('pollingInterval', seconds(props.pollingInterval)),
    cooldownPeriod: caused('cooldownPeriod', seconds(props.cooldownPeriod)),
    initialCooldownPeriod: caused('initialCooldownPeriod', seconds(props.initialCooldownPeriod)),
    idleReplicaCount: caused('idleReplicas', props.idleReplicas),
    // KEDA's own default is 0
    minReplicaCount: caused('minReplicas', props.minReplicas) ?? 1,
    maxReplicaCount: caused('maxReplicas', props.maxReplicas),
    fallback: fallback && caused('fallback', renderFallback(fallback)),
    advanced: behavior && { horizontalPodAutoscalerConfig: { behavior: caused('behavior', renderBehavior(behavior)) } },
    triggers: caused('triggers', props.triggers.map((trigger, i) => caused(`[${i}]`, trigger._render()))),
  });
}

function renderFallback({ failureThreshold, replicas, behavior }: KedaFallback): object {
  return defined({
    failureThreshold: caused('failureThreshold', failureThreshold),
    replicas: caused('replicas', replicas),
    behavior: caused('behavior', behavior),
  });
}
