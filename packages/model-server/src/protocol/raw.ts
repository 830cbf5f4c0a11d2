import { decodeV1, encodeV1 } from './v1';
import { decodeV2, encodeV2, RawInput, ReplyHead } from './v2';
import { ServerError } from '../errors';
import type { CallMeta, RawReplyHead, RawRequest } from '../frames/meta';
import { decodeInferRequest, encodeInferResponse } from '../grpc/infer-codec';
import { bindInputs, bindOutputs, InferCall, ModelMetadata } from '../model/metadata';
import { infoOf } from '../tensor/datatypes';
import { leadingRows } from '../tensor/rows';
import { Tensor } from '../tensor/tensor';

export interface RawReply {
  readonly head: RawReplyHead;
  readonly body: Uint8Array[];
}

/** The single input a body without JSON means. */
function rawInputOf(metadata: ModelMetadata): RawInput | undefined {
  const [only, more] = metadata.inputs;
  return only === undefined || more !== undefined ? undefined : { name: only.name, info: infoOf(only.datatype), shape: only.shape };
}

/** The outputs a V1 call asks for by not asking. */
function v1Outputs(metadata: ModelMetadata): number[] | undefined {
  const index = metadata.outputs.findIndex((output) => output.name === metadata.v1Output);
  return index === -1 ? undefined : [index];
}

/** A decoded body, ready to run. */
export interface Bound {
  readonly call: InferCall;
  readonly inputs: (Tensor | undefined)[];
  readonly outputs: number[] | undefined;
}

/** Decodes a body by its protocol and checks it against the model. */
export function decodeBody(metadata: ModelMetadata, protocol: 'v1' | 'v2' | 'grpc', body: Uint8Array, headerLength: string | undefined): Bound {
  if (protocol === 'v1') {
    const call = decodeV1(body, metadata);
    return { call, inputs: bindInputs(metadata, call.inputs), outputs: v1Outputs(metadata) };
  }
  const call: InferCall = protocol === 'grpc' ? decodeInferRequest(body) : decodeV2(body, headerLength, rawInputOf(metadata));
  return { call, inputs: bindInputs(metadata, call.inputs), outputs: bindOutputs(metadata, call.outputs) };
}

/** The refusal of a request with more rows than admitted. */
export const tooManyRows = (rows: number, most: number): ServerError => new ServerError('invalid', `the request has ${rows} rows, more than the ${most} that are admitted`);

/** What user code may know of its caller. */
export interface Caller {
  readonly protocol: 'v1' | 'v2' | 'grpc';
  readonly headers?: { readonly [name: string]: string };
}

export function callMeta({ call, outputs }: Bound, { protocol, headers }: Caller): CallMeta {
  // 64-bit integers do not survive JSON; as text they stay whole
  const parameters = call.parameters === undefined ? undefined : Object.fromEntries(Object.entries(call.parameters).map(([key, value]) => [key, typeof value === 'bigint' ? String(value) : value]));
  return { id: call.id, parameters, headers, protocol: protocol === 'v1' ? 'v1' : 'v2', outputs };
}

/** Decodes a body that came as it was, in the process that runs the model. */
export function openRaw(metadata: ModelMetadata, request: RawRequest, body: Uint8Array): Bound & { readonly rows: number } {
  const bound = decodeBody(metadata, request.protocol, body, request.headerLength);
  const rows = leadingRows(bound.inputs);
  if (rows > request.maxRows) {
    throw tooManyRows(rows, request.maxRows);
  }
  return { ...bound, rows };
}

/** Decodes a body, runs the model and encodes the reply, all in the calling process. */
export async function runRaw(metadata: ModelMetadata, request: RawRequest, body: Uint8Array, run: (bound: Bound) => Tensor[] | Promise<Tensor[]>): Promise<RawReply> {
  const bound = openRaw(metadata, request, body);
  const { call, rows } = bound;
  const results = await run(bound);
  return request.protocol === 'v1'
    ? { head: { rows }, body: [Buffer.from(encodeV1(results))] }
    : encodeReply(request.protocol, { model: request.model, version: request.version, id: call.id }, call, results, rows);
}

/** The reply to a request of V2, with the outputs and in the form that it asks for. */
export function encodeReply(protocol: 'v2' | 'grpc', head: ReplyHead, call: InferCall & { readonly raw?: boolean }, tensors: readonly Tensor[], rows: number): RawReply {
  if (protocol === 'grpc') {
    return { head: { rows }, body: [encodeInferResponse(head.model, head.version, { id: head.id, raw: call.raw === true }, tensors, head.parameters)] };
  }
  const { body, jsonLength } = encodeV2(head, tensors, call);
  return { head: { rows, jsonLength }, body: typeof body === 'string' ? [Buffer.from(body)] : body };
}

/** A piece of a stream of server-sent events, which are text whatever was asked for. */
export function encodePiece(protocol: 'v1' | 'v2', head: ReplyHead, tensors: readonly Tensor[]): string {
  return protocol === 'v1' ? encodeV1(tensors) : encodeV2(head, tensors, { inputs: [] }).body as string;
}
