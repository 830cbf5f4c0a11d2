import * as grpc from '@grpc/grpc-js';
import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { irisModel } from '../../src/examples/iris';
import { FILES } from '../../src/grpc/schema';
import { identityModel, twoByTwo } from '../support/models';
import { referenceRoot, typeOf } from '../support/protobuf';
import { folderWith, TestServer } from '../support/server';
import { lightgbmModel } from '../trees/models';

const root = referenceRoot();
let server: TestServer;
let client: grpc.Client;

beforeAll(async () => {
  server = await TestServer.start([folderWith({
    'iris/model.onnx': irisModel(),
    'two/model.onnx': twoByTwo(),
    'int8/model.onnx': identityModel(ELEMENT.INT8),
    'fp32/1/model.onnx': identityModel(ELEMENT.FLOAT),
    'trees/model.txt': lightgbmModel(),
    'bytes/model.onnx': identityModel(ELEMENT.STRING),
  }), '--max_body_bytes=8000000']);
  client = new grpc.Client(`127.0.0.1:${server.grpcPort}`, grpc.credentials.createInsecure());
}, 60_000);

afterAll(async () => {
  client.close();
  await server.stop();
});

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Message = any;

function definition(service: string, method: string): { path: string; encode: (message: Message) => Buffer; decode: (bytes: Buffer) => Message } {
  const def = FILES.map((file) => file.services[service]?.[method]).find((found) => found !== undefined)!;
  const request = typeOf(root, def.request.slice(1));
  const response = typeOf(root, def.response.slice(1));
  return {
    path: `/${service}/${method}`,
    encode: (message) => Buffer.from(request.encode(request.fromObject(message)).finish()),
    decode: (bytes) => response.toObject(response.decode(bytes), { longs: Number, enums: Number }),
  };
}

function call(method: string, message: Message, options: grpc.CallOptions = {}, service = 'inference.GRPCInferenceService'): Promise<Message> {
  const { path, encode, decode } = definition(service, method);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, encode, decode, message, new grpc.Metadata(), options, (error, reply) => (error === null ? resolve(reply) : reject(error)));
  });
}

const fp32 = (data: number[], more: object = {}): object => ({ model_name: 'fp32', inputs: [{ name: 'x', datatype: 'FP32', shape: [data.length / 2, 2], contents: { fp32_contents: data } }], ...more });

test('server and model answer for themselves', async () => {
  expect(await call('ServerLive', {})).toEqual({ live: true });
  expect(await call('ServerReady', {})).toEqual({ ready: true });
  expect(await call('ServerMetadata', {})).toMatchObject({ name: 'kserve-model-server' });
  expect(await call('ModelReady', { name: 'iris' })).toEqual({ ready: true });
  expect(await call('ModelMetadata', { name: 'fp32' })).toMatchObject({
    name: 'fp32', versions: ['1'], platform: 'onnxruntime_onnx', inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }], outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 2] }],
  });
});

test('typed in, typed out', async () => {
  expect(await call('ModelInfer', fp32([1, 2.5], { id: '7' }))).toEqual({ model_name: 'fp32', model_version: '1', id: '7', outputs: [{ name: 'y', datatype: 'FP32', shape: [1, 2], contents: { fp32_contents: [1, 2.5] } }] });
  expect(await call('ModelInfer', { model_name: 'int8', inputs: [{ name: 'x', datatype: 'INT8', shape: [1, 2], contents: { int_contents: [-128, 127] } }] })).toMatchObject({ outputs: [{ contents: { int_contents: [-128, 127] } }] });
  expect(await call('ModelInfer', { model_name: 'iris', inputs: [{ name: 'X', datatype: 'FP32', shape: [1, 4], contents: { fp32_contents: [5.1, 3.5, 1.4, 0.2] } }], outputs: [{ name: 'output_label' }] })).toMatchObject({ outputs: [{ contents: { bytes_contents: [Buffer.from('setosa')] } }] });
});

test('typed contents of another datatype are taken where the model says so', async () => {
  const input = { name: 'input-0', datatype: 'FP32', shape: [2, 2], contents: { fp32_contents: [0.5, 0, 0.75, 0] } };

  expect(await call('ModelInfer', { model_name: 'trees', inputs: [input] })).toMatchObject({ outputs: [{ datatype: 'FP64', contents: { fp64_contents: [1, 2] } }] });
  expect((await call('ModelMetadata', { name: 'trees' })).inputs[0].parameters.accepts.string_param).toContain('"FP32"');
});

test('raw in, raw out', async () => {
  const raw = Buffer.from(Float32Array.of(1, 2).buffer);

  expect(await call('ModelInfer', { model_name: 'fp32', inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2] }], raw_input_contents: [raw] })).toMatchObject({ outputs: [{ name: 'y', shape: [1, 2] }], raw_output_contents: [raw] });
});

test.each([
  ['an unknown model', { model_name: 'nothing' }, grpc.status.NOT_FOUND, /does not exist/],
  ['an unknown version', fp32([1, 2], { model_version: '9' }), grpc.status.NOT_FOUND, /no version '9'/],
  ['a wrong datatype', { model_name: 'fp32', inputs: [{ name: 'x', datatype: 'FP64', shape: [1, 2], contents: { fp64_contents: [1, 2] } }] }, grpc.status.INVALID_ARGUMENT, /must be FP32, but is FP64/],
  ['an unknown output', fp32([1, 2], { outputs: [{ name: 'z' }] }), grpc.status.INVALID_ARGUMENT, /no output 'z'/],
  ['a missing input', { model_name: 'two', inputs: [] }, grpc.status.INVALID_ARGUMENT, /is missing/],
  ['a message beyond the limit', { model_name: 'x'.repeat(8_000_001) }, grpc.status.RESOURCE_EXHAUSTED, /larger than the 8000000 that --max_body_bytes admits/],
])('%s has its status, and the next request succeeds', async (_, message, code, details) => {
  await expect(call('ModelInfer', message)).rejects.toMatchObject({ code, details: expect.stringMatching(details) });
  expect(await call('ModelInfer', fp32([3, 4]))).toMatchObject({ outputs: [{ contents: { fp32_contents: [3, 4] } }] });
});

test('load is refused where the models are fixed by nothing but the folder, and works here', async () => {
  expect(await call('RepositoryModelLoad', { repository_name: 'iris' })).toEqual({ model_name: 'iris', isLoaded: true });
  expect(await call('RepositoryModelLoad', { model_name: 'iris' })).toEqual({ model_name: 'iris', isLoaded: true });
  expect(await call('RepositoryModelUnload', { model_name: 'bytes' })).toEqual({ model_name: 'bytes', isUnloaded: true });
  await expect(call('ModelReady', { name: 'bytes' })).rejects.toMatchObject({ code: grpc.status.NOT_FOUND });
  expect((await call('RepositoryIndex', {})).models.map((model: Message) => `${model.name} ${model.state}`).sort()).toEqual(['bytes UNAVAILABLE', 'fp32 READY', 'int8 READY', 'iris READY', 'trees READY', 'two READY']);
});

test.each(['typed', 'raw'])('a message above 1 MiB (%s), decoded in the runner, is answered as a small one', async (form) => {
  const data = Float32Array.from({ length: 300_000 }, (_, i) => i / 8);
  const input = { name: 'x', datatype: 'FP32', shape: [150_000, 2] };
  const bytes = Buffer.from(data.buffer);
  const reply = await call('ModelInfer', form === 'raw' ? { model_name: 'fp32', id: 'l', inputs: [input], raw_input_contents: [bytes] } : { model_name: 'fp32', id: 'l', inputs: [{ ...input, contents: { fp32_contents: Array.from(data) } }] });

  expect(reply).toMatchObject({ id: 'l', model_version: '1', outputs: [{ shape: [150_000, 2] }] });
  expect(form === 'raw' ? bytes.equals(reply.raw_output_contents[0]) : reply.outputs[0].contents.fp32_contents.every((value: number, i: number) => value === i / 8)).toBe(true);
});

test('a stream answers in order, a bad request in its place', async () => {
  const { path, encode, decode } = definition('inference.GRPCInferenceService', 'ModelStreamInfer');
  const stream = client.makeBidiStreamRequest(path, encode, decode);
  const replies: Message[] = [];
  stream.on('data', (reply: Message) => replies.push(reply));
  for (let i = 0; i < 100; i++) {
    stream.write(i === 50 ? { model_name: 'nothing' } : fp32([i, i]));
  }
  stream.end();
  await new Promise((resolve, reject) => { stream.on('end', resolve); stream.on('error', reject); });

  expect(replies.map((reply, i) => (i === 50 ? reply.error_message : reply.infer_response.outputs[0].contents.fp32_contents[0]))).toEqual(Array.from({ length: 100 }, (_, i) => (i === 50 ? 'Model with name nothing does not exist.' : i)));
});

test('the standard health service answers for the server and for each model', async () => {
  const check = (service: string): Promise<Message> => call('Check', { service }, {}, 'grpc.health.v1.Health');

  expect([await check(''), await check('iris')]).toEqual([{ status: 1 }, { status: 1 }]);
  await expect(check('nothing')).rejects.toMatchObject({ code: grpc.status.NOT_FOUND });
});

test.each(['v1', 'v1alpha'])('reflection %s lists the services and gives their files', async (version) => {
  const { path, encode, decode } = definition(`grpc.reflection.${version}.ServerReflection`, 'ServerReflectionInfo');
  const stream = client.makeBidiStreamRequest(path, encode, decode);
  const replies: Message[] = [];
  stream.on('data', (reply: Message) => replies.push(reply));
  stream.write({ list_services: '' });
  stream.write({ file_containing_symbol: 'inference.GRPCInferenceService' });
  stream.write({ file_containing_symbol: 'no.such.Thing' });
  stream.end();
  await new Promise((resolve, reject) => { stream.on('end', resolve); stream.on('error', reject); });

  expect(replies[0].list_services_response.service.map((service: Message) => service.name)).toContain('inference.GRPCInferenceService');
  expect(replies[1].file_descriptor_response.file_descriptor_proto[0].length).toBeGreaterThan(1000);
  expect(replies[2].error_response.error_code).toBe(5);
});
