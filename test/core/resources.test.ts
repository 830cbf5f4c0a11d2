import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { trace } from '../../src/core/cause';
import { Deferred } from '../../src/core/deferred';
import { Resources } from '../../src/core/resources';
import { renderResources } from '../../src/core/resources-rendering';

test('nothing asked for renders nothing', () => {
  expect(renderResources({})).toEqual({});
  expect(renderResources({ cpu: {}, memory: {}, ephemeralStorage: {}, extended: {} })).toEqual({});
});

test('requests and limits are quantities in the spelling of their unit', () => {
  expect(renderResources({
    cpu: { request: Cpu.millis(500), limit: Cpu.units(2) },
    memory: { request: Size.mebibytes(512), limit: Size.gibibytes(1) },
    ephemeralStorage: { request: Size.gibibytes(10), limit: Size.gibibytes(20) },
  })).toEqual({
    requests: { 'cpu': '500m', 'memory': '512Mi', 'ephemeral-storage': '10Gi' },
    limits: { 'cpu': '2', 'memory': '1Gi', 'ephemeral-storage': '20Gi' },
  });
});

test('a request alone gives no limit', () => {
  const rendered = renderResources({ cpu: { request: Cpu.millis(100) } });

  expect(rendered).toEqual({ requests: { cpu: '100m' } });
});

test('a limit alone gives no request', () => {
  expect(renderResources({ memory: { limit: Size.mebibytes(256) } })).toEqual({ limits: { memory: '256Mi' } });
});

test('GPUs are those of NVIDIA, with a request equal to the limit', () => {
  expect(renderResources({ gpu: { count: 2 } })).toEqual({ requests: { 'nvidia.com/gpu': '2' }, limits: { 'nvidia.com/gpu': '2' } });
});

test('GPUs of another vendor are named', () => {
  expect(renderResources({ gpu: { count: 1, resource: 'amd.com/gpu' } })).toEqual({ requests: { 'amd.com/gpu': '1' }, limits: { 'amd.com/gpu': '1' } });
});

test('other extended resources have a request equal to the limit', () => {
  expect(renderResources({ extended: { 'rdma/ib': 1, 'smarter-devices/fuse': 2 } })).toEqual({
    requests: { 'rdma/ib': '1', 'smarter-devices/fuse': '2' },
    limits: { 'rdma/ib': '1', 'smarter-devices/fuse': '2' },
  });
});

test('a deferred count stays whole', () => {
  const count = new Deferred('gpus') as unknown as number;

  expect(renderResources({ gpu: { count }, extended: { 'rdma/ib': count } })).toEqual({
    requests: { 'nvidia.com/gpu': '⟦kserve:gpus⟧', 'rdma/ib': '⟦kserve:gpus⟧' },
    limits: { 'nvidia.com/gpu': '⟦kserve:gpus⟧', 'rdma/ib': '⟦kserve:gpus⟧' },
  });
});

test('each quantity is caused by its prop', () => {
  const causes = trace(() => renderResources({
    cpu: { request: Cpu.units(1) }, memory: { limit: Size.gibibytes(1) }, ephemeralStorage: { limit: Size.gibibytes(2) }, gpu: { count: 1 }, extended: { 'rdma/ib': 1 },
  }));

  expect(Object.fromEntries(causes)).toEqual({
    '/requests/cpu': 'cpu.request',
    '/requests/nvidia.com~1gpu': 'gpu.count',
    '/requests/rdma~1ib': 'extended.rdma/ib',
    '/limits/memory': 'memory.limit',
    '/limits/ephemeral-storage': 'ephemeralStorage.limit',
    '/limits/nvidia.com~1gpu': 'gpu.count',
    '/limits/rdma~1ib': 'extended.rdma/ib',
  });
});

test("the caller's objects stay as they are", () => {
  const resources: Resources = Object.freeze({ cpu: Object.freeze({ request: Cpu.units(1) }), gpu: Object.freeze({ count: 1 }), extended: Object.freeze({ 'rdma/ib': 1 }) });

  expect(renderResources(resources)).toEqual(renderResources(resources));
});
