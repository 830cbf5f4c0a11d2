import * as errors from '../../src/errors';
import { Frame, Op } from '../../src/frames/frame';
import { RunnerProcess } from '../../src/pool/runner-process';
import { folderWith } from '../support/server';

/** Answers every frame with itself. */
const ECHO = "const socket = new (require('node:net').Socket)({ fd: 3 }); socket.on('data', (chunk) => socket.write(chunk)); socket.on('end', () => process.exit());";

afterEach(() => jest.restoreAllMocks());

test('a runner outlives what is thrown at its answer', async () => {
  const unhandled = jest.spyOn(errors, 'reportUnhandled').mockImplementation(() => undefined);
  const exits: string[] = [];
  const runner = new RunnerProcess({ entry: `${folderWith({ 'echo.js': ECHO })}/echo.js`, nameOf: () => 'x', onExit: (reason) => exits.push(reason) });
  const failure = new Error('not so');
  const lost: unknown[] = [];
  await new Promise<void>((resolve) => runner.ask({ op: Op.CALL, slot: 1 }, () => {
    resolve();
    throw failure;
  }, (error) => lost.push(error)));
  const next = await new Promise<Frame>((resolve, reject) => runner.ask({ op: Op.CALL, slot: 2 }, resolve, reject));

  expect([next.slot, exits, lost, unhandled.mock.calls]).toEqual([2, [], [], [[failure]]]);

  runner.kill('the test is over');
});

test('what is thrown at the loss of a runner leaves the others told', async () => {
  const unhandled = jest.spyOn(errors, 'reportUnhandled').mockImplementation(() => undefined);
  const failures = ['exit', 'first'].map((text) => new Error(text));
  const fail = (i: number): never => { throw failures[i]!; };
  const runner = new RunnerProcess({ entry: `${folderWith({ 'silent.js': 'setInterval(() => undefined, 1000)' })}/silent.js`, nameOf: () => 'x', onExit: () => fail(0) });
  runner.ask({ op: Op.CALL, slot: 1 }, () => undefined, () => fail(1));
  const lost = new Promise<errors.ServerError>((resolve) => runner.ask({ op: Op.CALL, slot: 2 }, () => undefined, resolve));
  runner.kill('the test is over');

  expect((await lost).message).toBe('the runner of the model ended: the test is over');
  expect(unhandled.mock.calls).toEqual(failures.map((failure) => [failure]));
});
