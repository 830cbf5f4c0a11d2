import { ManifestViolation } from '../../diagnostics/rule';
import { DeploymentMode } from '../../target';
import { ClusterRule } from '../../target/rule-context';
import { known, metricsOf, missing, ScaledComponent, scaledBy, scaledComponents } from './facts';

const METRIC_OF_OTHER_MODE: ClusterRule = {
  code: 'KSV1511',
  about: ['scaleMetric'],
  title: 'The mode cannot scale on this metric',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'inference_service_validation.go validateHPAMetrics, validateKPAMetrics',
  explanation: 'Concurrency and requests a second are counted by Knative\'s proxy, which Standard mode does not have. CPU and memory are watched by a HorizontalPodAutoscaler, which Knative uses for its class hpa only.',
  * check(manifest, context) {
    for (const component of scaledComponents(manifest, context)) {
      const { mode, autoscaler, webhook, knativeHpa, spec, at } = component;
      const metric: unknown = spec.scaleMetric;
      const onRequests = metric === 'concurrency' || metric === 'rps';
      const onResources = metric === 'cpu' || metric === 'memory';
      const found = { at: `${at}/scaleMetric`, value: metric };
      if (mode === DeploymentMode.STANDARD && autoscaler === 'hpa' && onRequests) {
        yield {
          ...found,
          message: 'is not counted in Standard mode',
          allowed: 'cpu, memory',
          fix: 'set deploymentMode: DeploymentMode.KNATIVE; or use Scaling.cpu, or Scaling.keda with KedaMetric.prometheus and a query to the gateway.',
        };
      } else if (mode === DeploymentMode.KNATIVE && onRequests && (webhook === 'hpa' || knativeHpa)) {
        yield {
          ...found,
          message: 'is not known to Knative\'s autoscaler class hpa, which the annotation asks for',
          allowed: 'cpu, memory',
          fix: 'remove the annotation autoscaling.knative.dev/class.',
        };
      } else if (mode === DeploymentMode.KNATIVE && onResources && !(webhook === 'hpa' && knativeHpa)) {
        yield {
          ...found,
          message: 'is not counted by Knative\'s own autoscaler',
          allowed: 'concurrency, rps',
          fix: metric === 'memory'
            ? 'use Scaling.memory({ targetAverage: … }): Knative\'s HPA knows no share of memory; or DeploymentMode.STANDARD, which does.'
            : 'use Scaling.cpu, which asks for Knative\'s class hpa; or DeploymentMode.STANDARD.',
        };
      }
    }
  },
};

const HPA_TARGET: ClusterRule = {
  code: 'KSV1512',
  about: ['scaleTarget'],
  title: 'The target of a HorizontalPodAutoscaler is out of range',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'inference_service_validation.go validateScalingHPACompExtension',
  explanation: 'The target is a percentage. The webhook refuses more than 100 for memory as well, although its message speaks of MiB there; a target above the request needs KEDA.',
  * check(manifest, context) {
    for (const { webhook, mode, autoscaler, spec, at } of scaledComponents(manifest, context)) {
      const isHpa = webhook === 'hpa' || (mode === DeploymentMode.STANDARD && autoscaler === 'hpa');
      const value = isHpa ? known(spec.scaleTarget) : undefined;
      if (value !== undefined && (value < 1 || value > 100)) {
        const beyond = value > 100 && (spec.scaleMetric === 'memory' || mode === DeploymentMode.KNATIVE);
        yield {
          at: `${at}/scaleTarget`,
          value,
          message: 'is not a percentage that the webhook accepts',
          allowed: '1 to 100',
          fix: beyond
            ? 'use Scaling.memory({ targetAverage: … }) for an amount of memory; or Scaling.keda with KedaMetric.memory.'
            : 'give a percentage of what the pods request.',
        };
      }
    }
  },
};

const HPA_METRICS: ClusterRule = {
  code: 'KSV1513',
  about: ['metrics'],
  title: 'A HorizontalPodAutoscaler cannot use this metric',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'inference_service_validation.go validateScalingHPACompExtension; hpa_reconciler.go getHPAMetrics',
  explanation: 'KServe makes HorizontalPodAutoscalers for CPU and memory only. What it does not understand of a CPU target it replaces by 80 %, without a word; a memory target without its value makes an object that the API server refuses.',
  * check(manifest, context) {
    for (const component of scaledBy('hpa', manifest, context)) {
      for (const { metric, at } of metricsOf(component)) {
        yield* hpaMetricProblems(metric, at);
      }
    }
  },
};

/** What is wrong with an entry of `autoScaling.metrics` for a HorizontalPodAutoscaler. */
export function* hpaMetricProblems(metric: { [field: string]: any }, at: string): Iterable<ManifestViolation> {
  if (metric.type !== 'Resource') {
    yield { at: `${at}/type`, value: metric.type, message: 'is not a metric for a HorizontalPodAutoscaler of KServe', allowed: 'Resource', fix: 'use Scaling.keda.' };
    return;
  }
  if (missing(metric.resource)) {
    yield { at, message: 'is of type Resource without `resource`', fix: 'say which resource, cpu or memory, and its target.' };
    return;
  }
  const { name, target } = metric.resource;
  const targetAt = `${at}/resource/target`;
  const utilization = known(target?.averageUtilization);
  if (utilization !== undefined && utilization < 1) {
    yield { at: `${targetAt}/averageUtilization`, value: utilization, message: 'is not a percentage', allowed: '1 or more', fix: 'give a percentage of what the pods request.' };
  } else if (name === 'cpu' && target?.type !== 'Utilization') {
    yield { at: `${targetAt}/type`, value: target?.type, message: 'is replaced by 80 % of the request', allowed: 'Utilization', fix: 'use Scaling.cpu with targetUtilization, or Scaling.keda.' };
  } else if (name === 'memory' && (target?.type === 'Utilization' ? missing(target.averageUtilization) : target?.type !== 'AverageValue' || missing(target.averageValue))) {
    yield {
      at: targetAt,
      message: 'gives no amount of memory',
      allowed: 'type AverageValue with averageValue, or type Utilization with averageUtilization',
      fix: 'use Scaling.memory with targetAverage or targetUtilization.',
    };
  }
}

const FALLS_BACK_TO_CPU: ClusterRule = {
  code: 'KSV1514',
  about: ['scaleMetric', 'autoScaling'],
  title: 'The component scales on CPU instead',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'hpa_reconciler.go getHPAMetrics: no metric without a target; Kubernetes then takes CPU at 80 %',
  explanation: 'KServe gives memory no default target: the HorizontalPodAutoscaler comes out without a metric, and Kubernetes fills in 80 % of the CPU.',
  * check(manifest, context) {
    for (const component of scaledBy('hpa', manifest, context)) {
      const { spec, at } = component;
      if (spec.scaleMetric === 'memory' && spec.scaleTarget === undefined && spec.autoScaling === undefined) {
        yield { at: `${at}/scaleMetric`, value: 'memory', message: 'has no target, so that the component scales on CPU at 80 %', fix: 'Scaling.memory({ targetUtilization: … }) or Scaling.memory({ targetAverage: … }).' };
      } else if (spec.autoScaling !== undefined && metricsOf(component).length === 0) {
        yield { at: `${at}/autoScaling`, message: 'has no metrics, so that the component scales on CPU at 80 %', fix: 'use Scaling.cpu or Scaling.memory, or Scaling.keda with metrics.' };
      }
    }
  },
};

const BEHAVIOR_IGNORED: ClusterRule = {
  code: 'KSV1515',
  about: ['behavior'],
  title: 'A part of the scaling behavior has no effect',
  severity: 'warning',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'hpa_reconciler.go createHPA: an empty behavior; keda_reconciler.go createKedaScaledObject: stabilizationWindowSeconds only',
  explanation: 'KServe gives a HorizontalPodAutoscaler an empty behavior and hands KEDA the stabilization windows alone; policies, selectPolicy and tolerance are lost.',
  * check(manifest, context) {
    for (const component of scaledComponents(manifest, context)) {
      const behavior = component.mode === DeploymentMode.STANDARD ? component.spec.autoScaling?.behavior : undefined;
      if (behavior !== undefined) {
        yield* lostBehavior(component, behavior);
      }
    }
  },
};

function* lostBehavior({ autoscaler, at }: ScaledComponent, behavior: { [direction: string]: any }): Iterable<ManifestViolation> {
  const behaviorAt = `${at}/autoScaling/behavior`;
  if (autoscaler === 'hpa') {
    yield { at: behaviorAt, message: 'is not handed on to a HorizontalPodAutoscaler', fix: 'use Scaling.kedaTriggers, whose behavior is; or leave it out.' };
  } else if (autoscaler === 'keda') {
    for (const direction of ['scaleUp', 'scaleDown']) {
      for (const field of Object.keys(behavior[direction] ?? {}).filter((key) => key !== 'stabilizationWindowSeconds')) {
        yield {
          at: `${behaviorAt}/${direction}/${field}`,
          message: 'is not handed on to KEDA: KServe takes the stabilization window alone',
          fix: 'use Scaling.kedaTriggers, whose behavior is handed on whole; or leave it out.',
        };
      }
    }
  }
}

export const HPA_RULES: ClusterRule[] = [METRIC_OF_OTHER_MODE, HPA_TARGET, HPA_METRICS, FALLS_BACK_TO_CPU, BEHAVIOR_IGNORED];
