import { ManifestViolation } from '../../diagnostics/rule';
import { KEY_VALUES, KEYS } from '../../release/keys';
import { DeploymentMode } from '../../target';
import { ClusterRule } from '../../target/rule-context';
import { componentsOf, strandsWorkers } from '../../target/service-view';
import { annotationsNamed, annotationsOf, AnnotationView, knativeComponents, known, scaledComponents } from './facts';

const REQUEST_TARGET: ClusterRule = {
  code: 'KSV1521',
  about: ['scaleTarget'],
  title: 'The target of Knative\'s autoscaler is too small',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'inference_service_validation.go validateScalingKPACompExtension: rps at least 1; Knative: annotation target at least 0.01',
  explanation: 'KServe\'s webhook refuses less than one request a second; Knative refuses a concurrency of 0 in the Knative Service that KServe makes.',
  * check(manifest, context) {
    for (const { webhook, knativeHpa, spec, at } of knativeComponents(manifest, context)) {
      const value = known(spec.scaleTarget);
      if (webhook === 'kpa' && !knativeHpa && value !== undefined && value < 1 && Number.isInteger(value)) {
        yield { at: `${at}/scaleTarget`, value, message: 'is less than one request for each pod', allowed: '1 or more', fix: 'give target as 1 or more; leave it out for Knative\'s default.' };
      }
    }
  },
};

const AUTOSCALER_IGNORED: ClusterRule = {
  code: 'KSV1522',
  title: 'Knative mode does not have this autoscaler',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'ksvc_reconciler.go createKnativeService: autoscalerClass and autoScaling are not read',
  explanation: 'In Knative mode KServe hands minReplicas, maxReplicas, scaleMetric and scaleTarget to Knative\'s autoscaler and reads nothing else, so KEDA or an autoscaler of your own would be asked for in vain.',
  * check(manifest, context) {
    const components = knativeComponents(manifest, context);
    if (components.length === 0 || strandsWorkers(manifest, context.target)) {
      return;
    }
    const annotated = annotationsNamed(manifest, KEYS.autoscalerClass)
      .filter(({ value }) => value !== 'hpa' || !components.every(({ knativeHpa }) => knativeHpa));
    for (const { value, at } of annotated) {
      yield { at, value, ...STANDARD_ONLY };
    }
    for (const { spec, at, name } of components) {
      const told = annotated.some(({ component }) => component === undefined || component.name === name);
      if (spec.autoScaling !== undefined && !told) {
        yield { at: `${at}/autoScaling`, ...STANDARD_ONLY };
      }
    }
  },
};

const STANDARD_ONLY = {
  message: 'has no effect in Knative mode, which scales by Knative\'s own autoscaler',
  fix: 'set deploymentMode: DeploymentMode.STANDARD; or use Scaling.concurrency, Scaling.rps, Scaling.cpu or Scaling.fixed.',
};

const INITIAL_SCALE: ClusterRule = {
  code: 'KSV1523',
  about: [KEYS.knativeInitialScale],
  title: 'Knative does not allow an initial scale of zero',
  severity: 'error',
  origin: 'webhook',
  bites: 'runtime',
  mirrors: 'Knative Serving webhook: initial-scale=0 not allowed by cluster; utils.go ValidateInitialScaleAnnotation removes it from the service\'s own annotations',
  explanation: 'Unless config-autoscaler has allow-zero-initial-scale, Knative refuses the Knative Service of a component with the annotation. From the service\'s own annotations KServe removes it, and every new revision starts one pod before its first request.',
  * check(manifest, context) {
    if (knativeComponents(manifest, context).length > 0 && !context.target.allowZeroInitialScale) {
      for (const { value, at } of annotationsNamed(manifest, KEYS.knativeInitialScale).filter((one) => /^0+$/.test(one.value))) {
        yield {
          at,
          value,
          message: `is not allowed by Knative in cluster '${context.target.cluster}'`,
          fix: 'give initialScale as 1 or more; or set allow-zero-initial-scale in ConfigMap config-autoscaler and say so: ServingTarget.attach(…, { allowZeroInitialScale: true }).',
        };
      }
    }
  },
};

/** What Knative accepts as the value of an autoscaling annotation. */
interface Range {
  readonly allowed: string;
  accepts(value: string): boolean;
}

const HOUR = 3600;
const between = (min: number, max: number, whole = false) => (value: string) =>
  value.trim() !== '' && Number(value) >= min && Number(value) <= max && (!whole || Number.isInteger(Number(value)));
const duration = (min: number, whole = true) => (value: string) => {
  const length = secondsOf(value);
  return length !== undefined && length >= min && length <= HOUR && (!whole || Number.isInteger(length));
};
/** One of Knative's own, or one of somebody else's domain, which it leaves alone. */
const isClass = (value: string) =>
  value === KEY_VALUES.knativePodAutoscaler || value === KEY_VALUES.knativeHpa || (value.includes('.') && !value.endsWith('autoscaling.knative.dev'));

const RANGES = new Map<string, Range>([
  [KEYS.knativeClass, { allowed: 'kpa.autoscaling.knative.dev, hpa.autoscaling.knative.dev', accepts: isClass }],
  [KEYS.knativeTarget, { allowed: '0.01 or more', accepts: between(0.01, Infinity) }],
  [KEYS.knativeTargetUtilization, { allowed: '1 to 100', accepts: between(1, 100) }],
  [KEYS.knativeTargetBurstCapacity, { allowed: '-1, or 0 and more', accepts: (value) => value === '-1' || between(0, Infinity)(value) }],
  [KEYS.knativeInitialScale, { allowed: 'whole numbers from 0', accepts: between(0, Infinity, true) }],
  [KEYS.knativeActivationScale, { allowed: 'whole numbers from 2', accepts: between(2, Infinity, true) }],
  [KEYS.knativeScaleDownDelay, { allowed: 'whole seconds up to 1 hour', accepts: duration(0) }],
  [KEYS.knativePodRetention, { allowed: 'up to 1 hour', accepts: duration(0, false) }],
  [KEYS.knativeWindow, { allowed: 'whole seconds from 6 seconds to 1 hour', accepts: duration(6) }],
  [KEYS.knativePanicWindow, { allowed: '1 to 100', accepts: between(1, 100) }],
  [KEYS.knativePanicThreshold, { allowed: '110 to 1000', accepts: between(110, 1000) }],
  ['autoscaling.knative.dev/metric-aggregation-algorithm', { allowed: 'linear, weighted-exponential', accepts: (value) => ['linear', 'weighted-exponential', 'weightedExponential'].includes(value) }],
]);

const RANGE: ClusterRule = {
  code: 'KSV1524',
  about: [...RANGES.keys()],
  title: 'A setting of Knative\'s autoscaler is out of range',
  severity: 'error',
  origin: 'webhook',
  bites: 'runtime',
  mirrors: 'knative.dev/serving pkg/apis/autoscaling/annotation_validation.go ValidateAnnotations',
  explanation: 'KServe accepts the service, but Knative refuses the Knative Service that KServe makes of it, so the service never becomes ready.',
  * check(manifest, context) {
    if (knativeComponents(manifest, context).length === 0) {
      return;
    }
    for (const { key, value, at } of annotationsOf(manifest)) {
      const range = RANGES.get(key);
      if (range !== undefined && !range.accepts(value)) {
        yield { at, value, message: 'is not accepted by Knative', allowed: range.allowed, fix: 'keep within what is allowed, or leave it out for Knative\'s default.' };
      }
    }
    for (const annotation of annotationsNamed(manifest, KEYS.knativeActivationScale)) {
      yield* activationProblems(annotation, componentsOf(manifest));
    }
    for (const { value, at, component } of annotationsNamed(manifest, KEYS.knativeMetric).filter((one) => !['concurrency', 'rps'].includes(one.value))) {
      // a scaleMetric takes the annotation's place
      if (knativeComponents(manifest, context).some(({ name, knativeHpa, spec }) =>
        (component === undefined || component.name === name) && !knativeHpa && spec.scaleMetric === undefined)) {
        yield { at, value, message: 'is not counted by Knative\'s own autoscaler', allowed: 'concurrency, rps', fix: 'use Scaling.cpu or Scaling.memory, which ask for Knative\'s class hpa.' };
      }
    }
  },
};

function* activationProblems({ value, at, component }: AnnotationView, all: ReturnType<typeof componentsOf>): Iterable<ManifestViolation> {
  for (const { spec } of component === undefined ? all : [component]) {
    const maxReplicas = known(spec.maxReplicas) ?? 0;
    const minReplicas = known(spec.minReplicas) ?? 0;
    if (maxReplicas > 0 && Number(value) > maxReplicas) {
      yield { at, value, message: `is more than maxReplicas, ${maxReplicas}`, fix: 'raise maxReplicas or lower activationScale.' };
    } else if (Number(value) < minReplicas) {
      yield { at, value, message: `is less than minReplicas, ${minReplicas}`, fix: 'raise activationScale or leave it out.' };
    }
  }
}

const NOT_KNATIVE: ClusterRule = {
  code: 'KSV1525',
  about: [...RANGES.keys()],
  title: 'A setting of Knative\'s autoscaler has no effect',
  severity: 'warning',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'raw_kube_reconciler.go: annotations autoscaling.knative.dev/* are copied and read by nobody',
  explanation: 'In Standard mode no Knative reads the annotation.',
  * check(manifest, context) {
    // where the metric itself is Knative's, that is the finding
    const refused = scaledComponents(manifest, context).some(({ mode, spec }) =>
      mode !== DeploymentMode.STANDARD || spec.scaleMetric === 'concurrency' || spec.scaleMetric === 'rps');
    if (refused) {
      return;
    }
    for (const { value, at } of annotationsOf(manifest).filter(({ key }) => RANGES.has(key))) {
      yield { at, value, message: 'is read by nobody in Standard mode', fix: 'leave it out, or set deploymentMode: DeploymentMode.KNATIVE.' };
    }
  },
};

const UNITS: { [unit: string]: number } = { h: HOUR, m: 60, s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 };

/** The length of a Go duration, such as `1m30s`. */
function secondsOf(text: string): number | undefined {
  if (text === '0') {
    return 0;
  }
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(h|ms|m|s|us|ns)/g)];
  return text !== '' && parts.map(([part]) => part).join('') === text
    ? parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit], 0)
    : undefined;
}

export const KNATIVE_RULES: ClusterRule[] = [REQUEST_TARGET, AUTOSCALER_IGNORED, INITIAL_SCALE, RANGE, NOT_KNATIVE];
