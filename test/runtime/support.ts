import { Chart } from 'cdk8s';
import { Manifest } from '../../src/core/manifest';
import { ManifestViolation } from '../../src/diagnostics/rule';
import { ClusterServingRuntime, ClusterServingRuntimeProps, ServingRuntime, ServingRuntimeProps } from '../../src/runtime';
import { SERVING_RUNTIME_RULES, SELECTION_RULES } from '../../src/runtime/rules';
import { ServingTarget } from '../../src/target';
import { Neighbours } from '../../src/target/neighbours';
import { ClusterRule } from '../../src/target/rule-context';

export const PROPHET: ClusterServingRuntimeProps = {
  formats: [{ name: 'prophet', version: '1', autoSelect: true }],
  container: { image: 'ghcr.io/acme/prophet-server:0.3.0' },
};

/** A namespaced runtime that serves `prophet` unless the props say otherwise. */
export function local(chart: Chart, id: string, props: Partial<ServingRuntimeProps> = {}): ServingRuntime {
  return new ServingRuntime(chart, id, { ...PROPHET, ...props });
}

/** A cluster-wide runtime that serves `prophet` unless the props say otherwise. */
export function global(chart: Chart, id: string, props: Partial<ClusterServingRuntimeProps> = {}): ClusterServingRuntime {
  return new ClusterServingRuntime(chart, id, { ...PROPHET, ...props });
}

/** The manifest of a service with a model. */
export function service(model: object, predictor: object = {}, metadata: object = {}): Manifest {
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name: 'service', namespace: 'models', ...metadata },
    spec: { predictor: { model, ...predictor } },
  };
}

/** The manifest of a runtime, with the fields that matter given. */
export function runtime(spec: object, kind = 'ServingRuntime', metadata: object = {}): Manifest {
  return {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind,
    metadata: { name: 'runtime', ...metadata },
    spec: {
      supportedModelFormats: [{ name: 'prophet', version: '1', autoSelect: true }],
      containers: [{ name: 'kserve-container', image: 'ghcr.io/acme/prophet-server:0.3.0' }],
      ...spec,
    },
  };
}

export type Found = ManifestViolation & { code: string };

/** What the rules for its kind say of a manifest in the cluster of a chart. */
export function judge(chart: Chart, manifest: Manifest, namespace: string | undefined = 'models'): Found[] {
  const context = { target: ServingTarget.of(chart), neighbours: Neighbours.of(chart), namespace };
  const rules: ClusterRule[] = manifest.kind === 'InferenceService' ? SELECTION_RULES : SERVING_RUNTIME_RULES;
  return rules.flatMap((rule) => [...rule.check(manifest, context)].map((violation) => ({ ...violation, code: rule.code })));
}

export function codesOf(chart: Chart, manifest: Manifest, namespace?: string): string[] {
  return judge(chart, manifest, namespace).map(({ code }) => code);
}
