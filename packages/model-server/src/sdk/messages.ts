import { invalid } from '../errors';
import { isKind, KIND } from './brand';
import { InferTensor } from './tensors';
import { decodeInferRequest, encodeInferRequest, decodeInferResponse } from '../grpc/infer-codec';
import { InferCall, Parameters } from '../model/metadata';
import { decodeV2, decodeV2Reply, encodeV2Request, HEADER_LENGTH } from '../protocol/v2';
import { Tensor } from '../tensor/tensor';

/** A body with the headers that belong to it. */
export interface RestMessage {
  readonly body: Buffer;
  readonly headers: { readonly [name: string]: string };
}

const wrap = (tensor: Tensor): InferTensor => (tensor instanceof InferTensor ? tensor : new InferTensor(tensor.name, tensor.datatype, tensor.shape, tensor.data));

function find(tensors: readonly InferTensor[], name: string, kind: string): InferTensor {
  const found = tensors.find((tensor) => tensor.name === name);
  if (found === undefined) {
    throw invalid(`there is no ${kind} '${name}'; there are ${tensors.map((tensor) => tensor.name).join(', ') || 'none'}`);
  }
  return found;
}

export interface InferRequestOptions {
  readonly id?: string;
  readonly modelVersion?: string;
  readonly parameters?: Parameters;
  /** Names of the outputs wanted; all when left out. */
  readonly outputs?: readonly string[];
}

/** A request of the Open Inference Protocol, whichever way it travels. */
export class InferRequest {
  /** @internal */
  public readonly [KIND] = 'InferRequest';

  /** True for those of another copy of this package too. */
  public static [Symbol.hasInstance](value: unknown): boolean {
    return isKind(value, 'InferRequest');
  }

  public readonly inputs: readonly InferTensor[];
  public readonly id?: string;
  public readonly modelVersion?: string;
  public readonly parameters?: Parameters;
  public readonly outputs?: readonly string[];

  public constructor(public readonly modelName: string, inputs: readonly Tensor[], options: InferRequestOptions = {}) {
    this.inputs = inputs.map(wrap);
    this.id = options.id;
    this.modelVersion = options.modelVersion;
    this.parameters = options.parameters;
    this.outputs = options.outputs;
  }

  /** @internal */
  public static _fromCall(modelName: string, call: InferCall, modelVersion?: string): InferRequest {
    return new InferRequest(modelName, call.inputs, { id: call.id, parameters: call.parameters, modelVersion, outputs: call.outputs?.map((output) => output.name) });
  }

  /** Reads a REST body, with binary tensors where the header says so. */
  public static fromRest(modelName: string, body: Uint8Array, headers: { readonly [name: string]: string | undefined } = {}): InferRequest {
    return InferRequest._fromCall(modelName, decodeV2(body, headers[HEADER_LENGTH]));
  }

  /** Reads a ModelInferRequest message. */
  public static fromGrpc(message: Uint8Array): InferRequest {
    const call = decodeInferRequest(message);
    return InferRequest._fromCall(call.model, call, call.version);
  }

  public input(name: string): InferTensor {
    return find(this.inputs, name, 'input');
  }

  /** As a REST body; `binary` sends and asks for binary tensors. */
  public toRest(options: { readonly binary?: boolean } = {}): RestMessage {
    const { chunks, jsonLength } = encodeV2Request(this, options.binary === true);
    return {
      body: Buffer.concat(chunks),
      headers: jsonLength === undefined ? { 'content-type': 'application/json' } : { 'content-type': 'application/octet-stream', [HEADER_LENGTH]: String(jsonLength) },
    };
  }

  /** As a ModelInferRequest message with raw contents. */
  public toGrpc(): Buffer {
    return encodeInferRequest(this);
  }
}

export interface InferResponseOptions {
  readonly id?: string;
  readonly modelVersion?: string;
  readonly parameters?: Parameters;
}

/** A reply of the Open Inference Protocol. */
export class InferResponse {
  /** @internal */
  public readonly [KIND] = 'InferResponse';

  /** True for those of another copy of this package too. */
  public static [Symbol.hasInstance](value: unknown): boolean {
    return isKind(value, 'InferResponse');
  }

  public readonly outputs: readonly InferTensor[];
  public readonly id?: string;
  public readonly modelVersion?: string;
  public readonly parameters?: Parameters;

  public constructor(public readonly modelName: string, outputs: readonly Tensor[], options: InferResponseOptions = {}) {
    this.outputs = outputs.map(wrap);
    this.id = options.id;
    this.modelVersion = options.modelVersion;
    this.parameters = options.parameters;
  }

  /** Reads a REST reply. */
  public static fromRest(body: Uint8Array, headers: { readonly [name: string]: string | undefined } = {}): InferResponse {
    const { model, version, id, parameters, outputs } = decodeV2Reply(body, headers[HEADER_LENGTH]);
    return new InferResponse(model, outputs, { id, modelVersion: version, parameters });
  }

  /** Reads a ModelInferResponse message. */
  public static fromGrpc(message: Uint8Array): InferResponse {
    const { model, version, id, parameters, outputs } = decodeInferResponse(message);
    return new InferResponse(model, outputs, { id, modelVersion: version, parameters });
  }

  public output(name: string): InferTensor {
    return find(this.outputs, name, 'output');
  }
}
