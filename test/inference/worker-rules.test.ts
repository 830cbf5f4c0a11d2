import { judge, standard } from './judge';
import { WORKER_RULES } from '../../src/inference/worker-rules';

const MODEL = { modelFormat: { name: 'sklearn' } };
const CONTAINER = { name: 'kserve-container', image: 'server' };

test('the storage and the autoscaler of workers are judged beside a model only', () => {
  const workers = { workerSpec: { pipelineParallelSize: 2 } };
  const found = (predictor: object) => judge(WORKER_RULES, standard(predictor)).map((finding) => finding.slice(0, 7)).filter((code) => ['KSV1416', 'KSV1417'].includes(code));

  expect(found({ ...workers, model: MODEL })).toEqual(['KSV1416', 'KSV1417']);
  expect(found({ ...workers, containers: [CONTAINER] })).toEqual([]);
});
