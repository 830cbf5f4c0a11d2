import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMAS, textOf } from '../../scripts/schemas';
import { CATALOGUE, LATENCY_BUCKETS } from '../../src/metrics/catalogue';
import { readModelConfig } from '../../src/model/config';
import { folderWith } from '../support/server';

test.each(Object.keys(SCHEMAS))('%s is what the source says (npx tsx scripts/schemas.ts)', (file) => {
  expect(readFileSync(join(__dirname, '..', '..', 'schema', file), 'utf8')).toBe(textOf(SCHEMAS[file]!));
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
