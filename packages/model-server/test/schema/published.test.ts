import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'protobufjs';
import { SCHEMAS } from '../../scripts/schemas';
import { INFERENCE } from '../../src/grpc/schema';
import { CATALOGUE, LATENCY_BUCKETS, MetricSpec } from '../../src/metrics/catalogue';
import { readModelConfig } from '../../src/model/config';
import { folderWith } from '../support/server';

test.each(Object.keys(SCHEMAS))('%s is what the source says (npx tsx scripts/schemas.ts)', (file) => {
  expect(readFileSync(join(__dirname, '..', '..', 'schema', file), 'utf8')).toBe(SCHEMAS[file]);
});

test('the published definitions of gRPC are those that are served', () => {
  const { root } = parse(readFileSync(join(__dirname, '..', '..', 'schema', INFERENCE.name), 'utf8'), { keepCase: true });
  const described = Object.fromEntries((Object.keys(INFERENCE.messages) as `.${string}`[]).map((name) => {
    const type = root.lookupType(name.slice(1));
    return [name, type.fieldsArray.map((field) => `${field.id} ${field.name} ${field.map ? 'map' : field.repeated ? 'list' : 'one'} ${field.partOf?.name ?? ''}`)];
  }));
  const service = root.lookupService('inference.GRPCInferenceService');

  expect(described).toEqual(Object.fromEntries(Object.entries(INFERENCE.messages).map(([name, { fields }]) =>
    [name, fields.map((field) => `${field.no} ${field.name} ${field.map === true ? 'map' : field.repeated === true ? 'list' : 'one'} ${field.oneof ?? ''}`)])));
  expect(service.methodsArray.map(({ name, requestStream, responseStream }) => [name, requestStream === true, responseStream === true])).toEqual(
    Object.entries(INFERENCE.services['inference.GRPCInferenceService']!).map(([name, method]) => [name, method.requestStream === true, method.responseStream === true]));
});

test('every series that dashboards need has its labels', () => {
  const labelled = Object.fromEntries(Object.entries<MetricSpec>(CATALOGUE).map(([key, { labels }]) => [key, Object.keys(labels)]));
  const model = ['model_name', 'model_version'];

  expect(labelled).toMatchObject({
    preprocess: model,
    predict: model,
    postprocess: model,
    explain: model,
    queueTime: model,
    runTime: model,
    batchRows: model,
    queueLength: model,
    ready: model,
    cacheHits: model,
    cacheMisses: model,
    cacheBytes: model,
    requests: [...model, 'protocol', 'outcome'],
    duration: [...model, 'protocol'],
    runnerRestarts: ['reason'],
    logLost: ['reason'],
  });
  expect(Object.values<MetricSpec>(CATALOGUE).filter((spec) => (spec.type === 'histogram') !== (spec.buckets !== undefined) || (spec.type === 'counter') !== spec.name.endsWith('_total'))).toEqual([]);
});

test('latency buckets hold every bound that dashboards and alerts ask for', () => {
  expect([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.3, 0.5, 1, 2, 5, 10, 30].filter((bound) => !LATENCY_BUCKETS.includes(bound))).toEqual([]);
  expect(CATALOGUE.predict).toMatchObject({ name: 'request_predict_seconds', unit: 'seconds', buckets: LATENCY_BUCKETS });
});

test.each([
  ['{"limits":{"runSeconds":"5"}}', /\/limits\/runSeconds must be of type number, but is string/],
  ['{"batching":{"maxSize":0}}', /\/batching\/maxSize must be at least 1, but is 0/],
  ['{"inputs":[{"datatype":"FP32"}]}', /\/inputs\/0 lacks 'name'/],
  ['{"inputs":[{"name":"x","datatype":"FP8"}]}', /\/inputs\/0\/datatype must be one of BOOL/],
  ['{"colour":"red"}', /\/colour is unknown; known are /],
  ['{"versions":"some"}', /\/versions must be one of latest, all/],
  ['[]', /\/ must be of type object, but is array/],
  ['{', /is not valid JSON/],
])('a mistake in model.json is named by its pointer: %s', (text, message) => {
  const folder = folderWith({ 'model.json': text });

  expect(() => readModelConfig(join(folder, 'model.json'))).toThrow(message);
});
