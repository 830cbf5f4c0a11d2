import { JsonPatch } from 'cdk8s';
import { judge, knative, standard } from './judge';
import { serviceOf } from './support';
import { Deferred } from '../../src/core/deferred';
import { MODE_RULES } from '../../src/inference/mode-rules';

const split = (canaryTrafficPercent: unknown) => ({ model: { modelFormat: { name: 'sklearn' } }, canaryTrafficPercent });

test.each([0, 10, new Deferred('percent')])('a share of traffic for the new revision is found in Standard mode, where there are no revisions: %s', (percent) => {
  expect(judge(MODE_RULES, standard(split(percent)))).toEqual(['KSV1904 /spec/predictor/canaryTrafficPercent']);
  expect(judge(MODE_RULES, knative(split(percent)))).toEqual([]);
});

test('all traffic for the new version is what Standard mode gives it', () => {
  expect(judge(MODE_RULES, standard(split(100)))).toEqual([]);
});

test('a share of traffic that a patch brings is found', () => {
  const { service, codes } = serviceOf();
  service.addJsonPatch(JsonPatch.add('/spec/predictor/canaryTrafficPercent', 10));

  expect(codes()).toEqual(['KSV1904']);
});
