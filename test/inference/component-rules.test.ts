import { judge } from './judge';
import { COMPONENT_RULES } from '../../src/inference/component-rules';

const MODEL = { modelFormat: { name: 'sklearn' } };
const CONTAINER = { name: 'kserve-container', image: 'server' };

function codes(spec: object, code: string): string[] {
  return judge(COMPONENT_RULES, { spec }).filter((finding) => finding.startsWith(code));
}

test.each<[string, object, string]>([
  ['a predictor', { predictor: {} }, '/spec/predictor'],
  ['a transformer', { predictor: { model: MODEL }, transformer: {} }, '/spec/transformer'],
  ['a transformer with an empty list of containers', { predictor: { model: MODEL }, transformer: { containers: [] } }, '/spec/transformer'],
  ['an explainer', { predictor: { model: MODEL }, explainer: { minReplicas: 1 } }, '/spec/explainer'],
])('%s without anything that serves is an error', (_, spec, at) => {
  expect(codes(spec, 'KSV1404')).toEqual([`KSV1404 ${at}`]);
});

test('an explainer is ART or a container, not both', () => {
  expect(codes({ predictor: { model: MODEL }, explainer: { art: { type: 'SquareAttack' }, containers: [CONTAINER] } }, 'KSV1404'))
    .toEqual(['KSV1404 /spec/explainer/containers/0']);
  expect(codes({ predictor: { model: MODEL }, explainer: { art: { type: 'SquareAttack' } } }, 'KSV1404')).toEqual([]);
});

test('a container that stands alone is the predictor, whatever its name, and may ask for its model', () => {
  const alone = { name: 'transformer-container', image: 'server', env: [{ name: 'STORAGE_URI', value: 's3://models/a' }] };

  expect(codes({ predictor: { containers: [alone] } }, 'KSV1405')).toEqual([]);
  expect(codes({ predictor: { containers: [alone, CONTAINER] } }, 'KSV1405')).toEqual(['KSV1405 /spec/predictor/containers/0/env/0']);
});
