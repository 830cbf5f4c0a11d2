import type { Exchange } from '../../../src/front/http/exchange';
import { callFree } from '../../../src/front/http/predict';
import { repliesAtLength } from '../../../src/front/replies';
import { Metrics } from '../../../src/metrics/registry';
import type { Job } from '../../../src/pool/job';
import type { ServedModel } from '../../../src/registry/served';

test('a long explanation says nothing of how long predictions are', () => {
  const jobs: Job[] = [];
  const model = { name: 'm', ready: true, metrics: new Metrics().openModel('m', undefined), metadata: { outputs: [] }, executor: { submit: (job: Job) => jobs.push(job) } } as unknown as ServedModel;
  const bytes = jest.fn();
  callFree({ header: () => undefined, headers: {}, bytes } as unknown as Exchange, model, 'v1', 'explain', [Buffer.from('{}')]);
  jobs[0]!.succeed({ tensors: [], meta: { rows: 1 }, bytes: [Buffer.alloc(2 << 20)], batch: 1, queuedMs: 0, runMs: 0 });

  expect([bytes.mock.calls.length, repliesAtLength(model, 'v1', 1)]).toEqual([1, false]);
});
