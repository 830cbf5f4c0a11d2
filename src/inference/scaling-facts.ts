import { pointerStep } from '../core/cause';
import { Deferred } from '../core/deferred';
import { annotationPointer, Manifest } from '../core/manifest';
import { KEY_VALUES, KEYS } from '../release/keys';
import { DeploymentMode } from '../target';
import { RuleContext } from '../target/rule-context';
import { ComponentView, componentsOf, modeOf } from '../target/service-view';

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

/** The predictor, transformer and explainer of a service. Those with workers have no autoscaler. */
export function scaledComponents(manifest: Manifest, { target }: RuleContext): ScaledComponent[] {
  const mode = modeOf(manifest, target.deploymentMode);
  const annotations = manifest.metadata.annotations ?? {};
  const webhook = webhookRules(mode, annotations);
  return componentsOf(manifest).map((component) => {
    const { spec } = component;
    const autoscaler = spec.workerSpec ? 'none' : spec.annotations?.[KEYS.autoscalerClass] ?? annotations[KEYS.autoscalerClass] ?? 'hpa';
    return {
      ...component,
      mode,
      webhook,
      autoscaler: Deferred.is(autoscaler) ? undefined : autoscaler,
      knativeHpa: (spec.annotations?.[KEYS.knativeClass] ?? annotations[KEYS.knativeClass]) === KEY_VALUES.knativeHpa,
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
  return modeOf(manifest, context.target.deploymentMode) === DeploymentMode.KNATIVE ? scaledComponents(manifest, context) : [];
}

/** An annotation on the service or on one of its components. */
export interface AnnotationView {
  readonly value: string;
  /** JSON pointer to it. */
  readonly at: string;
  /** The component that carries it; undefined on the service, where it counts for all. */
  readonly component?: ComponentView;
}

/** Where a service and its components carry an annotation, values known at deployment left out. */
export function annotationsNamed(manifest: Manifest, key: string): AnnotationView[] {
  const places: { annotations: any; at: string; component?: ComponentView }[] = [
    { annotations: manifest.metadata.annotations, at: annotationPointer(key) },
    ...componentsOf(manifest).map((component) => ({
      annotations: component.spec.annotations, at: `${component.at}/annotations${pointerStep(key)}`, component,
    })),
  ];
  return places
    .map(({ annotations, ...place }) => ({ ...place, value: annotations?.[key] }))
    .filter(({ value }) => typeof value === 'string' && !Deferred.is(value));
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

function webhookRules(mode: DeploymentMode, annotations: { [key: string]: string }): ScaledComponent['webhook'] {
  if (mode === DeploymentMode.KNATIVE) {
    return annotations[KEYS.knativeClass] === KEY_VALUES.knativeHpa ? 'hpa' : 'kpa';
  }
  const autoscaler = annotations[KEYS.autoscalerClass];
  return autoscaler === 'hpa' || autoscaler === 'keda' ? autoscaler : undefined;
}
