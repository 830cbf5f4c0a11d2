import { connect } from 'node:net';
import { ELEMENT } from '../../../src/engine/onnx/onnx-model';
import { identityModel } from '../../support/models';
import { folderWith, TestServer } from '../../support/server';

test('a large reply that is being read when the server ends is whole', async () => {
  const server = await TestServer.start([folderWith({ 'model.onnx': identityModel(ELEMENT.FLOAT, ['N']) }), '--model_name=m', '--max_rows=10000000']);
  const floats = Buffer.alloc(32 << 20, 1);
  const head = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [floats.length / 4], parameters: { binary_data_size: floats.length } }], parameters: { binary_data_output: true } });
  const socket = connect(server.httpPort, '127.0.0.1');
  let received = 0;
  socket.on('data', (chunk: Buffer) => { received += chunk.length; });
  socket.on('error', () => undefined);
  const ended = new Promise((resolve) => socket.on('close', resolve));
  socket.pause();
  socket.write(`POST /v2/models/m/infer HTTP/1.1\r\nHost: a\r\nInference-Header-Content-Length: ${head.length}\r\nContent-Length: ${head.length + floats.length}\r\n\r\n${head}`);
  socket.write(floats);
  while (!/requests_total\{.*outcome="success".*\} 1\n/.test((await server.call('/metrics')).body.toString())) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const stopped = server.stop();
  await new Promise((resolve) => setTimeout(resolve, 500));
  socket.resume();
  await ended;

  expect(received).toBeGreaterThan(floats.length);
  expect(await stopped).toBe(0);
}, 120_000);
