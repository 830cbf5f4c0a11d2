import { folderWith, HttpReply, TestServer } from '../support/server';

/** Keeps its runner, waits, streams, or never ends, as it is asked. */
const MODEL = `
import { defineModel } from 'kserve-model-server';
const keep = (ms) => { for (const end = performance.now() + ms; performance.now() < end;); };
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export default defineModel({
  inputs: { what: { datatype: 'BYTES', shape: [-1] } },
  outputs: { y: { datatype: 'INT32', shape: [-1] } },
  async predict({ what }, { log }) {
    switch (what.strings()[0]) {
      case 'keep': keep(20); break;
      case 'wait': await wait(700); break;
      case 'hang': await wait(100_000); break;
      case 'never': for (;;);
      case 'told': log.info('a call began'); keep(300);
    }
    return { y: [1] };
  },
});
`;
const STREAM = `
import { defineModel } from 'kserve-model-server';
const keep = (ms) => { for (const end = performance.now() + ms; performance.now() < end;); };
export default defineModel({
  inputs: { pieces: { datatype: 'INT32', shape: [-1] } },
  outputs: { y: { datatype: 'INT32', shape: [-1] } },
  async *predict({ pieces }) {
    for (let i = 0; i < pieces.data[0]; i++) {
      keep(20);
      yield { y: [i] };
    }
  },
});
`;

let server: TestServer;

beforeAll(async () => {
  const limits = (runSeconds: number, concurrency: number): string => JSON.stringify({ limits: { runSeconds, concurrency } });
  server = await TestServer.start([folderWith({
    'm/model.mjs': MODEL,
    'm/model.json': limits(1, 64),
    's/model.mjs': STREAM,
    's/model.json': limits(1, 64),
  })]);
}, 60_000);

afterAll(() => server.stop());

const ask = (what: string, signal?: AbortSignal): Promise<HttpReply> => server.call('/v1/models/m:predict', { body: { instances: [what] }, signal });
const all = (count: number, what: string): Promise<HttpReply>[] => Array.from({ length: count }, () => ask(what));
const statuses = async (replies: readonly Promise<HttpReply>[]): Promise<number[]> => [...new Set((await Promise.all(replies)).map(({ status }) => status))];

async function restarts(): Promise<number> {
  return Number(/runner_restarts_total\{reason="watchdog"\} (\d+)/.exec((await server.call('/metrics')).body.toString())![1]);
}

async function counted<T>(work: () => Promise<T>): Promise<{ result: T; restarts: number }> {
  const before = await restarts();
  const result = await work();
  return { result, restarts: await restarts() - before };
}

test('short calls that together take longer than one may are all answered', async () => {
  expect(await counted(() => statuses(all(100, 'keep')))).toEqual({ result: [200], restarts: 0 });
}, 30_000);

test('streams whose pieces together take longer than one may are all answered', async () => {
  const streams = Array.from({ length: 64 }, () => server.call('/v2/models/s/generate_stream', { body: { inputs: [{ name: 'pieces', datatype: 'INT32', shape: [1], data: [3] }] } }));
  const { result, restarts: count } = await counted(async () => (await Promise.all(streams)).map(({ body }) => body.toString().match(/^data: /gm)?.length));

  expect([new Set(result), count]).toEqual([new Set([3]), 0]);
}, 30_000);

test('calls that wait run at once and are answered, also between those that keep the runner', async () => {
  expect(await counted(() => statuses([...all(30, 'wait'), ...all(5, 'keep')]))).toEqual({ result: [200], restarts: 0 });
}, 30_000);

test.each(['hang', 'never'])('a call that takes longer than it may ends among short ones (%s)', async (what) => {
  let running = true;
  const others = Array.from({ length: 4 }, async () => {
    while (running) {
      await ask('keep');
    }
  });
  const { result, restarts: count } = await counted(() => ask(what));
  running = false;
  await Promise.all(others);

  expect([result.status, result.json.error, count]).toEqual([504, "a run of model 'm' took longer than 1 s", 1]);
  expect((await ask('keep')).status).toBe(200);
}, 30_000);

test('a call whose caller leaves before it begins does not begin', async () => {
  const began = (): number => server.output.split('a call began').length - 1;
  const first = ask('told');
  const abort = new AbortController();
  const left = [1, 2, 3, 4].map(() => ask('told', abort.signal).catch(() => undefined));
  await new Promise((resolve) => setTimeout(resolve, 150));
  abort.abort();
  await Promise.all([first, ...left]);
  await ask('keep');

  // one may have begun as they left
  expect(began()).toBeLessThanOrEqual(2);
  expect(began()).toBeGreaterThan(0);
}, 30_000);
