import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { irisModel } from '../../src/examples/iris';
import { encodeInferRequest } from '../../src/grpc/infer-codec';
import { lenField, varintField, writeFields } from '../../src/protobuf/fields';
import { Caller } from '../support/caller';
import { exchange, exchangeModels, KINDS } from '../support/exchanges';
import { identityModel } from '../support/models';
import { folderWith, HttpReply, runnersOf, TestServer } from '../support/server';

/** Kinds whose models run again what a lost runner had. */
const PURE = KINDS.filter((kind) => kind !== 'v1 user' && kind !== 'sse');

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Processor time of a process, in hundredths of a second. */
function busyTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /, '').split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Nice values of all threads of a process. */
const niceOf = (pid: number): number[] => readdirSync(`/proc/${pid}/task`).map((thread) =>
  Number(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1').replace(/^.*\) /, '').split(' ')[16]));

async function until(condition: () => boolean, ms = 20_000): Promise<void> {
  for (const end = performance.now() + ms; !condition() && performance.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const ask = (server: TestServer, i: number): Promise<HttpReply> => server.call('/v1/models/m:predict', { body: { instances: [[i, i + 1]] } });
const single = (): string => folderWith({ 'model.onnx': identityModel(ELEMENT.FLOAT) });

/** Keeps asking by all protocols; what was answered, and what was neither right nor said to be tried again. */
class Load {
  public served = 0;
  public retryable = 0;
  public readonly bad: string[] = [];
  private running = true;
  private readonly lanes: Promise<void>[];

  /** `over` says whether a failure ends a lane as it should. */
  public constructor(server: TestServer, kinds: readonly string[], lanes: number, over: (error: Error & { code?: string }, kind: string) => boolean = () => false) {
    const lane = async (index: number): Promise<void> => {
      const caller = new Caller(server);
      for (let i = index; this.running; i += lanes) {
        const asked = exchange(kinds[i % kinds.length]!, i % 1000);
        try {
          const answer = await caller.send(asked);
          if (answer.ok && asked.right(answer.body)) {
            this.served++;
          } else if (over(Object.assign(new Error(answer.body.toString()), { code: answer.status }), asked.kind)) {
            break;
          } else if (answer.retryable) {
            this.retryable++;
          } else {
            this.bad.push(`${asked.kind}: ${answer.status} ${answer.body.toString().slice(0, 200)}`);
          }
        } catch (error) {
          if (over(error as Error, asked.kind)) {
            break;
          }
          this.bad.push(`${asked.kind}: ${(error as Error).message}`);
        }
      }
      caller.close();
    };
    this.lanes = Array.from({ length: lanes }, (_, i) => lane(i));
  }

  public async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.lanes);
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What a caller sees of a server whose ports are closed. */
const isGone = ({ code, message }: Error & { code?: string }): boolean => code === 'ECONNREFUSED' || (code === 'grpc 14' && /ECONNREFUSED|No connection established/.test(message));

test('runners that are killed under load cost no request to models that are pure functions', async () => {
  const server = await TestServer.start([exchangeModels(), '--workers=2']);
  const load = new Load(server, PURE, 12);
  for (let i = 0; i < 4; i++) {
    await sleep(500);
    const pids = runnersOf(server);
    process.kill(pids[i % pids.length]!, 'SIGKILL');
  }
  await sleep(500);
  await load.stop();
  const live = await server.call('/v2/health/live');
  await server.stop();

  expect({ bad: load.bad, retryable: load.retryable, live: live.status }).toEqual({ bad: [], retryable: 0, live: 200 });
  expect(load.served).toBeGreaterThan(100);
}, 60_000);

test('requests of user code whose runner is killed are told to try again, and later ones are answered', async () => {
  const server = await TestServer.start([exchangeModels()]);
  const load = new Load(server, ['v1 user'], 8);
  // now and then a kill finds nothing under way
  for (let i = 0; i < 4 && load.retryable === 0; i++) {
    const served = load.served;
    await until(() => load.served > served + 20);
    runnersOf(server).forEach((pid) => process.kill(pid, 'SIGKILL'));
    await until(() => load.retryable > 0, 1000);
  }
  const before = load.served;
  await until(() => load.served > before + 20);
  await load.stop();
  await server.stop();

  expect(load.bad).toEqual([]);
  expect(load.retryable).toBeGreaterThan(0);
  expect(load.served).toBeGreaterThan(before + 20);
}, 60_000);

test('after SIGTERM readiness ends at once, requests of all protocols during the delay are answered, the exit is clean', async () => {
  const server = await TestServer.start([exchangeModels(), '--drain_delay_seconds=2']);
  const runners = runnersOf(server);
  let delayEnds = Infinity;
  // a connection that the closing port had not yet accepted is reset, which like a refusal proves that nothing was done; a stream, which might have no end, is ended then and says why
  const load = new Load(server, KINDS, 8, (error, kind) => isGone(error) || (performance.now() > delayEnds && (error.code === 'ECONNRESET' || (kind === 'sse' && error.message.includes('the server is shutting down')))));
  await until(() => load.served > 50);
  delayEnds = performance.now() + 2000;
  server.child.kill('SIGTERM');
  await sleep(200);
  const before = load.served;
  const ready = await server.call('/v2/health/ready');
  const live = await server.call('/v2/health/live');
  const code = await server.exited;
  await load.stop();

  expect({ bad: load.bad, retryable: load.retryable, ready: ready.status, live: live.status, code }).toEqual({ bad: [], retryable: 0, ready: 503, live: 200, code: 0 });
  expect(load.served).toBeGreaterThan(before);
  expect(runners.filter(isAlive)).toEqual([]);
}, 60_000);

test('what is not done when the time to drain is over is told to try again', async () => {
  const server = await TestServer.start([folderWith({ 'model.mjs': SLEEPER }), '--model_name=m', '--drain_timeout_seconds=1']);
  const waiting = [1, 2].map((i) => server.call('/v1/models/m:predict', { body: { instances: [[i]] } }));
  const rpc = new Caller(server).send({ transport: 'grpc', path: '/inference.GRPCInferenceService/ModelInfer', body: encodeInferRequest({ modelName: 'm', inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: Float32Array.of(1) }] }) });
  await sleep(500);
  server.child.kill('SIGTERM');
  const replies = await Promise.all(waiting);
  const answer = await rpc;
  const code = await server.exited;

  expect(replies.map(({ status, headers }) => [status, headers['retry-after'] !== undefined])).toEqual([[503, true], [503, true]]);
  expect({ status: answer.status, code }).toEqual({ status: 'grpc 14', code: 0 });
}, 60_000);

const SLEEPER = `
import { defineModel } from 'kserve-model-server';
export default defineModel({ inputs: { x: { datatype: 'FP32', shape: [-1, 1] } }, outputs: { y: { datatype: 'FP32', shape: [-1, 1] } }, predict: async () => { await new Promise((resolve) => setTimeout(resolve, 100_000)); } });
`;

/** Never comes to an end: its condition stays true. */
function endlessModel(): Uint8Array {
  const text = (no: number, value: string | Uint8Array) => lenField(no, value);
  const scalar = (name: string, type: number) => writeFields([text(1, name), text(2, writeFields([text(1, writeFields([varintField(1, type), text(2, new Uint8Array(0))]))]))]);
  const rows = (name: string) => writeFields([text(1, name), text(2, writeFields([text(1, writeFields([varintField(1, ELEMENT.FLOAT), text(2, writeFields([text(1, writeFields([text(2, 'N')]))]))]))]))]);
  const identity = (from: string, to: string) => writeFields([text(1, from), text(2, to), text(4, 'Identity')]);
  const body = writeFields([
    text(1, identity('go', 'go_on')), text(1, identity('state', 'next')), text(2, 'body'),
    text(11, scalar('i', ELEMENT.INT64)), text(11, scalar('go', ELEMENT.BOOL)), text(11, rows('state')),
    text(12, scalar('go_on', ELEMENT.BOOL)), text(12, rows('next')),
  ]);
  const yes = writeFields([varintField(2, ELEMENT.BOOL), text(8, 'yes'), text(9, Uint8Array.of(1))]);
  const loop = writeFields([text(1, ''), text(1, 'yes'), text(1, 'x'), text(2, 'y'), text(4, 'Loop'), text(5, writeFields([text(1, 'body'), text(6, body), varintField(20, 5)]))]);
  const graph = writeFields([text(1, loop), text(2, 'graph'), text(5, yes), text(11, rows('x')), text(12, rows('y'))]);
  return writeFields([varintField(1, 8), text(7, graph), text(8, writeFields([text(1, ''), varintField(2, 17)]))]);
}

const ENDLESS_CALL = `
import { defineModel } from 'kserve-model-server';
export default defineModel({ inputs: { x: { datatype: 'FP32', shape: [-1, 1] } }, outputs: { y: { datatype: 'FP32', shape: [-1, 1] } }, predict: () => { for (;;); } });
`;

describe('runners end when the front is killed', () => {
  test.each([
    ['idle', { 'model.onnx': identityModel(ELEMENT.FLOAT) }, 'idle'],
    ['in user code that never returns', { 'model.mjs': ENDLESS_CALL }, 'called'],
    ['at the warm-up of an ONNX graph whose loop never ends', { 'model.onnx': endlessModel() }, 'busy'],
  ] as const)('%s', async (_, files, state) => {
    const server = await TestServer.start([folderWith(files), '--model_name=m'], { until: state === 'busy' ? 'listening' : 'loaded' });
    let runners: number[] = [];
    await until(() => (runners = runnersOf(server)).length > 0);
    if (state === 'called') {
      server.call('/v1/models/m:predict', { body: { instances: [[1]] } }).catch(() => undefined);
    }
    const before = runners.map(busyTicks);
    await until(() => state === 'idle' || runners.every((pid, i) => busyTicks(pid) > before[i]! + 100));
    const busy = runners.some((pid, i) => busyTicks(pid) > before[i]! + 100);
    server.child.kill('SIGKILL');
    await server.exited;
    await until(() => runners.every((pid) => !isAlive(pid)), 5000);

    const alive = runners.filter(isAlive);
    for (const pid of alive) {
      process.kill(pid, 'SIGKILL');
    }

    expect({ count: runners.length, busy, alive }).toEqual({ count: 1, busy: state !== 'idle', alive: [] });
  }, 30_000);
});

test('all threads of runners give way to the front', async () => {
  const server = await TestServer.start([single()]);
  await ask(server, 1);

  const own = niceOf(server.child.pid!);
  const runners = runnersOf(server).flatMap(niceOf);
  await server.stop();

  expect(new Set(own).size).toBe(1);
  expect(runners.length).toBeGreaterThan(4);
  expect(new Set(runners)).toEqual(new Set([Math.min(own[0]! + 5, 19)]));
});

test('the server opens no telemetry: no file in HOME, no socket beyond its own', async () => {
  const home = folderWith({});
  const server = await TestServer.start([single(), '--model_name=m'], { env: { HOME: home } });
  await ask(server, 1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const remote = [server.child.pid!, ...runnersOf(server)].flatMap((pid) => {
    const inodes = new Set(readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /socket:\[(\d+)\]/.exec(require('node:fs').readlinkSync(`/proc/${pid}/fd/${fd}`) as string)?.[1] ?? []; // eslint-disable-line @typescript-eslint/no-require-imports
      } catch {
        return [];
      }
    }));
    return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((kind) => readFileSync(`/proc/${pid}/net/${kind}`, 'latin1').split('\n').slice(1).map((line) => line.trim().split(/\s+/)).filter((fields) => inodes.has(fields[9]!) && !/^0+:0000$/.test(fields[2]!) && !fields[2]!.startsWith('0100007F')));
  });
  const files = readdirSync(home, { recursive: true });
  await server.stop();

  expect({ files, remote }).toEqual({ files: [], remote: [] });
}, 20_000);

describe('the repository', () => {
  test('an empty multi-model server is ready, loads what appears and unloads what is gone', async () => {
    const folder = folderWith({});
    const server = await TestServer.start([folder, '--multi_model']);
    expect((await server.call('/v2/health/ready')).status).toBe(200);
    const { mkdirSync, writeFileSync } = require('node:fs') as typeof import('node:fs'); // eslint-disable-line @typescript-eslint/no-require-imports
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a', 'model.onnx'), irisModel());
    writeFileSync(join(folder, 'a', 'SUCCESS.abc'), '');

    expect(await server.call('/v2/repository/models/a/load', { body: {} })).toMatchObject({ status: 200, json: { name: 'a', load: true } });
    expect((await server.call('/v2/repository/index', { body: {} })).json).toEqual([{ name: 'a', state: 'READY', reason: '' }]);
    expect((await server.call('/v1/models/a:predict', { body: { instances: [[5.1, 3.5, 1.4, 0.2]] } })).json).toEqual({ predictions: ['setosa'] });

    writeFileSync(join(folder, 'a', 'model.onnx'), 'broken');
    expect((await server.call('/v2/repository/models/a/load', { body: {} })).status).toBe(404);
    expect((await server.call('/v1/models/a:predict', { body: { instances: [[5.1, 3.5, 1.4, 0.2]] } })).status).toBe(200);
    expect((await server.call('/v2/health/ready')).status).toBe(200);

    rmSync(join(folder, 'a'), { recursive: true });
    expect(await server.call('/v2/repository/models/a/unload', { body: {} })).toMatchObject({ status: 200, json: { name: 'a', unload: true } });
    expect((await server.call('/v1/models/a:predict', { body: { instances: [[1, 2, 3, 4]] } })).status).toBe(404);
    expect((await server.call('/metrics')).body.toString()).not.toContain('model_name="a"');
    expect((await server.call('/v2/repository/models/..%2Fetc/load', { body: {} })).status).toBe(400);
    expect((await server.call('/v2/repository/models/none/load', { body: {} })).status).toBe(404);
    await server.stop();
  }, 30_000);

  test('a single-model server refuses load and unload with the reason', async () => {
    const server = await TestServer.start([single(), '--model_name=m']);
    const reply = await server.call('/v2/repository/models/m/unload', { body: {} });
    await server.stop();

    expect(reply).toMatchObject({ status: 403, json: { error: expect.stringContaining('--multi_model') } });
  });

  test('load and unload under load never answer wrong or drop a request', async () => {
    const server = await TestServer.start([folderWith({ 'm/model.onnx': identityModel(ELEMENT.FLOAT), 'n/model.onnx': identityModel(ELEMENT.FLOAT) }), '--multi_model']);
    let running = true;
    const bad: unknown[] = [];
    const callers = Array.from({ length: 8 }, async () => {
      while (running) {
        const reply = await ask(server, 3);
        if (JSON.stringify(reply.json) !== '{"predictions":[[3,4]]}') {
          bad.push(reply.json);
        }
      }
    });
    for (let i = 0; i < 20; i++) {
      expect((await server.call('/v2/repository/models/m/load', { body: {} })).status).toBe(200);
      await server.call(`/v2/repository/models/n/${i % 2 === 0 ? 'unload' : 'load'}`, { body: {} });
    }
    running = false;
    await Promise.all(callers);
    await server.stop();

    expect(bad).toEqual([]);
  }, 60_000);
});
