import { ApiObject, Chart, JsonPatch, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { chartOn } from '../support/chart';
import { ModelFormat, ModelSource, TrainedModel } from '../../src/model';
import { KServeRelease } from '../../src/release';
import { expectAccepted, itWithCrds } from '../support/crds';
import { synth } from '../support/manifests';
import { codes, make, Server } from './trained';

test('it is named by its construct id and renders what it was given', () => {
  const { made, manifest, chart } = make();

  expect(made.name).toBe('model-a');
  expect(manifest()).toEqual({
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'TrainedModel',
    metadata: { name: 'model-a', namespace: 'models' },
    spec: { inferenceService: 'many', model: { storageUri: 'gs://acme-models/a/v1', framework: 'sklearn', memory: '256Mi' } },
  });
  expect(codes(chart)).toEqual([]);
});

itWithCrds('every release accepts it', () => {
  for (const release of KServeRelease.all()) {
    expectAccepted(make({}, { release }).manifest(), release.version);
  }
});

test('it comes after its service, without which the controller deletes it', () => {
  const chart = chartOn();
  const model = new Construct(chart, 'First');
  const server = new Server(chart);
  new TrainedModel(model as Chart, 'model-a', { inferenceService: server, source: ModelSource.gcs('gs://acme-models/a/v1'), framework: ModelFormat.SKLEARN, memory: Size.mebibytes(1) });

  expect(synth(chart).map(({ kind }) => kind)).toEqual(['InferenceService', 'TrainedModel']);
});

test('the default child is the object, and a JSON patch survives', () => {
  const { made, manifest } = make();
  ApiObject.of(made).addJsonPatch(JsonPatch.add('/metadata/labels', { team: 'fraud' }));

  expect(manifest().metadata.labels).toEqual({ team: 'fraud' });
});

test('it is in the namespace that it names, else in that of its chart', () => {
  const [named, plain] = [make({ namespace: 'other' }).made, make().made];

  expect([named.namespace, named.metadata.namespace]).toEqual(['other', 'other']);
  expect([plain.namespace, plain.metadata.namespace]).toEqual(['models', 'models']);
});
