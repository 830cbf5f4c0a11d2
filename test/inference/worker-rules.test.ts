import { JsonPatch } from 'cdk8s';
import { judge, knative, standard } from './judge';
import { serviceOf } from './support';
import { DeploymentMode, KServeRelease, ModelFormat, ModelSource, Predictor } from '../../src';
import { INFERENCE_SERVICE_RULES } from '../../src/inference/rules';
import { WORKER_RULES } from '../../src/inference/worker-rules';
import { rendered } from '../support/manifests';

const MODEL = { modelFormat: { name: 'sklearn' } };
const CONTAINER = { name: 'kserve-container', image: 'server' };

test('the storage and the autoscaler of workers are judged beside a model only', () => {
  const workers = { workerSpec: { pipelineParallelSize: 2 } };
  const found = (predictor: object) => judge(WORKER_RULES, standard(predictor)).map((finding) => finding.slice(0, 7)).filter((code) => ['KSV1416', 'KSV1417'].includes(code));

  expect(found({ ...workers, model: MODEL })).toEqual(['KSV1416', 'KSV1417']);
  expect(found({ ...workers, containers: [CONTAINER] })).toEqual([]);
});

describe('workers in Knative mode', () => {
  const knativeFeatures = { persistentVolumeClaim: false };
  const workers = () => serviceOf({
    deploymentMode: DeploymentMode.KNATIVE,
    predictor: Predictor.fromWorkers({
      format: ModelFormat.HUGGINGFACE, source: ModelSource.pvcNamed('llama'), workers: { pipelineParallelSize: 2, tensorParallelSize: 4 },
    }),
  }, { release: KServeRelease.V0_19, knativeFeatures });

  test('are found once, and no autoscaler is asked for', () => {
    const { service, codes } = workers();

    expect(codes()).toEqual(['KSV1412']);
    expect(rendered(service).metadata.annotations).toEqual({ 'serving.kserve.io/deploymentMode': 'Knative' });
  });

  test('are found once with the autoscaler class that the webhook wants', () => {
    const { service, codes } = workers();
    service.addJsonPatch(JsonPatch.add('/metadata/annotations/serving.kserve.io~1autoscalerClass', 'none'));

    expect(codes()).toEqual(['KSV1412']);
  });

  test('hide nothing of a service without them', () => {
    const predictor = { model: { ...MODEL, storageUri: 'pvc://llama' } };

    expect(judge(INFERENCE_SERVICE_RULES, knative(predictor, { 'serving.kserve.io/autoscalerClass': 'none' }), { target: { knativeFeatures } }))
      .toEqual(expect.arrayContaining(['KSV1906 /spec/predictor/model/storageUri', 'KSV1522 /metadata/annotations/serving.kserve.io~1autoscalerClass']));
  });
});
