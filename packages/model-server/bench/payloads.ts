import { httpRequest } from './load/http1';
import type { LoadJob } from './load/job';
import { encodeInferRequest } from '../src/grpc/infer-codec';

/** A job but for its length. */
export type Load = Omit<LoadJob, 'seconds'>;

export interface Input {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export const randomInput = (name: string, shape: readonly number[]): Input =>
  ({ name, shape, data: Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => Math.random()) });

const rest = (port: number, connections: number, request: Buffer): Load => ({ protocol: 'http', port, connections, streams: 1, request });

export const get = (port: number, path: string): Load => rest(port, 1, httpRequest(path));

export const json = (port: number, path: string, body: unknown, connections = 16): Load =>
  rest(port, connections, httpRequest(path, Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))));

/** A V2 request with one binary input, answered binary. */
export function binary(port: number, model: string, { name, shape, data }: Input, connections = 16): Load {
  const head = Buffer.from(JSON.stringify({ inputs: [{ name, datatype: 'FP32', shape, parameters: { binary_data_size: data.byteLength } }], parameters: { binary_data_output: true } }));
  return rest(port, connections, httpRequest(`/v2/models/${model}/infer`, Buffer.concat([head, new Uint8Array(data.buffer)]), { 'Content-Type': 'application/octet-stream', 'Inference-Header-Content-Length': String(head.length) }));
}

/** ModelInfer with raw contents. */
export function grpc(port: number, model: string, { name, shape, data }: Input, connections = 16, streams = 1): Load {
  return { protocol: 'grpc', port, connections, streams, path: '/inference.GRPCInferenceService/ModelInfer', request: encodeInferRequest({ modelName: model, inputs: [{ name, datatype: 'FP32', shape, data }] }) };
}

/** An image as nested rows, four digits a number as clients round their pixels. */
export function imageJson({ shape, data }: Input): Buffer {
  const [, channels, height, width] = shape as [number, number, number, number];
  const row = (at: number): number[] => Array.from(data.subarray(at, at + width), (value) => Number(value.toFixed(4)));
  const image = Array.from({ length: channels }, (_, c) => Array.from({ length: height }, (__, y) => row((c * height + y) * width)));
  return Buffer.from(JSON.stringify({ instances: [image] }));
}

/** A V1 body of about so many bytes, rows of `width` numbers. */
export function wideJson(bytes: number, width: number): Buffer {
  const row = `[${Array.from({ length: width }, () => Math.random().toFixed(4)).join(',')}]`;
  return Buffer.from(`{"instances":[${Array.from({ length: Math.floor(bytes / (row.length + 1)) }, () => row).join(',')}]}`);
}
