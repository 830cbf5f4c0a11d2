import { App, Chart } from 'cdk8s';
import {
  DeploymentMode, InferenceService, KnativeFeatures, ModelFormat, ModelSource, Predictor, ServingRuntime, ServingRuntimeProps,
  ServingTarget,
} from '../../src';
import { diagnose } from '../support/accepted';

const VOLUMES = { volumes: [{ name: 'lookup', emptyDir: {} }] };

/** Codes found in a service of a runtime of the program. */
function codes(
  runtime: Partial<ServingRuntimeProps>, predictor: object, deploymentMode = DeploymentMode.KNATIVE, knativeFeatures: KnativeFeatures = {},
): string[] {
  const app = new App();
  ServingTarget.attach(app, { deploymentMode, knativeFeatures });
  const chart = new Chart(app, 'chart', { namespace: 'models' });
  const made = new ServingRuntime(chart, 'server', { formats: [{ name: 'acme' }], container: { image: 'server:1' }, ...runtime });
  new InferenceService(chart, 'iris', {
    predictor: Predictor.fromModel({ format: ModelFormat.of('acme'), runtime: made, source: ModelSource.gcs('gs://models/iris/v1'), ...predictor }),
  });
  return diagnose(app).map(({ code }) => code).filter((code) => /^KSV190[689]$/.test(code));
}

test('a volume that nobody mounts is found in Knative mode only', () => {
  expect(codes({}, { podSpec: VOLUMES })).toEqual(['KSV1909']);
  expect(codes({}, { podSpec: VOLUMES }, DeploymentMode.STANDARD)).toEqual([]);
});

test('a volume that the runtime mounts is not found', () => {
  const container = { image: 'server:1', volumeMounts: [{ name: 'lookup', mountPath: '/lookup' }] };

  expect(codes({ container }, { podSpec: VOLUMES })).toEqual([]);
});

test('fields of pods and containers that Knative drops are found', () => {
  expect(codes({}, { podSpec: { nodeName: 'node-1' }, override: { tty: true } })).toEqual(['KSV1908', 'KSV1908']);
  expect(codes({}, { podSpec: { nodeName: 'node-1' }, override: { tty: true } }, DeploymentMode.STANDARD)).toEqual([]);
});

test('a flag that a field of the runtime needs is missed in its services', () => {
  const runtime = { nodeSelector: { pool: 'gpu' } };

  expect(codes(runtime, {}, DeploymentMode.KNATIVE, { nodeSelector: false })).toEqual(['KSV1906']);
  expect(codes(runtime, {}, DeploymentMode.KNATIVE, { nodeSelector: true })).toEqual([]);
});
