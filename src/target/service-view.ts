import { DeploymentMode } from './deployment-mode';
import type { ServingTarget } from './serving-target';
import { pointerStep } from '../core/cause';
import { Manifest } from '../core/manifest';
import { rememberEach, rememberLast } from '../core/remember';
import type { ModeData } from '../release/data';
import { KEYS } from '../release/keys';

/** The predictor, transformer or explainer of an InferenceService manifest. */
export interface ComponentView {
  readonly name: 'predictor' | 'transformer' | 'explainer';
  readonly spec: { readonly [field: string]: any };
  /** JSON pointer to the component. */
  readonly at: string;
}

/** A container of a manifest. */
export interface ContainerView {
  readonly container: { readonly [field: string]: any };
  /** JSON pointer to the container. */
  readonly at: string;
}

/** The fields of a predictor that hold a model's container; all but `model` are an older spelling. */
export const FRAMEWORKS = ['sklearn', 'xgboost', 'tensorflow', 'pytorch', 'triton', 'onnx', 'huggingface', 'pmml', 'lightgbm', 'paddle', 'model'];

const IMPLEMENTATIONS = [...FRAMEWORKS, 'art'];

/** The components that an InferenceService has. */
export const componentsOf = rememberLast((manifest: Manifest): ComponentView[] =>
  (['predictor', 'transformer', 'explainer'] as const)
    .filter((name) => manifest.spec?.[name] !== undefined && manifest.spec[name] !== null)
    .map((name) => ({ name, spec: manifest.spec[name], at: `/spec/${name}` })));

/** The containers of a component's pods, model and workers among them. */
export const containersOf = rememberEach(({ spec, at }: ComponentView): ContainerView[] => [
  ...IMPLEMENTATIONS.filter((field) => spec[field]).map((field) => ({ container: spec[field], at: `${at}/${field}` })),
  ...listed(spec, at, 'containers'),
  ...listed(spec, at, 'initContainers'),
  ...listed(spec.workerSpec ?? {}, `${at}/workerSpec`, 'containers'),
]);

/** The pods of a component: its own and its workers'. */
export function podsOf({ spec, at }: ComponentView): { pod: { readonly [field: string]: any }; at: string }[] {
  return [{ pod: spec, at }, ...spec.workerSpec ? [{ pod: spec.workerSpec, at: `${at}/workerSpec` }] : []];
}

/** The environment variables of a container, with their pointers. */
export function variablesOf({ container, at }: ContainerView): { name: any; value: any; at: string }[] {
  return (container.env ?? []).map(({ name, value }: any, i: number) => ({ name, value, at: `${at}/env/${i}` }));
}

/** The mode of a service or graph as its annotation says it, in today's names. */
export function modeOf(manifest: Manifest, { deploymentMode, release }: ServingTarget): DeploymentMode {
  const written = manifest.metadata.annotations?.[KEYS.deploymentMode];
  if (written === undefined) {
    return deploymentMode;
  }
  const { standard, knative } = release._data.modes;
  const isCalled = ({ name, aliases }: ModeData) => name === written || aliases.includes(written);
  return isCalled(standard) ? DeploymentMode.STANDARD : isCalled(knative) ? DeploymentMode.KNATIVE : deploymentMode;
}

/** Whether a service has workers where none can run: whatever else Knative refuses there, it needs Standard mode. */
export function strandsWorkers(manifest: Manifest, target: ServingTarget): boolean {
  return manifest.spec?.predictor?.workerSpec !== undefined && modeOf(manifest, target) === DeploymentMode.KNATIVE;
}

function listed(spec: { [field: string]: any }, at: string, field: string): ContainerView[] {
  return (spec[field] ?? []).map((container: any, i: number) => ({ container, at: `${at}/${field}${pointerStep(i)}` }));
}
