import { ELEMENT } from '../../src/examples/onnx-model';
import { fuzz } from '../support/fuzz';
import { identityModel } from '../support/models';
import { folderWith, TestServer } from '../support/server';

const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 1500);

test(`${REQUESTS} damaged requests neither end the server nor spoil the valid one after each`, async () => {
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1e9);
  process.stdout.write(`fuzz seed ${seed}\n`);
  const server = await TestServer.start([folderWith({ 'fp32/model.onnx': identityModel(ELEMENT.FLOAT), 'bytes/model.onnx': identityModel(ELEMENT.STRING) })]);
  const { wrong, statuses } = await fuzz(server, REQUESTS, seed);
  const restarts = /model_server_runner_restarts_total\{reason="crash"\} (\d+)/.exec((await server.call('/metrics')).body.toString())?.[1];
  await server.stop();

  expect({ seed, wrong, restarts }).toEqual({ seed, wrong: [], restarts: '0' });
  expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['200', '400', 'grpc 0', 'grpc 3']));
}, 24 * 3600_000);
