import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { identityModel, mlpModel } from '../support/models';
import { folderWith, runnersOf, TestServer } from '../support/server';
import { xgboostModel } from '../trees/models';

/** A tree of so many nodes that reading it takes a while. */
function slowModel(): Uint8Array {
  const size = 120_001;
  const inner = (size - 1) / 2;
  const each = (value: (node: number) => number): number[] => Array.from({ length: size }, (_, node) => value(node));
  return xgboostModel({
    tree: {
      left_children: each((node) => (node < inner ? 2 * node + 1 : -1)),
      right_children: each((node) => (node < inner ? 2 * node + 2 : -1)),
      split_indices: each(() => 0),
      split_conditions: each((node) => node / size),
      default_left: each(() => 0),
      split_type: each(() => 0),
      tree_param: { num_nodes: String(size), size_leaf_vector: '1' },
    },
  });
}

test('a large model gets a runner of its own, unless model.json says otherwise', async () => {
  const folder = folderWith({ 'small/model.onnx': identityModel(ELEMENT.FLOAT), 'large/model.onnx': mlpModel(64, 2200, 4) });
  const server = await TestServer.start([folder, '--multi_model']);
  const apart = runnersOf(server).length;
  writeFileSync(join(folder, 'large', 'model.json'), '{"runner":"shared"}');
  await server.call('/v2/repository/models/large/load', { body: {} });
  const loaded = performance.now();
  // the old version's runner ends after the answer
  while (runnersOf(server).length > 1 && performance.now() < loaded + 10_000) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const together = runnersOf(server).length;
  const reply = await server.call('/v1/models/large:predict', { body: { instances: [Array(64).fill(0)] } });
  await server.stop();

  expect({ apart, together, status: reply.status }).toEqual({ apart: 2, together: 1, status: 200 });
}, 60_000);

test('a model whose file is gone when its runner starts again is not ready and says why; the others answer', async () => {
  const folder = folderWith({ 'm/model.onnx': identityModel(ELEMENT.FLOAT), 'gone/model.onnx': identityModel(ELEMENT.FLOAT) });
  const server = await TestServer.start([folder, '--multi_model']);
  const predict = (name: string) => server.call(`/v1/models/${name}:predict`, { body: { instances: [[1, 2]] } });
  rmSync(join(folder, 'gone', 'model.onnx'));
  process.kill(runnersOf(server)[0]!, 'SIGKILL');
  const good = await predict('m');
  let bad = await predict('gone');
  for (let i = 0; i < 200 && bad.status !== 503; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    bad = await predict('gone');
  }
  const states = [await server.call('/v2/models/gone/ready'), await server.call('/v2/models/m/ready'), await server.call('/v2/health/ready')].map(({ status }) => status);
  const { json: index } = await server.call('/v2/repository/index', { body: {} });
  writeFileSync(join(folder, 'gone', 'model.onnx'), identityModel(ELEMENT.FLOAT));
  const again = [await server.call('/v2/repository/models/gone/load', { body: {} }), await predict('gone')].map(({ status }) => status);
  await server.stop();

  expect([good.json, bad.status, bad.json.error]).toEqual([{ predictions: [[1, 2]] }, 503, expect.stringMatching(/^Model with name gone is not ready. model 'gone' cannot be opened again: .*model\.onnx/)]);
  expect(states).toEqual([503, 200, 200]);
  expect((index as { name: string; state: string; reason: string }[]).map(({ name, state, reason }) => [name, state, reason.length > 0]).sort()).toEqual([['gone', 'UNAVAILABLE', true], ['m', 'READY', false]]);
  expect(again).toEqual([200, 200]);
}, 60_000);

test('while one runner opens a model, the others answer', async () => {
  const folder = folderWith({ 'm/model.onnx': identityModel(ELEMENT.FLOAT), 'slow/model.bst': slowModel() });
  const server = await TestServer.start([folder, '--multi_model', '--workers=2']);
  let running = true;
  let last = performance.now();
  let gap = 0;
  const caller = (async () => {
    while (running) {
      const { status } = await server.call('/v1/models/m:predict', { body: { instances: [[1, 2]] } });
      gap = Math.max(gap, performance.now() - last);
      last = performance.now();
      expect(status).toBe(200);
    }
  })();
  const loads: number[] = [];
  const shares: number[] = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    gap = 0;
    loads.push((await server.call('/v2/repository/models/slow/load', { body: {} })).status);
    shares.push(gap / (performance.now() - start));
  }
  running = false;
  await caller;
  const runners = runnersOf(server).length;
  await server.stop();
  rmSync(folder, { recursive: true });

  expect({ loads, runners }).toEqual({ loads: [200, 200, 200], runners: 2 });
  // with both at once, a request waits for nearly the whole load; the median, for the machine has other work
  expect(shares.sort((a, b) => a - b)[1]).toBeLessThan(0.6);
}, 60_000);
