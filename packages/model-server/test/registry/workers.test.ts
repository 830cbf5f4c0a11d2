import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { identityModel } from '../support/models';
import { folderWith, runnersOf, TestServer } from '../support/server';

/** Makes a process believe in a machine of four cores and in this file of its control group. */
const believe = (cpuMax: string): string => `
const fs = require('node:fs');
const read = fs.readFileSync;
fs.readFileSync = (path, ...rest) => (path === '/sys/fs/cgroup/cpu.max' ? ${JSON.stringify(cpuMax)} : read(path, ...rest));
require('node:os').availableParallelism = () => 4;
`;

test.each([
  ['as many as are asked for, within the quota', '300000 100000\n', 3, 3],
  ['no more than the quota allows', '150000 100000\n', 3, 2],
  ['as many as the quota allows for 0, which KServe gives a transformer without a limit of concurrency', '300000 100000\n', 0, 3],
  ['no more than there are cores', 'max 100000\n', 9, 4],
])('a server has %s', async (_, cpuMax, workers, runners) => {
  const folder = folderWith({ 'm/model.onnx': identityModel(ELEMENT.FLOAT), 'believe.cjs': believe(cpuMax) });
  const server = await TestServer.start([`${folder}/m`, '--model_name=m', `--workers=${workers}`], { execArgv: ['--require', `${folder}/believe.cjs`] });
  const { json } = await server.call('/v1/models/m:predict', { body: { instances: [[1, 2]] } });
  const count = runnersOf(server).length;
  await server.stop();

  expect([json, count]).toEqual([{ predictions: [[1, 2]] }, runners]);
}, 60_000);
