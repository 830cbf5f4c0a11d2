import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { InferRequest } from '../../src/sdk/messages';
import { PredictorClient } from '../../src/sdk/predictor-client';
import { InferTensor } from '../../src/sdk/tensors';
import { identityModel } from '../support/models';
import { folderWith, TestServer } from '../support/server';

/** Writes a fresh key and its certificate; gives the certificate's serial number. */
function certify(key: string, cert: string): string {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2', ...subject], { stdio: 'ignore' });
  return new X509Certificate(readFileSync(cert)).serialNumber;
}

/** The serial number of the certificate that a port shows. */
const shown = (port: number, ALPNProtocols?: string[]): Promise<string> => new Promise((resolve, reject) => {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols }, () => {
    resolve(socket.getPeerCertificate().serialNumber);
    socket.destroy();
  });
  socket.on('error', reject);
});

test('REST and gRPC are served with TLS, and the client trusts the CA it is given', async () => {
  const keys = folderWith({});
  const [key, cert] = [join(keys, 'tls.key'), join(keys, 'tls.crt')];
  certify(key, cert);
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

test('files that change are used for new connections, by REST and gRPC; a pair that does not fit is not', async () => {
  const keys = folderWith({});
  const [key, cert] = [join(keys, 'tls.key'), join(keys, 'tls.crt')];
  const first = certify(key, cert);
  const server = await TestServer.start([folderWith({ 'model.onnx': identityModel(ELEMENT.FLOAT) }), '--model_name=m', `--ssl_keyfile=${key}`, `--ssl_certfile=${cert}`]);
  const both = (): Promise<string[]> => Promise.all([shown(server.httpPort), shown(server.grpcPort, ['h2'])]);
  const told = async (text: string): Promise<void> => {
    for (let i = 0; i < 500 && !server.output.includes(text); i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const before = await both();
  const other = folderWith({});
  certify(join(other, 'tls.key'), join(other, 'tls.crt'));
  copyFileSync(join(other, 'tls.crt'), cert);
  await told('the changed TLS files cannot be used');
  const unfit = await both();
  const second = certify(key, cert);
  await told('the changed TLS files are in use');
  const after = await both();
  await server.stop();

  expect({ before, unfit, after }).toEqual({ before: [first, first], unfit: [first, first], after: [second, second] });
}, 30_000);
