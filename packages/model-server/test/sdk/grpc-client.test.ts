import * as grpc from '@grpc/grpc-js';
import { InferRequest } from '../../src/sdk/messages';
import { PredictorClient } from '../../src/sdk/predictor-client';
import { InferTensor } from '../../src/sdk/tensors';

const REQUEST = new InferRequest('m', [InferTensor.of('x', 'FP32', [1])]);

let client: PredictorClient;
let service: grpc.Server;

/** A client of a predictor that answers any method with what `answer` gives for its name. */
async function serve(answer: (method: string, message: Buffer) => Buffer | grpc.status): Promise<void> {
  service = new grpc.Server();
  const same = (bytes: Buffer): Buffer => bytes;
  const method = (name: string) => ({ path: `/inference.GRPCInferenceService/${name}`, requestStream: false, responseStream: false, requestSerialize: same, requestDeserialize: same, responseSerialize: same, responseDeserialize: same });
  const handle = (name: string): grpc.handleUnaryCall<Buffer, Buffer> => ({ request }, done) => {
    const result = answer(name, request);
    done(typeof result === 'number' ? { code: result, details: 'no' } : null, typeof result === 'number' ? undefined : result);
  };
  service.addService({ infer: method('ModelInfer'), ready: method('ModelReady') }, { infer: handle('ModelInfer'), ready: handle('ModelReady') });
  const port = await new Promise<number>((resolve, reject) => service.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => (error === null ? resolve(bound) : reject(error))));
  client = new PredictorClient({ host: `127.0.0.1:${port}`, protocol: 'grpc-v2' });
}

afterEach(() => {
  client.close();
  service.forceShutdown();
});

test.each([
  ['invalid', grpc.status.INVALID_ARGUMENT],
  ['exhausted', grpc.status.RESOURCE_EXHAUSTED],
  ['unimplemented', grpc.status.UNIMPLEMENTED],
  ['unavailable', grpc.status.UNAVAILABLE],
  ['inference', grpc.status.UNKNOWN],
])('the failure is %s where the status is %d', async (code, status) => {
  await serve(() => status);

  await expect(client.infer(REQUEST)).rejects.toMatchObject({ code });
});

test.each([
  ['no message', Buffer.from([0x0a, 9])],
  ['a tensor without a name', Buffer.from([0x2a, 0])],
])('a reply that is %s is the failure of the predictor', async (_, reply) => {
  await serve(() => reply);

  await expect(client.infer(REQUEST)).rejects.toMatchObject({ code: 'inference', message: expect.stringContaining("the predictor's reply cannot be read") });
});

test('a model with a long name is ready', async () => {
  const name = 'm'.repeat(300);
  await serve((_, message) => Buffer.from(message.subarray(3).toString() === name ? [8, 1] : []));

  expect([await client.isReady(name), await client.isReady('other')]).toEqual([true, false]);
});
