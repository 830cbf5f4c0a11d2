import { codesOf, judge, runtime } from './support';
import { chartOn } from '../support/chart';
import { Deferred } from '../../src/core/deferred';
import { KServeRelease } from '../../src/release';

const LATER = new Deferred('later') as any;
const SERVER = { name: 'kserve-container', image: 'a:1' };
const WORKER = { name: 'worker-container', image: 'a:1' };

function multiNode(server: object = {}, worker: object = {}, more: object = {}, workerSpec: object = {}) {
  return runtime({ containers: [{ ...SERVER, ...server }], workerSpec: { containers: [{ ...WORKER, ...worker }], ...workerSpec }, ...more });
}

test('a sound runtime is not objected to, with and without workers', () => {
  expect(codesOf(chartOn(), runtime({}))).toEqual([]);
  expect(codesOf(chartOn(), multiNode())).toEqual([]);
});

describe('the serving container', () => {
  test.each<[object, object]>([
    [{ containers: [] }, { at: '/spec/containers', message: 'is empty' }],
    [{ containers: undefined }, { at: '/spec/containers', message: 'is empty' }],
    [{ containers: [{ name: 'server' }] }, { at: '/spec/containers/0/name', value: 'server', allowed: '`kserve-container`' }],
    [{ containers: [{ name: 'kserve-container' }], builtInAdapter: { serverType: 'triton' } }, { allowed: '`triton`' }],
  ])('is missing in %j', (spec, expected) => {
    expect(judge(chartOn(), runtime(spec))).toMatchObject([{ code: 'KSV1701', ...expected }]);
  });

  test.each<object>([
    { containers: [{ name: 'helper' }, SERVER] },
    { containers: [{ name: 'server' }], multiModel: true },
    { containers: [{ name: 'triton' }], builtInAdapter: { serverType: 'triton' } },
    { containers: [{ name: LATER }] },
    { containers: [SERVER], builtInAdapter: { serverType: LATER } },
  ])('is there in %j', (spec) => {
    expect(codesOf(chartOn(), runtime(spec))).toEqual([]);
  });
});

describe('the workers', () => {
  test('have exactly one container, called worker-container', () => {
    expect(judge(chartOn(), multiNode({}, { name: 'worker' }))).toMatchObject([{ code: 'KSV1702', message: 'calls its container `worker`' }]);
    expect(judge(chartOn(), multiNode({}, {}, {}, { containers: [WORKER, WORKER] }))).toMatchObject([{ code: 'KSV1702', message: 'has 2 containers' }]);
    expect(judge(chartOn(), runtime({ workerSpec: {} }))).toMatchObject([{ code: 'KSV1702', message: 'has 0 containers' }]);
    expect(codesOf(chartOn(), multiNode({}, { name: LATER }))).toEqual([]);
  });

  test.each([0, -1, 1.5])('are not sized %p', (size) => {
    expect(judge(chartOn(), multiNode({}, {}, {}, { pipelineParallelSize: size, tensorParallelSize: size }))).toMatchObject([
      { code: 'KSV1703', at: '/spec/workerSpec/pipelineParallelSize', value: size },
      { code: 'KSV1703', at: '/spec/workerSpec/tensorParallelSize', value: size },
    ]);
  });

  test.each([1, 16, LATER])('may be sized %p', (size) => {
    expect(codesOf(chartOn(), multiNode({}, {}, {}, { pipelineParallelSize: size, tensorParallelSize: size }))).toEqual([]);
  });

  test('are not sized by variables of the serving container; those of other containers mean nothing to KServe', () => {
    const env = [{ name: 'A', value: 'b' }, { name: LATER }, { name: 'TENSOR_PARALLEL_SIZE', value: '2' }];

    expect(judge(chartOn(), multiNode({ env }))).toMatchObject([{ code: 'KSV1704', at: '/spec/containers/0/env/2' }]);
    expect(codesOf(chartOn(), multiNode({}, { env }))).toEqual([]);
    expect(codesOf(chartOn(), runtime({ containers: [{ ...SERVER, env }] }))).toEqual([]);
  });

  test('ask for GPUs that KServe knows', () => {
    const resources = { limits: { 'cpu': '1', 'ephemeral-storage': '1Gi', 'acme.com/npu': '1' }, requests: { 'acme.com/npu': '1' } };
    const annotated = { annotations: { 'serving.kserve.io/gpu-resource-types': '["acme.com/npu"]' } };

    expect(judge(chartOn(), multiNode({ resources }, { resources }))).toMatchObject([
      { code: 'KSV1705', at: '/spec/containers/0/resources/limits/acme.com~1npu' },
      { code: 'KSV1705', at: '/spec/workerSpec/containers/0/resources/limits/acme.com~1npu' },
    ]);
    expect(codesOf(chartOn(), multiNode({ resources }, {}, annotated))).toEqual([]);
    expect(codesOf(chartOn(), multiNode({ resources }, {}, { annotations: { 'serving.kserve.io/gpu-resource-types': LATER } }))).toEqual([]);
    expect(codesOf(chartOn({ customGpuResourceTypes: ['acme.com/npu'] }), multiNode({ resources }))).toEqual([]);
    expect(codesOf(chartOn(), multiNode({ resources: { limits: { 'nvidia.com/gpu': '1' } } }))).toEqual([]);
    expect(codesOf(chartOn(), runtime({ containers: [{ ...SERVER, resources }] }))).toEqual([]);
  });
});

test('a forbidden variable is found in every container, in the releases that forbid it', () => {
  const env = [{ name: 'PYTHONPATH', value: '/opt' }];
  const manifest = multiNode({ env }, { env });

  expect(judge(chartOn({ release: KServeRelease.V0_18 }), manifest).map(({ code, at }) => [code, at])).toEqual([
    ['KSV1706', '/spec/containers/0/env/0'], ['KSV1706', '/spec/workerSpec/containers/0/env/0'],
  ]);
  expect(codesOf(chartOn({ release: KServeRelease.V0_17 }), manifest)).toEqual([]);
});

test('what the webhook refuses is let pass in a disabled runtime', () => {
  const env = [{ name: 'PYTHONPATH' }, { name: 'TENSOR_PARALLEL_SIZE' }];
  const resources = { limits: { 'acme.com/npu': '1' } };

  expect(codesOf(chartOn(), multiNode({ env, resources }, {}, { disabled: true }, { tensorParallelSize: 0 }))).toEqual([]);
});
