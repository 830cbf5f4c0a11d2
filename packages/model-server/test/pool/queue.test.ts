import * as errors from '../../src/errors';
import { Op } from '../../src/frames/frame';
import { Job, JobDone } from '../../src/pool/job';
import { JobQueue } from '../../src/pool/queue';

afterEach(() => jest.restoreAllMocks());

test('a caller that throws leaves the others told', () => {
  const unhandled = jest.spyOn(errors, 'reportUnhandled').mockImplementation(() => undefined);
  const queue = new JobQueue('m', { maxWaiting: 10, maxBatch: 1 });
  const failure = new Error('not so');
  const told: unknown[] = [];
  const callers: JobDone[] = [(error) => told.push(error), () => { throw failure; }, (error) => told.push(error)];
  for (const caller of callers) {
    queue.push(new Job({ op: Op.CALL, rows: -1, key: '' }, caller, undefined));
  }
  const reason = errors.unavailable('gone');
  queue.failAll(reason);

  expect([told, unhandled.mock.calls]).toEqual([[reason, reason], [[failure]]]);
});
