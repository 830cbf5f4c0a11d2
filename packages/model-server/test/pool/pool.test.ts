import childProcess from 'node:child_process';
import { EventEmitter } from 'node:events';
import { addModel, ask, specOf, Stage, until } from './stage';
import { Op } from '../../src/frames/frame';
import { Job } from '../../src/pool/job';
import * as sizes from '../../src/pss';

jest.setTimeout(30_000);

let stage: Stage;

beforeEach(() => {
  stage = new Stage();
});

afterEach(async () => {
  jest.restoreAllMocks();
  await stage.close();
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Ends the runner and waits until the pool knows. */
async function crash(): Promise<void> {
  const known = stage.log.filter((line) => line === 'crash').length;
  stage.puppet.exit(7);
  await until(() => stage.log.filter((line) => line === 'crash').length > known);
}

describe('a runner that starts again holds all models', () => {
  test('when one is loaded while the start is put off', async () => {
    const pool = stage.pool();
    const first = await addModel(pool, 1);
    await crash();
    await until(() => stage.puppets.length === 2 && stage.puppet.held.has(1));
    await crash();
    const second = await addModel(pool, 2);
    const answers = [await ask(pool, first), await ask(pool, second)];

    expect({ answers, asked: stage.puppet.asked }).toEqual({ answers: ['ok', 'ok'], asked: ['LOAD 1', 'LOAD 2', 'INFER 1', 'INFER 2'] });
    expect(stage.puppets).toHaveLength(3);
  });

  test('when one is loaded while it opens the others', async () => {
    const pool = stage.pool();
    const first = await addModel(pool, 1);
    stage.holds = (text) => text === 'LOAD 1';
    await crash();
    const opening = await stage.next();
    const loading = addModel(pool, 2);
    const early = ask(pool, first);
    opening.answer();
    const second = await loading;

    expect([await early, await ask(pool, first), await ask(pool, second)]).toEqual(['ok', 'ok', 'ok']);
    expect([...stage.puppet.held]).toEqual([1, 2]);
  });

  test('when it ends after a load in it and before the load in the next', async () => {
    const pool = stage.pool({ size: 2 });
    await addModel(pool, 1);
    const [one, two] = stage.puppets;
    stage.holds = (text, puppet) => text === 'LOAD 2' && puppet === two;
    const loading = addModel(pool, 2);
    const late = await stage.next();
    one!.exit(7);
    await until(() => stage.puppets.length === 3);
    late.answer();
    await loading;
    await until(() => stage.puppet.held.size === 2);

    expect({ new: stage.puppet.asked, old: two!.asked }).toEqual({ new: ['LOAD 1', 'LOAD 2'], old: ['LOAD 1', 'LOAD 2'] });
  });

  test('and none that was unloaded meanwhile', async () => {
    const pool = stage.pool();
    const first = await addModel(pool, 1);
    const second = await addModel(pool, 2);
    stage.holds = (text) => text === 'LOAD 2';
    await crash();
    const opening = await stage.next();
    await pool.remove(second);
    opening.answer();

    expect(await ask(pool, first)).toBe('ok');
    expect([...stage.puppet.held]).toEqual([1]);
  });
});

describe('a model that cannot be opened again', () => {
  test('leaves the others alone, tells why, and is tried again', async () => {
    const pool = stage.pool();
    const [bad, good] = [await addModel(pool, 1), await addModel(pool, 2)];
    stage.holds = (text) => text === 'LOAD 1';
    await crash();
    const waiting = ask(pool, bad);
    const timers = jest.spyOn(global, 'setTimeout');
    (await stage.next()).fail('invalid', 'no such file');
    const why = "model 'm1' cannot be opened again: no such file";

    expect([await waiting, await ask(pool, bad), await ask(pool, good)]).toEqual([`unavailable: ${why}`, `unavailable: ${why}`, 'ok']);
    expect([pool.unready(bad), pool.unready(good), pool.healthy]).toEqual([why, undefined, true]);

    // as if the time had passed, twice
    for (const answer of ['fail', 'answer'] as const) {
      const due = timers.mock.calls.findLast(([, ms]) => ms === 10_000)!;
      (due[0] as () => void)();
      (await stage.next())[answer]('invalid', 'no such file');
      await until(() => answer === 'answer' || timers.mock.calls.findLast(([, ms]) => ms === 10_000) !== due);
    }
    await until(() => pool.unready(bad) === undefined);

    expect(await ask(pool, bad)).toBe('ok');
    expect({ puppets: stage.puppets.length, log: stage.log.filter((line) => line.includes('m1')) }).toEqual({ puppets: 2, log: Array(2).fill("a runner cannot open model 'm1' again: no such file") });
  });

  test('in one runner is run by the others', async () => {
    const pool = stage.pool({ size: 2 });
    const model = await addModel(pool, 1);
    stage.holds = (text) => text === 'LOAD 1';
    await crash();
    (await stage.next()).fail('invalid', 'no such file');
    await until(() => stage.log.some((line) => line.includes('no such file')));
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(pool, model)));

    expect([answers, stage.puppet.asked, pool.unready(model)]).toEqual([Array(6).fill('ok'), ['LOAD 1'], undefined]);
  });
});

test.each([
  ['throws', () => { throw new Error('spawn ENOMEM'); }, 'spawn ENOMEM'],
  ['gives no streams', () => {
    const child = Object.assign(new EventEmitter(), { kill: () => true });
    process.nextTick(() => child.emit('error', new Error('spawn EMFILE')));
    return child;
  }, 'too many files are open'],
])('a start that %s is tried again', async (_, spawn, told) => {
  const pool = stage.pool();
  const model = await addModel(pool, 1);
  jest.spyOn(childProcess, 'spawn').mockImplementationOnce(spawn as never);
  await crash();
  await until(() => stage.puppets.length === 2 && stage.puppet.held.has(1));

  expect(await ask(pool, model)).toBe('ok');
  expect(stage.log.join('\n')).toContain(told);
  expect(stage.puppets).toHaveLength(2);
});

test('a runner that keeps ending fails what waits for it and the load that waits', async () => {
  const pool = stage.pool();
  const model = await addModel(pool, 1);
  stage.holds = (text) => text === 'LOAD 1';
  await crash();
  const waiting = ask(pool, model);
  const loading = pool.load(2, specOf(2));
  loading.catch(() => undefined);
  for (let i = 0; i < 4; i++) {
    (await stage.next()).puppet.exit(7);
  }

  expect(await waiting).toMatch(/^unavailable: the runner of model 'm1' keeps ending/);
  await expect(loading).rejects.toThrow(/^the runner keeps ending: /);
  expect(await ask(pool, model)).toMatch(/^unavailable: the runner of model 'm1' keeps ending/);
  expect(pool.healthy).toBe(false);
});

describe('a model that was unloaded', () => {
  test('refuses requests that come late', async () => {
    const pool = stage.pool();
    const model = await addModel(pool, 1);
    await pool.remove(model);

    expect(await ask(pool, model)).toBe("unavailable: model 'm1' has been unloaded");
  });

  test('answers what ran longer than the unloading waits', async () => {
    const pool = stage.pool();
    const model = await addModel(pool, 1, { runSeconds: 0.2 });
    const other = await addModel(pool, 2);
    stage.holds = (text) => text === 'INFER 1';
    const answer = ask(pool, model);
    await stage.next();
    await pool.remove(model);

    expect(await answer).toMatch(/^deadline: a run of model 'm1' took longer/);
    expect(await ask(pool, other)).toBe('ok');
  });

  test('leaves the run of another alone, however long that keeps the runner', async () => {
    const pool = stage.pool();
    const model = await addModel(pool, 1);
    const other = await addModel(pool, 2, { runSeconds: 60 });
    stage.holds = (text) => text === 'INFER 2' || text === 'UNLOAD 1';
    const answer = ask(pool, other);
    const run = await stage.next();
    const timers = jest.spyOn(global, 'setTimeout');
    const removed = pool.remove(model);
    const unload = await stage.next();
    // as if a minute had passed
    timers.mock.calls.filter(([, ms]) => ms! >= 1000 && ms! <= 60_000).forEach(([fire]) => (fire as () => void)());
    run.answer();
    unload.answer();
    await removed;

    expect({ answer: await answer, log: stage.log }).toEqual({ answer: 'ok', log: [] });
  });
});

describe('a stream', () => {
  test.each([
    ['is read', true, 2],
    ['is left before its next piece', false, 1],
  ])('that %s is observed with the time that its pieces took', async (_, reads, pieces) => {
    const pool = stage.pool();
    const runs: number[] = [];
    const model = await addModel(pool, 1, { pure: false, onRun: (_rows, ms) => runs.push(ms) });
    stage.holds = (text) => text === 'STREAM 1' || text === 'PULL 1';
    const taken: (() => void)[] = [];
    const job = new Job({ op: Op.STREAM, inputs: [], rows: -1, key: '', onChunk: (__, next) => taken.push(next) }, () => undefined, undefined);
    pool.submit(model, job);
    const start = performance.now();
    const asked = await stage.next();
    await pause(60);
    asked.tell(Op.CHUNK);
    await until(() => taken.length === 1);
    await pause(300);
    if (reads) {
      taken[0]!();
      (await stage.next()).tell(Op.CHUNK);
      await until(() => taken.length === 2);
      await pause(300);
    } else {
      job.abandon();
    }
    asked.tell(Op.END);
    await until(() => runs.length === 1);

    expect([runs[0]! >= 55, runs[0]! < performance.now() - start - 250 * pieces]).toEqual([true, true]);
  });

  test('that nobody reads does not keep a runner that outgrew its memory', async () => {
    const pool = stage.pool({ memoryMiB: 1 });
    const memory = jest.spyOn(sizes, 'pssOf').mockResolvedValue(undefined);
    const model = await addModel(pool, 1, { pure: false, runSeconds: 0.5 });
    stage.holds = (text) => text === 'STREAM 1';
    const pieces: unknown[] = [];
    const ended = new Promise((resolve) => pool.submit(model, new Job({ op: Op.STREAM, inputs: [], rows: -1, key: '', onChunk: (piece) => pieces.push(piece) }, resolve, undefined)));
    (await stage.next()).tell(Op.CHUNK);
    await until(() => pieces.length === 1);
    memory.mockResolvedValue(1.1 * 1024 * 1024);
    await until(() => stage.log.some((line) => line.includes('it restarts')));
    memory.mockResolvedValue(undefined);

    expect(await ask(pool, model)).toBe('ok');
    expect(await ended).toMatchObject({ code: 'unavailable' });
    expect(stage.log).toEqual(['a runner uses 1 MiB, its soft limit is 1 MiB: it restarts', 'a runner ended: it outgrew its memory, and what ran in it did not end in the time that a run may take', 'memory']);
  });
});

describe('a load that takes longer than a run may', () => {
  test.each([true, false])('is no run: what waits for it is answered (more waits: %s)', async (more) => {
    const pool = stage.pool();
    const model = await addModel(pool, 1, { runSeconds: 0.3 });
    stage.holds = (text) => text === 'LOAD 2' || text === 'INFER 1';
    const loading = addModel(pool, 2);
    const load = await stage.next();
    const answers = [ask(pool, model), ...more ? [ask(pool, model)] : []];
    const runs = [await stage.next(), ...more ? [await stage.next()] : []];
    await pause(1000);
    load.answer();
    runs.forEach((run) => run.answer());
    await loading;

    expect([await Promise.all(answers), stage.log]).toEqual([answers.map(() => 'ok'), []]);
  });

  test('leaves the watchdog what ran before it, and what runs after', async () => {
    const pool = stage.pool();
    const model = await addModel(pool, 1, { runSeconds: 0.3 });
    stage.holds = (text) => text === 'LOAD 2' || text === 'INFER 1';
    const hung = ask(pool, model);
    await stage.next();
    const loading = addModel(pool, 2).catch((error: Error) => error.message);

    expect(await hung).toMatch(/^deadline: a run of model 'm1' took longer/);
    expect(await loading).toMatch(/took longer than 0.3 s/);

    stage.waiting.length = 0;
    const again = addModel(pool, 2);
    const load = await stage.next();
    const late = ask(pool, model);
    await stage.next();
    load.answer();
    await again;

    expect(await late).toMatch(/^deadline: a run of model 'm1' took longer/);
  });
});
