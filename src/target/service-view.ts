import { DeploymentMode } from './deployment-mode';
import { pointerStep } from '../core/cause';
import { Manifest } from '../core/manifest';
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

/** Many rules look at the same parts of a manifest; a manifest never changes. */
function remembered<K extends object, V>(look: (key: K) => V): (key: K) => V {
  const seen = new WeakMap<K, V>();
  return (key) => {
    let value = seen.get(key);
    if (value === undefined) {
      seen.set(key, value = look(key));
    }
    return value;
  };
}

const IMPLEMENTATIONS = [...FRAMEWORKS, 'art'];

/** The components that an InferenceService has. */
export const componentsOf = remembered((manifest: Manifest): ComponentView[] =>
  (['predictor', 'transformer', 'explainer'] as const)
    .filter((name) => manifest.spec?.[name] !== undefined && manifest.spec[name] !== null)
    .map((name) => ({ name, spec: manifest.spec[name], at: `/spec/${name}` })));

/** The containers of a component's pods, model and workers among them. */
export const containersOf = remembered(({ spec, at }: ComponentView): ContainerView[] => [
  ...IMPLEMENTATIONS.filter((field) => spec[field]).map((field) => ({ container: spec[field], at: `${at}/${field}` })),
  ...listed(spec, at, 'containers'),
  ...listed(spec, at, 'initContainers'),
  ...listed(spec.workerSpec ?? {}, `${at}/workerSpec`, 'containers'),
]);

/** The environment variables of a container, with their pointers. */
export function variablesOf({ container, at }: ContainerView): { name: any; value: any; at: string }[] {
  return (container.env ?? []).map(({ name, value }: any, i: number) => ({ name, value, at: `${at}/env/${i}` }));
}

/** The mode of a service or graph as its annotation says it, in today's names. */
export function modeOf(manifest: Manifest, byDefault: DeploymentMode): DeploymentMode {
  switch (manifest.metadata.annotations?.[KEYS.deploymentMode]) {
    case 'Standard': case 'RawDeployment': return DeploymentMode.STANDARD;
    case 'Knative': case 'Serverless': return DeploymentMode.KNATIVE;
    default: return byDefault;
  }
}

function listed(spec: { [field: string]: any }, at: string, field: string): ContainerView[] {
  return (spec[field] ?? []).map((container: any, i: number) => ({ container, at: `${at}/${field}${pointerStep(i)}` }));
}
