import { KEYS } from '../release/keys';
import { Deferred } from './deferred';
import { DerivedName } from './derived-name';
import { DerivedNamesProps } from './derived-names-props';

/** Kubernetes' limit for labels, Services and everything else that becomes a DNS label. */
const LABEL = 63;
/** Kubernetes' limit for other names. */
const NAME = 253;

const REVISION = '00001';
const GENERATION = '1';

/** A component of a service: one Deployment or Knative Service. */
export interface DerivedComponent {
  readonly component: 'predictor' | 'transformer' | 'explainer';
  /** Name of its Service, after which all its objects are called. */
  readonly name: string;
  /** What messages call it. */
  readonly title: string;
  /** Canary predictors have no route of their own. */
  readonly canary?: boolean;
}

/** The components of a service, the predictor first. */
export function componentsOf(props: DerivedNamesProps): DerivedComponent[] {
  const { name, variant } = props;
  const predictor = (variantName: string) => `${name}-${variantName}-predictor`;
  return [
    { component: 'predictor', name: variant ? predictor(variant) : `${name}-predictor`, title: 'the predictor' },
    ...props.transformer ? [{ component: 'transformer', name: `${name}-transformer`, title: 'the transformer' } as const] : [],
    ...props.explainer ? [{ component: 'explainer', name: `${name}-explainer`, title: 'the explainer' } as const] : [],
    ...(props.canaryVariants ?? []).map((canary) => ({
      component: 'predictor', name: predictor(canary), title: `canary predictor '${canary}'`, canary: true,
    } as const)),
  ];
}

/** The objects and labels of a service in Standard mode. */
export function* standardNames(props: DerivedNamesProps, routes: 'HTTPRoute' | 'Ingress' | undefined): Iterable<DerivedName> {
  const { name, workers } = props;
  yield label(KEYS.inferenceService, name, 'all pods');
  for (const { component, name: own, title, canary } of componentsOf(props)) {
    yield { kind: 'Deployment', apiVersion: 'apps/v1', name: own, object: title, limit: NAME };
    yield { kind: 'Service', apiVersion: 'v1', name: own, object: title, limit: LABEL };
    yield label('app', `isvc.${own}`, `the pods of ${title}`);
    const scaler = SCALERS[workers ? 'none' : props.autoscalerClasses?.[component] ?? 'hpa'];
    if (scaler !== undefined) {
      yield { ...scaler, name: own, object: title, limit: NAME };
    }
    if (routes === 'HTTPRoute' && !canary) {
      yield { kind: routes, apiVersion: GATEWAY_API, name: own, object: title, limit: NAME };
    }
  }
  if (workers) {
    const own = `${name}-predictor-worker`;
    yield { kind: 'Deployment', apiVersion: 'apps/v1', name: own, object: 'the workers', limit: NAME };
    yield label('app', `isvc.${own}`, 'the pods of the workers');
    yield { kind: 'Service', apiVersion: 'v1', name: `${name}-head-${GENERATION}`, object: 'the head of the predictor', limit: LABEL };
    if (props.workersService ?? true) {
      yield { kind: 'Service', apiVersion: 'v1', name: `${name}-workers-${GENERATION}`, object: 'the workers', limit: LABEL };
    }
  }
  if (routes !== undefined) {
    yield { kind: routes, apiVersion: routes === 'HTTPRoute' ? GATEWAY_API : 'networking.k8s.io/v1', name, object: 'the service', limit: NAME };
  }
  yield* modelConfig(props);
}

/** The objects and labels of a service in Knative mode, with those that Knative makes from KServe's. */
export function* knativeNames(props: DerivedNamesProps): Iterable<DerivedName> {
  const { name } = props;
  yield label(KEYS.inferenceService, name, 'all pods');
  for (const { name: own, title } of componentsOf(props)) {
    yield { kind: 'Service', apiVersion: 'serving.knative.dev/v1', name: own, object: title, limit: LABEL };
    const revision = `${own}-${REVISION}`;
    if (Deferred.is(own) || revision.length <= LABEL) { // Knative shortens longer ones by a hash
      yield label('serving.knative.dev/revision', revision, `the pods of ${title}`);
    }
    for (const tag of tagsOf(props)) {
      yield { kind: 'Service', apiVersion: 'v1', name: `${tag}-${own}`, object: `revision '${tag}' of ${title}`, limit: LABEL };
    }
  }
  if (props.virtualHost ?? true) {
    yield { kind: 'VirtualService', apiVersion: 'networking.istio.io/v1beta1', name, object: 'the service', limit: NAME };
    yield { kind: 'Service', apiVersion: 'v1', name, object: 'the service', limit: LABEL };
  }
  yield* modelConfig(props);
}

/** Tags of revisions, each of which becomes the beginning of a host. */
export function tagsOf({ splitTraffic, tagRouting }: DerivedNamesProps): string[] {
  return [...splitTraffic ? ['prev'] : [], ...tagRouting ? ['latest'] : []];
}

/** A host, and the longest part of it between dots, which DNS limits. */
export function* hostNames(host: string | undefined, object: string): Iterable<DerivedName> {
  if (host === undefined || Deferred.is(host)) {
    return;
  }
  yield { kind: 'Host', name: host, object, limit: NAME };
  const longest = host.split('.').reduce((a, b) => b.length > a.length ? b : a);
  yield { kind: 'DNS label', name: longest, object: `the host of ${object}`, limit: LABEL };
}

const GATEWAY_API = 'gateway.networking.k8s.io/v1';

const SCALERS: { [autoscalerClass: string]: { kind: string; apiVersion: string } | undefined } = {
  hpa: { kind: 'HorizontalPodAutoscaler', apiVersion: 'autoscaling/v2' },
  keda: { kind: 'ScaledObject', apiVersion: 'keda.sh/v1alpha1' },
};

function label(key: string, value: string, object: string): DerivedName {
  return { kind: 'Label', name: value, object: `label '${key}' of ${object}`, limit: LABEL };
}

function* modelConfig({ name, multiModel }: DerivedNamesProps): Iterable<DerivedName> {
  if (multiModel) {
    yield { kind: 'ConfigMap', apiVersion: 'v1', name: `modelconfig-${name}-0`, object: 'the list of models', limit: NAME };
  }
}
