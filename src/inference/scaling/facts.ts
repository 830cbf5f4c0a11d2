import { pointerStep } from '../../core/cause';
import { Deferred } from '../../core/deferred';
import { Manifest } from '../../core/manifest';
import { KEY_VALUES, KEYS } from '../../release/keys';
import { DeploymentMode, ServingTarget } from '../../target';
import { RuleContext } from '../../target/rule-context';
import { ComponentView, componentsOf, modeOf } from '../../target/service-view';

/** A component as the rules on scaling see it. */
export interface ScaledComponent extends ComponentView {
  readonly mode: DeploymentMode;
  /** In Standard mode: the autoscaler that its controller makes; undefined if it is known at deployment only. */
  readonly autoscaler?: string;
  /** In Knative mode: whether Knative scales it by a HorizontalPodAutoscaler. */
  readonly knativeHpa: boolean;
  /** The rules that the webhook judges it by: it looks at the service's annotations only. */
  readonly webhook?: 'hpa' | 'keda' | 'kpa';
}

/** Many rules look at the same parts of a manifest, which never changes. */
const components = new WeakMap<Manifest, { target: ServingTarget; found: ScaledComponent[] }>();

/** The predictor, transformer and explainer of a service. Those with workers have no autoscaler. */
export function scaledComponents(manifest: Manifest, { target }: RuleContext): ScaledComponent[] {
  let looked = components.get(manifest);
  if (looked?.target !== target) {
    looked = { target, found: lookForScaled(manifest, target) };
    components.set(manifest, looked);
  }
  return looked.found;
}

function lookForScaled(manifest: Manifest, target: ServingTarget): ScaledComponent[] {
  const mode = modeOf(manifest, target);
  const ofService = manifest.metadata.annotations ?? {};
  const webhook = webhookRules(mode, ofService);
  return componentsOf(manifest).map((component) => {
    const { spec } = component;
    const autoscaler = spec.workerSpec ? 'none' : spec.annotations?.[KEYS.autoscalerClass] ?? ofService[KEYS.autoscalerClass] ?? 'hpa';
    return {
      ...component,
      mode,
      webhook,
      autoscaler: Deferred.is(autoscaler) ? undefined : autoscaler,
      knativeHpa: (spec.annotations?.[KEYS.knativeClass] ?? ofService[KEYS.knativeClass]) === KEY_VALUES.knativeHpa,
    };
  });
}

/** The components that a HorizontalPodAutoscaler or KEDA scales in Standard mode. */
export function scaledBy(autoscaler: 'hpa' | 'keda', manifest: Manifest, context: RuleContext): ScaledComponent[] {
  return scaledComponents(manifest, context).filter((component) =>
    component.mode === DeploymentMode.STANDARD && component.autoscaler === autoscaler);
}

/** The components of a service in Knative mode. */
export function knativeComponents(manifest: Manifest, context: RuleContext): ScaledComponent[] {
  return modeOf(manifest, context.target) === DeploymentMode.KNATIVE ? scaledComponents(manifest, context) : [];
}

/** An annotation on the service or on one of its components. */
export class AnnotationView {
  constructor(
    readonly key: string,
    readonly value: string,
    private readonly place: string,
    /** The component that carries it; undefined on the service, where it counts for all. */
    readonly component?: ComponentView,
  ) {}

  /** JSON pointer to it. */
  get at(): string {
    return this.place + pointerStep(this.key);
  }
}

const annotations = new WeakMap<Manifest, AnnotationView[]>();

/** The annotations of a service and its components, values known at deployment left out. */
export function annotationsOf(manifest: Manifest): AnnotationView[] {
  let found = annotations.get(manifest);
  if (found === undefined) {
    annotations.set(manifest, found = []);
    collect(found, manifest.metadata.annotations, '/metadata/annotations');
    for (const component of componentsOf(manifest)) {
      if (component.spec.annotations !== undefined) {
        collect(found, component.spec.annotations, `${component.at}/annotations`, component);
      }
    }
  }
  return found;
}

/** Where a service and its components carry an annotation. */
export function annotationsNamed(manifest: Manifest, key: string): AnnotationView[] {
  return annotationsOf(manifest).filter((one) => one.key === key);
}

function collect(found: AnnotationView[], values: { [key: string]: unknown } | undefined, place: string, component?: ComponentView): void {
  for (const key in values) {
    const value = values[key];
    if (typeof value === 'string' && !Deferred.is(value)) {
      found.push(new AnnotationView(key, value, place, component));
    }
  }
}

/** The entries of `autoScaling.metrics`, with their pointers. */
export function metricsOf({ spec, at }: ComponentView): { metric: { [field: string]: any }; at: string }[] {
  const metrics = spec.autoScaling?.metrics;
  return Array.isArray(metrics) ? metrics.map((metric, i) => ({ metric: metric ?? {}, at: `${at}/autoScaling/metrics/${i}` })) : [];
}

/** A number of a manifest; undefined for what is none, is known at deployment only, or is absent. */
export function known(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Whether a field is empty and will be. */
export function missing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function webhookRules(mode: DeploymentMode, ofService: { [key: string]: string }): ScaledComponent['webhook'] {
  if (mode === DeploymentMode.KNATIVE) {
    return ofService[KEYS.knativeClass] === KEY_VALUES.knativeHpa ? 'hpa' : 'kpa';
  }
  const autoscaler = ofService[KEYS.autoscalerClass];
  return autoscaler === 'hpa' || autoscaler === 'keda' ? autoscaler : undefined;
}
