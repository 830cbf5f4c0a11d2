import type { Parameters } from '../model/metadata';

/** What a runner is told of the caller of a run. */
export interface CallMeta {
  readonly id?: string;
  readonly parameters?: Parameters;
  readonly headers?: { readonly [name: string]: string };
  readonly protocol: 'v1' | 'v2';
  /** Positions of the outputs wanted. */
  readonly outputs?: readonly number[];
}

/** A free-form call: the body as it came. */
export interface CallRequest extends CallMeta {
  readonly verb: 'predict' | 'explain';
  readonly wire: 'v1' | 'v2' | 'grpc';
  /** Whether the data of a CloudEvent is JSON; of what is no event the content type tells. */
  readonly isJson?: boolean;
  readonly headerLength?: string;
  readonly model: string;
  readonly version?: string;
}

/** A body that the runner is to decode, and what its headers said. */
export interface RawRequest {
  readonly protocol: 'v1' | 'v2' | 'grpc';
  /** Value of Inference-Header-Content-Length. */
  readonly headerLength?: string;
  readonly model: string;
  readonly version?: string;
  /** Most rows admitted. */
  readonly maxRows: number;
  /** For user code. */
  readonly headers?: { readonly [name: string]: string };
}

/** How a reply that the runner has encoded is to be sent. */
export interface RawReplyHead {
  /** Length of the JSON part when binary tensors follow. */
  readonly jsonLength?: number;
  readonly rows: number;
}

/** Texts to be tokenized. */
export interface TokenizeRequest {
  readonly texts: readonly string[];
  /** What each of them is paired with, where it is. */
  readonly query?: string;
  /** Most tokens of each that are wanted. */
  readonly most: number;
}
