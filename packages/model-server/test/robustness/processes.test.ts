import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { irisModel } from '../../src/examples/iris';
import { ELEMENT } from '../../src/examples/onnx-model';
import { identityModel } from '../support/models';
import { folderWith, HttpReply, TestServer } from '../support/server';

/** Runners of a server: its child processes. */
function runnersOf(server: TestServer): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'latin1').replace(/^.*\) /, '').split(' ');
      return Number(fields[1]) === server.child.pid ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

const ask = (server: TestServer, i: number): Promise<HttpReply> => server.call('/v1/models/m:predict', { body: { instances: [[i, i + 1]] } });
const single = (): string => folderWith({ 'model.onnx': identityModel(ELEMENT.FLOAT) });

test('runners that are killed under load cost no request', async () => {
  const server = await TestServer.start([single(), '--model_name=m', '--workers=2']);
  let running = true;
  let wrong = 0;
  let answered = 0;
  const statuses = new Set<number>();
  const callers = Array.from({ length: 16 }, async (_, caller) => {
    for (let i = caller; running; i += 16) {
      const reply = await ask(server, i % 1000);
      answered++;
      statuses.add(reply.status);
      if (reply.status === 200 && JSON.stringify(reply.json) !== JSON.stringify({ predictions: [[i % 1000, (i % 1000) + 1]] })) {
        wrong++;
      }
    }
  });
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const pids = runnersOf(server);
    process.kill(pids[i % pids.length]!, 'SIGKILL');
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  running = false;
  await Promise.all(callers);
  const live = await server.call('/v2/health/live');
  await server.stop();

  expect({ wrong, statuses: [...statuses], live: live.status }).toEqual({ wrong: 0, statuses: [200], live: 200 });
  expect(answered).toBeGreaterThan(100);
}, 60_000);

test('after SIGTERM readiness ends at once, requests under way and during the delay are answered, the exit is clean', async () => {
  const server = await TestServer.start([single(), '--model_name=m', '--drain_delay_seconds=1']);
  const runners = runnersOf(server);
  let failed = 0;
  let served = 0;
  let running = true;
  const callers = Array.from({ length: 8 }, async () => {
    while (running) {
      try {
        const reply = await ask(server, 1);
        if (reply.status === 200) {
          served++;
        } else {
          failed++;
        }
      } catch {
        // the port is closed: the end of the delay
        running = false;
      }
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  server.child.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 200));
  const before = served;
  const ready = await server.call('/v2/health/ready');
  const live = await server.call('/v2/health/live');
  const code = await server.exited;
  await Promise.all(callers);

  expect({ ready: ready.status, live: live.status, code, failed }).toEqual({ ready: 503, live: 200, code: 0, failed: 0 });
  expect(served).toBeGreaterThan(before);
  expect(runners.filter((pid) => { try { process.kill(pid, 0); return true; } catch { return false; } })).toEqual([]);
}, 60_000);

test('runners end when the front is killed', async () => {
  const server = await TestServer.start([single(), '--model_name=m']);
  const runners = runnersOf(server);
  server.child.kill('SIGKILL');
  await server.exited;
  const alive = (): number[] => runners.filter((pid) => { try { process.kill(pid, 0); return true; } catch { return false; } });
  for (let i = 0; i < 100 && alive().length > 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  expect(runners.length).toBe(1);
  expect(alive()).toEqual([]);
}, 20_000);

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
