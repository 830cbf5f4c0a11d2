import { identityModel } from './models';
import { folderWith } from './server';
import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { encodeInferRequest } from '../../src/grpc/infer-codec';
import { MESSAGES } from '../../src/grpc/schema';
import { encodeMessage } from '../../src/protobuf/message';
import { xgboostModel } from '../trees/models';

/** A valid request by one of the protocols, and what its answer must be. */
export interface Exchange {
  readonly kind: string;
  readonly transport: 'http' | 'grpc';
  readonly path: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body: Buffer;
  right(reply: Buffer): boolean;
}

const USER = `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { x: { datatype: 'FP32', shape: [-1, 2] } },
  outputs: { y: { datatype: 'FP32', shape: [-1, 2] } },
  predict: ({ x }) => ({ y: x.data.map((value) => value * 2) }),
});
`;

const STREAM = `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { n: { datatype: 'INT32', shape: [1] } },
  outputs: { i: { datatype: 'INT32', shape: [1] } },
  async *predict({ n }) {
    // a damaged request asks for billions
    for (let i = 0; i < Math.min(n.data[0], 1000); i++) yield { i: [i] };
  },
});
`;

/** A folder of the models that `exchange` asks, and of others. */
export function exchangeModels(others: { readonly [path: string]: Uint8Array } = {}): string {
  return folderWith({
    ...others,
    'fp32/model.onnx': identityModel(ELEMENT.FLOAT),
    'cached/model.onnx': identityModel(ELEMENT.FLOAT),
    'cached/model.json': '{"deterministic":true,"cacheMiB":1}',
    'bytes/model.onnx': identityModel(ELEMENT.STRING),
    'tree/model.json': xgboostModel(),
    'user/model.mjs': USER,
    'stream/model.mjs': STREAM,
  });
}

type Make = (i: number) => Omit<Exchange, 'kind'>;

const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));
const floats = (i: number): Buffer => Buffer.from(Float32Array.of(i, i + 0.5).buffer);
const is = (text: string) => (reply: Buffer): boolean => reply.toString() === text;
const isV2 = (name: string, data: readonly unknown[]) => (reply: Buffer): boolean => {
  const { id, outputs } = JSON.parse(reply.toString()) as { id?: string; outputs?: { name: string; data: unknown }[] };
  return id === 'i' && outputs?.length === 1 && outputs[0]!.name === name && JSON.stringify(outputs[0]!.data) === JSON.stringify(data);
};
const v1 = (model: string, i: number, answer: string): Omit<Exchange, 'kind'> =>
  ({ transport: 'http', path: `/v1/models/${model}:predict`, body: json({ instances: [[i, i + 0.5]] }), right: is(`{"predictions":[${answer}]}`) });
const tensor = (datatype: string, more: object) => ({ name: 'x', datatype, shape: [1, 2], ...more });
const v2 = (model: string, input: object, more: Partial<Omit<Exchange, 'kind'>>): Omit<Exchange, 'kind'> =>
  ({ transport: 'http', path: `/v2/models/${model}/infer`, body: json({ id: 'i', inputs: [input] }), right: () => false, ...more });
const INFER = '/inference.GRPCInferenceService/ModelInfer';

/** Requests whose numbers follow from `i`, so that answers to others are seen as wrong. */
const MAKERS: { readonly [kind: string]: Make } = {
  'v1': (i) => v1('fp32', i, `[${i},${i + 0.5}]`),
  'v1 tree': (i) => v1('tree', i, i < 0.5 ? '1' : '2'),
  'v1 user': (i) => v1('user', i, `[${2 * i},${2 * i + 1}]`),
  'v1 cached': (i) => v1('cached', i % 7, `[${i % 7},${(i % 7) + 0.5}]`),
  'v2': (i) => v2('fp32', tensor('FP32', { data: [i, i + 0.5] }), { right: isV2('y', [i, i + 0.5]) }),
  'v2 bytes': (i) => v2('bytes', tensor('BYTES', { data: [`${i}`, 'ü'] }), { right: isV2('y', [`${i}`, 'ü']) }),
  'v2 binary': (i) => {
    const head = json({ inputs: [tensor('FP32', { parameters: { binary_data_size: 8 } })], outputs: [{ name: 'y', parameters: { binary_data: true } }] });
    return v2('fp32', {}, { headers: { 'inference-header-content-length': String(head.length) }, body: Buffer.concat([head, floats(i)]), right: (reply) => reply.subarray(-8).equals(floats(i)) });
  },
  'v2 raw': (i) => v2('fp32', {}, { headers: { 'inference-header-content-length': '0' }, body: floats(i), right: (reply) => reply.subarray(-8).equals(floats(i)) }),
  'sse': (i) => ({
    transport: 'http',
    path: '/v2/models/stream/generate_stream',
    body: json({ inputs: [{ name: 'n', datatype: 'INT32', shape: [1], data: [1 + (i % 3)] }] }),
    right: (reply) => [...reply.toString().matchAll(/^data: .*"data":\[(\d+)\]/gm)].map((match) => match[1]).join() === [0, 1, 2].slice(0, 1 + (i % 3)).join(),
  }),
  // the floats are the last field of the answer
  'grpc raw': (i) => ({
    transport: 'grpc',
    path: INFER,
    body: encodeInferRequest({ modelName: 'fp32', inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: Float32Array.of(i, i + 0.5) }] }),
    right: (reply) => reply.subarray(-8).equals(floats(i)),
  }),
  'grpc typed': (i) => ({
    transport: 'grpc',
    path: INFER,
    body: encodeMessage(MESSAGES, '.inference.ModelInferRequest', { model_name: 'fp32', inputs: [tensor('FP32', { contents: { fp32_contents: [i, i + 0.5] } })] }),
    right: (reply) => reply.subarray(-8).equals(floats(i)),
  }),
};

export const KINDS = Object.keys(MAKERS);

export function exchange(kind: string, i: number): Exchange {
  return { kind, ...MAKERS[kind]!(i) };
}
