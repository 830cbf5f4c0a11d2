import * as errors from '../../src/errors';
import { Frame, Op } from '../../src/frames/frame';
import { RunnerProcess } from '../../src/pool/runner-process';
import { folderWith } from '../support/server';

/** Answers every frame with itself. */
const ECHO = "const socket = new (require('node:net').Socket)({ fd: 3 }); socket.on('data', (chunk) => socket.write(chunk)); socket.on('end', () => process.exit());";

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
