import { caused } from '../../core/cause';
import { defined } from '../../core/fields';
import { Deferred } from '../../core/deferred';
import type { ValueProblem } from '../../model/problem';
import { DeploymentMode } from '../../target';
import type { KedaScalingOptions, KedaTriggersScalingOptions } from './keda-options';
import { kedaScaling, kedaTriggersScaling } from './keda';
import { AutoscalerClass, inKnativeMode, inStandardMode, ScalingFields, ScalingPlan } from './plan';
import { CpuScalingOptions, ExternalScalingOptions, MemoryScalingOptions, RequestScalingOptions } from './options';
import { requestScaling } from './requests';
import { cpuScaling, memoryScaling } from './resources';
import { FIXED_REPLICAS } from './value-rules';

/**
 * How many pods a component runs, and what makes them more or fewer.
 *
 * Knative mode scales on requests, Standard mode on CPU and memory or by KEDA;
 * what a mode cannot do is an error that names the mode that can.
 *
 * @see https://kserve.github.io/website/docs/model-serving/predictive-inference/autoscaling/kpa-autoscaler
 */
export class Scaling {
  /** By the requests that each pod works on at a time. Knative mode; it can scale to zero. */
  static concurrency(options: RequestScalingOptions = {}): Scaling {
    return new Scaling(requestScaling('concurrency', { ...options }));
  }

  /** By the requests that each pod gets in a second. Knative mode; it can scale to zero. */
  static rps(options: RequestScalingOptions = {}): Scaling {
    return new Scaling(requestScaling('rps', { ...options }));
  }

  /**
   * By CPU use, with a HorizontalPodAutoscaler: it never goes to zero.
   * In Knative mode this needs Knative's HPA extension.
   */
  static cpu(options: CpuScalingOptions = {}): Scaling {
    return new Scaling(cpuScaling({ ...options }));
  }

  /**
   * By memory use, with a HorizontalPodAutoscaler: it never goes to zero.
   * In Knative mode this needs Knative's HPA extension and `targetAverage`.
   */
  static memory(options: MemoryScalingOptions): Scaling {
    return new Scaling(memoryScaling({ ...options }));
  }

  /** By metrics that KServe hands to KEDA. Standard mode; it can scale to zero. */
  static keda(options: KedaScalingOptions): Scaling {
    return new Scaling(kedaScaling({ ...options }));
  }

  /**
   * By any trigger of KEDA: makes a ScaledObject beside the service, which KServe
   * is told to leave alone. Standard mode; it can scale to zero.
   */
  static kedaTriggers(options: KedaTriggersScalingOptions): Scaling {
    return new Scaling(kedaTriggersScaling({ ...options }));
  }

  /**
   * Always the same number of pods.
   *
   * @param replicas at least 1
   */
  static fixed(replicas: number): Scaling {
    return new Scaling({
      autoscalerClass: inStandardMode('none'),
      fields: (mode) => ({
        minReplicas: caused('replicas', replicas),
        ...mode === DeploymentMode.KNATIVE && { maxReplicas: caused('replicas', replicas) },
      }),
      problems: Deferred.is(replicas) || replicas >= 1 ? [] : [{
        rule: FIXED_REPLICAS,
        argument: 'replicas',
        violation: {
          value: replicas,
          message: 'leaves nothing to answer requests',
          allowed: '1 or more',
          fix: 'for a service that goes to zero use Scaling.concurrency or Scaling.keda with minReplicas: 0; to switch one off set `stopped: true`.',
        },
      }],
    });
  }

  /** By an autoscaler of your own on the component's Deployment, which KServe leaves alone. Standard mode. */
  static external(options: ExternalScalingOptions = {}): Scaling {
    const { minReplicas } = options;
    return new Scaling({
      autoscalerClass: inStandardMode('external'),
      annotations: inKnativeMode('external'),
      fields: () => defined({ minReplicas: caused('minReplicas', minReplicas) }),
    });
  }

  private constructor(private readonly plan: ScalingPlan) {}

  /**
   * Value of the autoscalerClass annotation; undefined where none is written.
   * @internal
   */
  _autoscalerClass(mode: DeploymentMode): AutoscalerClass | undefined {
    return this.plan.autoscalerClass(mode);
  }

  /**
   * The component's fields.
   * @internal
   */
  _fields(mode: DeploymentMode): ScalingFields {
    return this.plan.fields(mode);
  }

  /**
   * The component's annotations.
   * @internal
   */
  _annotations(mode: DeploymentMode): { [key: string]: string } {
    return this.plan.annotations?.(mode) ?? {};
  }

  /**
   * What makes a ScaledObject beside the service.
   * @internal
   */
  get _scaledObject(): KedaTriggersScalingOptions | undefined {
    return this.plan.scaledObject;
  }

  /**
   * What is wrong with the value itself.
   * @internal
   */
  _problems(): ValueProblem[] {
    return this.plan.problems ?? [];
  }
}
