import { folderWith, runnersOf, TestServer } from '../support/server';

/** Keeps so many MiB, hangs, or ends, as it is asked. */
const MODEL = `
import { defineModel } from 'kserve-model-server';
const kept = [];
export default defineModel({
  inputs: { keep: { datatype: 'INT32', shape: [-1] } },
  outputs: { kept: { datatype: 'INT32', shape: [-1] } },
  predict({ keep }) {
    const [what] = keep.data;
    if (what === -1) process.exit(7);
    if (what === -2) for (;;);
    if (what > 0) kept.push(Buffer.alloc(what * 1024 * 1024, 1));
    return { kept: [kept.length] };
  },
});
`;

async function start(settings: object): Promise<TestServer> {
  return TestServer.start([folderWith({ 'model.mjs': MODEL, 'model.json': JSON.stringify(settings) }), '--model_name=m']);
}

const ask = (server: TestServer, keep: number) => server.call('/v1/models/m:predict', { body: { instances: [keep] } });

async function restarts(server: TestServer, reason: string): Promise<number> {
  return Number(new RegExp(`runner_restarts_total\\{reason="${reason}"\\} (\\d+)`).exec((await server.call('/metrics')).body.toString())![1]);
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 600 && !(await condition()); i++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

test.each([
  ['a little', 'ends after its requests', 240, 215, 'it restarts'],
  ['far', 'ends at once', 120, 300, 'more than 1.25 times its limit'],
])('a runner %s over its memory %s and another serves', async (_, __, memoryMiB, mebibytes, told) => {
  const server = await start({ limits: { memoryMiB } });
  const before = runnersOf(server);
  await ask(server, mebibytes);
  await until(async () => (await restarts(server, 'memory')) > 0);
  // a request that meets the change of runners waits for the new one
  const after = await ask(server, 0);
  const runners = runnersOf(server);
  const counts = [await restarts(server, 'memory'), await restarts(server, 'crash')];
  await server.stop();

  expect(server.output).toContain(told);
  expect({ after: after.json, counts }).toEqual({ after: { predictions: [0] }, counts: [1, 0] });
  expect(runners).not.toEqual(before);
}, 60_000);

test('a runner that keeps ending makes the server not ready, while it lives and tells why', async () => {
  const server = await start({});
  const statuses: number[] = [];
  for (let i = 0; i < 5; i++) {
    await until(async () => (await server.call('/v2/health/ready')).status === 200);
    statuses.push((await ask(server, -1)).status);
  }
  await until(async () => (await server.call('/v2/health/ready')).status === 503);
  const ready = await server.call('/v2/health/ready');
  const model = await server.call('/v2/models/m/ready');
  const refused = await ask(server, 0);
  const live = await server.call('/v2/health/live');
  const counts = await restarts(server, 'crash');
  await server.stop();

  expect({ statuses, ready: ready.status, model: model.status, live: live.status, counts }).toEqual({ statuses: Array(5).fill(503), ready: 503, model: 503, live: 200, counts: 5 });
  expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': expect.any(String) } });
}, 60_000);

test('a runner that the watchdog ends is counted as such', async () => {
  const server = await start({ limits: { runSeconds: 0.3 } });
  const hung = await ask(server, -2);
  await until(async () => (await ask(server, 0)).status === 200);
  const counts = [await restarts(server, 'watchdog'), await restarts(server, 'crash')];
  await server.stop();

  expect({ status: hung.status, counts }).toEqual({ status: 504, counts: [1, 0] });
}, 60_000);
