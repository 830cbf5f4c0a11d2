import { decodeV1, encodeV1 } from './v1';
import { decodeV2, encodeV2, RawInput } from './v2';
import { ServerError } from '../errors';
import type { RawReplyHead, RawRequest } from '../frames/meta';
import { decodeInferRequest, encodeInferResponse, GrpcInferCall } from '../grpc/infer-codec';
import { bindInputs, bindOutputs, InferCall, ModelMetadata } from '../model/metadata';
import { infoOf } from '../tensor/datatypes';
import { Tensor } from '../tensor/tensor';

export interface RawReply {
  readonly head: RawReplyHead;
  readonly body: Uint8Array[];
}

/** The single input a body without JSON means. */
export function rawInputOf(metadata: ModelMetadata): RawInput | undefined {
  const [only, more] = metadata.inputs;
  return only === undefined || more !== undefined ? undefined : { name: only.name, info: infoOf(only.datatype), shape: only.shape };
}

/** The outputs a V1 call asks for by not asking. */
export function v1Outputs(metadata: ModelMetadata): number[] | undefined {
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

/** Decodes a body, runs the model and encodes the reply, all in the calling process. */
export async function runRaw(
  metadata: ModelMetadata,
  request: RawRequest,
  body: Uint8Array,
  run: (inputs: readonly (Tensor | undefined)[], outputs: readonly number[] | undefined, call: InferCall) => Tensor[] | Promise<Tensor[]>,
): Promise<RawReply> {
  const { call, inputs, outputs } = decodeBody(metadata, request.protocol, body, request.headerLength);
  const rows = inputs[0]?.shape[0] ?? 1;
  if (rows > request.maxRows) {
    throw tooManyRows(rows, request.maxRows);
  }
  const results = await run(inputs, outputs, call);
  if (request.protocol === 'v1') {
    return { head: { rows }, body: [Buffer.from(encodeV1(results))] };
  }
  if (request.protocol === 'grpc') {
    return { head: { rows }, body: [encodeInferResponse(request.model, request.version, call as GrpcInferCall, results)] };
  }
  const reply = encodeV2({ model: request.model, version: request.version, id: call.id }, results, call);
  return { head: { rows, jsonLength: reply.jsonLength }, body: typeof reply.body === 'string' ? [Buffer.from(reply.body)] : reply.body };
}
