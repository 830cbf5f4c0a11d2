import { chartOn } from '../support/chart';
import { Deferred } from '../../src/core/deferred';
import { ClusterServingRuntime, ServingRuntime } from '../../src/runtime';
import { referenceProblems } from '../../src/runtime/reference';

test('a runtime of another namespace of which only the name is known is an error', () => {
  const runtime = ServingRuntime.fromServingRuntimeName(chartOn(), 'Acme', 'acme');

  expect([...referenceProblems('predictor.runtime', runtime, 'fraud')]).toMatchObject([{
    rule: { code: 'KSV1728' },
    prop: 'predictor.runtime',
    value: 'acme',
    message: 'is a ServingRuntime of namespace \'models\', which services of namespace \'fraud\' cannot use',
  }]);
});

test.each<[string, string | undefined, (chart: any) => any]>([
  ['of the same namespace', 'models', (chart) => ServingRuntime.fromServingRuntimeName(chart, 'Acme', 'acme')],
  ['of the cluster', 'fraud', (chart) => ClusterServingRuntime.fromClusterServingRuntimeName(chart, 'Acme', 'acme')],
  ['whose service is in no known namespace', undefined, (chart) => ServingRuntime.fromServingRuntimeName(chart, 'Acme', 'acme')],
  ['whose service is in a deferred namespace', new Deferred('later') as any, (chart) => ServingRuntime.fromServingRuntimeName(chart, 'Acme', 'acme')],
  ['with a deferred name', 'fraud', (chart) => ServingRuntime.fromServingRuntimeName(chart, 'Acme', new Deferred('later') as any)],
])('nothing is wrong with a runtime %s', (_, own, make) => {
  expect([...referenceProblems('predictor.runtime', make(chartOn()), own)]).toEqual([]);
});
