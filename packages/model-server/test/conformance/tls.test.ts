import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ELEMENT } from '../../src/examples/onnx-model';
import { InferRequest } from '../../src/sdk/messages';
import { PredictorClient } from '../../src/sdk/predictor-client';
import { InferTensor } from '../../src/sdk/tensors';
import { identityModel } from '../support/models';
import { folderWith, TestServer } from '../support/server';

test('REST and gRPC are served with TLS, and the client trusts the CA it is given', async () => {
  const keys = folderWith({});
  const [key, cert] = [join(keys, 'tls.key'), join(keys, 'tls.crt')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'], { stdio: 'ignore' });
  const server = await TestServer.start([folderWith({ 'model.onnx': identityModel(ELEMENT.FLOAT) }), '--model_name=m', `--ssl_keyfile=${key}`, `--ssl_certfile=${cert}`]);
  const request = new InferRequest('m', [new InferTensor('x', 'FP32', [1, 2], [1, 2])]);
  const answers = [];
  for (const [protocol, port] of [['v2', server.httpPort], ['grpc-v2', server.grpcPort]] as const) {
    const client = new PredictorClient({ host: `localhost:${port}`, protocol, useSsl: true, caFile: cert });
    answers.push((await client.infer(request)).output('y').nested());
    client.close();
  }
  const stranger = new PredictorClient({ host: `localhost:${server.httpPort}`, protocol: 'v2', useSsl: true });
  await expect(stranger.infer(request)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('self-signed') });
  stranger.close();
  await server.stop();

  expect(answers).toEqual([[[1, 2]], [[1, 2]]]);
}, 30_000);
