import { Manifest } from '../../core/manifest';
import { Violation } from '../../diagnostics/rule';
import { DeploymentMode } from '../../target';
import { ClusterRule } from '../../target/rule-context';
import { ComponentView, componentsOf } from '../../target/service-view';
import { known, metricsOf, missing, ScaledComponent, scaledComponents } from './facts';

const NEGATIVE = { message: 'is negative', allowed: '0 or more', fix: 'leave it out, or give 1 or more.' };

const REPLICAS: ClusterRule = {
  code: 'KSV1501',
  about: ['minReplicas', 'maxReplicas'],
  title: 'The limits of the number of pods contradict each other',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'component.go validateReplicas',
  explanation: 'The webhook refuses negative numbers and a minimum above the maximum. A minimum that is not set counts as 1, a maximum of 0 as none.',
  * check(manifest) {
    for (const { spec, at } of withCanaries(manifest)) {
      const minReplicas = known(spec.minReplicas) ?? 1;
      const maxReplicas = known(spec.maxReplicas) ?? 0;
      if (minReplicas < 0) {
        yield { at: `${at}/minReplicas`, value: minReplicas, ...NEGATIVE };
      }
      if (maxReplicas < 0) {
        yield { at: `${at}/maxReplicas`, value: maxReplicas, ...NEGATIVE };
      }
      if (maxReplicas > 0 && minReplicas > maxReplicas && spec.minReplicas !== undefined) {
        yield { at: `${at}/minReplicas`, value: minReplicas, message: `is more than maxReplicas, ${maxReplicas}`, fix: 'raise maxReplicas or lower minReplicas.' };
      }
    }
  },
};

/** Integers of the component's schema. */
const INTEGERS = ['minReplicas', 'maxReplicas', 'scaleTarget', 'containerConcurrency'];

const WHOLE_NUMBERS: ClusterRule = {
  code: 'KSV1502',
  title: 'A number is not whole',
  severity: 'error',
  origin: 'schema',
  bites: 'create',
  mirrors: 'CRD: minReplicas, maxReplicas, scaleTarget, averageUtilization: int32; containerConcurrency: int64',
  explanation: 'The API server refuses fractions where the schema has an integer.',
  * check(manifest) {
    for (const component of withCanaries(manifest)) {
      const { spec, at } = component;
      for (const field of INTEGERS) {
        if (isFraction(spec[field])) {
          yield { at: `${at}/${field}`, ...notWhole(spec[field]) };
        }
      }
      for (const { metric, at: metricAt } of metricsOf(component)) {
        const share = metric.resource?.target?.averageUtilization;
        if (isFraction(share)) {
          yield { at: `${metricAt}/resource/target/averageUtilization`, ...notWhole(share) };
        }
      }
    }
  },
};

function isFraction(value: unknown): value is number {
  return typeof value === 'number' && !Number.isInteger(value);
}

function notWhole(value: number): Violation {
  return { value, message: 'is not a whole number', fix: `round it, to ${Math.ceil(value)} for one.` };
}

const NEGATIVE_CONCURRENCY: ClusterRule = {
  code: 'KSV1503',
  about: ['containerConcurrency'],
  title: 'The concurrency limit is negative',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'component.go validateContainerConcurrency',
  explanation: 'The webhook refuses it. 0 means no limit.',
  * check(manifest) {
    for (const { spec, at } of withCanaries(manifest)) {
      const value = known(spec.containerConcurrency);
      if (value !== undefined && value < 0) {
        yield { at: `${at}/containerConcurrency`, value, message: 'is negative', allowed: '0 or more', fix: 'leave it out for no limit.' };
      }
    }
  },
};

const CONCURRENCY_IGNORED: ClusterRule = {
  code: 'KSV1504',
  about: ['containerConcurrency'],
  title: 'The concurrency limit has no effect',
  severity: 'warning',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'createRawDefaultDeployment: containerConcurrency is not read; ksvc_reconciler.go createKnativeService: it is',
  explanation: 'Knative\'s proxy holds back requests beyond the limit. Standard mode has no such proxy, so all requests reach the server at once.',
  * check(manifest, context) {
    for (const { name, mode, spec, at } of scaledComponents(manifest, context)) {
      // a transformer or explainer gets it as its number of workers
      if (mode === DeploymentMode.STANDARD && name === 'predictor' && known(spec.containerConcurrency)) {
        yield {
          at: `${at}/containerConcurrency`,
          value: spec.containerConcurrency,
          message: 'limits nothing in Standard mode: the server gets all requests at once',
          fix: 'limit it in the model server itself, or set deploymentMode: DeploymentMode.KNATIVE.',
        };
      }
    }
  },
};

const NEVER_ZERO: ClusterRule = {
  code: 'KSV1505',
  title: 'The component never scales to zero',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'hpa_reconciler.go createHPA: at least DefaultMinReplicas, 1; Knative serving hpa.go: no minimum, hence 1; KEDA scaledobject_webhook.go verifyCPUMemoryScalers',
  explanation: 'A HorizontalPodAutoscaler keeps one pod, whoever makes it, so a GPU that was to be free at night stays taken.',
  * check(manifest, context) {
    for (const component of scaledComponents(manifest, context)) {
      const reason = component.spec.minReplicas === 0 ? keptAlive(component) : undefined;
      if (reason !== undefined) {
        yield { at: `${component.at}/minReplicas`, value: 0, ...reason };
      }
    }
  },
};

function keptAlive(component: ScaledComponent): Violation | undefined {
  if (component.mode === DeploymentMode.KNATIVE) {
    return component.knativeHpa ? {
      message: 'does not let the component go to zero: CPU and memory use keep one pod in Knative mode too',
      fix: 'Scaling.concurrency({ minReplicas: 0 }) or Scaling.rps({ minReplicas: 0 }); or minReplicas: 1.',
    } : undefined;
  }
  if (component.autoscaler === 'hpa') {
    return {
      message: 'does not let the component go to zero: in Standard mode a HorizontalPodAutoscaler keeps one pod',
      fix: 'deploymentMode: DeploymentMode.KNATIVE with Scaling.concurrency({ minReplicas: 0 }); or Scaling.keda or Scaling.kedaTriggers with minReplicas: 0 and a metric that exists without pods.',
    };
  }
  const types = metricsOf(component).map(({ metric }) => metric.type);
  return component.autoscaler === 'keda' && types.length > 0 && types.every((type) => type === 'Resource') ? {
    message: 'does not let the component go to zero: KEDA refuses it where CPU and memory are all it looks at',
    fix: 'add a metric that exists without pods, such as KedaMetric.prometheus with a query to the gateway; or minReplicas: 1.',
  } : undefined;
}

const NEVER_WAKES: ClusterRule = {
  code: 'KSV1506',
  title: 'Nothing wakes the component from zero',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'keda_reconciler.go getKedaMetrics: the query of a pod metric selects the component\'s own pods',
  explanation: 'Metrics that the pods give out end with the last pod. KEDA then sees nothing, whatever requests come, and the service stays down.',
  * check(manifest, context) {
    for (const component of scaledComponents(manifest, context)) {
      const kedaFromZero = component.mode === DeploymentMode.STANDARD && component.autoscaler === 'keda' && component.spec.minReplicas === 0;
      const types = kedaFromZero ? metricsOf(component).map(({ metric }) => metric.type) : [];
      if (types.includes('PodMetric') && !types.includes('External')) {
        yield {
          at: `${component.at}/minReplicas`,
          value: 0,
          message: 'lets the component go to zero, from where nothing brings it back: all its metrics come from its pods',
          fix: 'add a metric that exists without pods, such as KedaMetric.prometheus with a query to the gateway; or minReplicas: 1.',
        };
      }
    }
  },
};

const NEVER_GROWS: ClusterRule = {
  code: 'KSV1507',
  title: 'The autoscaler can never add a pod',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'hpa_reconciler.go createHPA and keda_reconciler.go createKedaScaledObject: maxReplicas below minReplicas is raised to it',
  explanation: 'Without a maximum KServe takes the minimum for it in Standard mode, so the number of pods never changes. In Knative mode it means no limit.',
  * check(manifest, context) {
    for (const { mode, autoscaler, spec, at } of scaledComponents(manifest, context)) {
      if (mode !== DeploymentMode.STANDARD || !(missing(spec.maxReplicas) || spec.maxReplicas === 0)) {
        continue;
      }
      const asked = ['autoScaling', 'scaleMetric', 'scaleTarget'].find((field) => spec[field] !== undefined);
      const byResources = [undefined, 'cpu', 'memory'].includes(spec.scaleMetric); // others are another finding
      if (autoscaler === 'keda' || (autoscaler === 'hpa' && asked !== undefined && byResources)) {
        const stays = `the number of pods stays at ${spec.minReplicas === undefined ? 1 : known(spec.minReplicas) ?? 'minReplicas'}`;
        yield {
          ...missing(spec.maxReplicas)
            ? { at: `${at}/${asked ?? 'autoScaling'}`, message: `comes without maxReplicas, so in Standard mode ${stays}` }
            : { at: `${at}/maxReplicas`, value: 0, message: `counts as minReplicas in Standard mode, so ${stays}`, allowed: 'more than minReplicas' },
          fix: 'give the scaling a maxReplicas, or use Scaling.fixed.',
        };
      }
    }
  },
};

/** Canaries too: the webhook judges their numbers like those of other predictors. */
function withCanaries(manifest: Manifest): ComponentView[] {
  const canaries: unknown = manifest.spec?.canary;
  return !Array.isArray(canaries) ? componentsOf(manifest) : [
    ...componentsOf(manifest),
    ...canaries.flatMap((canary, i) => canary?.predictor === undefined ? []
      : [{ name: 'predictor' as const, spec: canary.predictor, at: `/spec/canary/${i}/predictor` }]),
  ];
}

export const REPLICA_RULES: ClusterRule[] = [
  REPLICAS, WHOLE_NUMBERS, NEGATIVE_CONCURRENCY, CONCURRENCY_IGNORED, NEVER_ZERO, NEVER_WAKES, NEVER_GROWS,
];
