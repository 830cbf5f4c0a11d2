import type { Logger } from './logger';
import type { PredictorClient } from './predictor-client';
import { DataOf, InferTensor, Nested } from './tensors';
import { Datatype } from '../tensor/tensor';

/** Declaration of one input or output. */
export interface TensorDefinition {
  readonly datatype: Datatype;
  /** Sizes; -1 is any size. The first axis counts rows. */
  readonly shape: readonly number[];
  /** Other datatypes that a request may have, each of which the declared one holds exactly. @default - none */
  readonly accepts?: readonly Datatype[];
  readonly optional?: boolean;
  readonly labels?: readonly string[];
}

export type TensorDefinitions = { readonly [name: string]: TensorDefinition };

/** Tensors by name, typed by their declaration. */
export type TensorsOf<T extends TensorDefinitions> = {
  readonly [N in keyof T]: T[N]['optional'] extends true ? InferTensor<T[N]['datatype']> | undefined : InferTensor<T[N]['datatype']>;
};

/** What a model may give for an output: a tensor, data with a shape, or nested values. */
export type OutputValue<D extends Datatype> = InferTensor<D> | { readonly shape: readonly number[]; readonly data: DataOf<D> | readonly Nested[] } | DataOf<D> | readonly Nested[];
type OptionalOf<T extends TensorDefinitions> = { readonly [N in keyof T]: T[N]['optional'] extends true ? N : never }[keyof T];
/** What a model gives: each output but those that are declared optional. */
export type OutputsOf<T extends TensorDefinitions> =
  & { readonly [N in Exclude<keyof T, OptionalOf<T>>]: OutputValue<T[N]['datatype']> }
  & { readonly [N in OptionalOf<T>]?: OutputValue<T[N]['datatype']> | undefined };

/** What a model knows when it is loaded. */
export interface LoadContext {
  readonly name: string;
  readonly version?: string;
  /** Folder of the model, with whatever else is in it. */
  readonly folder: string;
  readonly log: Logger;
}

/** What a model knows of a call. */
export interface CallContext<S = unknown> {
  /** What `load` gave. */
  readonly state: S;
  readonly model: string;
  readonly version?: string;
  /** Not told where the runs of `predict` may be shared, by `batching.maxSize` of model.json. */
  readonly id?: string;
  readonly parameters: { readonly [key: string]: boolean | number | string | bigint };
  /** Empty where the runs of `predict` may be shared, by `batching.maxSize` of model.json. */
  readonly headers: { readonly [name: string]: string };
  readonly protocol: 'v1' | 'v2';
  /** Client of the predictor, in a transformer. */
  readonly predictor: PredictorClient;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

type MaybePromise<T> = T | Promise<T>;

/** A model whose inputs and outputs are declared. */
export interface TypedModel<I extends TensorDefinitions, O extends TensorDefinitions, S> {
  readonly inputs: I;
  readonly outputs: O;
  /** Output that V1 answers with. @default - all outputs */
  readonly v1Output?: keyof O & string;
  readonly platform?: string;
  load?(context: LoadContext): MaybePromise<S>;
  preprocess?(inputs: TensorsOf<I>, context: CallContext<S>): MaybePromise<TensorsOf<I>>;
  predict(inputs: TensorsOf<I>, context: CallContext<S>): MaybePromise<OutputsOf<O>> | AsyncIterable<OutputsOf<O>>;
  postprocess?(outputs: OutputsOf<O>, context: CallContext<S>): MaybePromise<OutputsOf<O>>;
  explain?(payload: unknown, context: CallContext<S>): MaybePromise<unknown>;
  release?(state: S): MaybePromise<void>;
}

/** A model that takes requests as they are: V1 bodies as objects, V2 requests as InferRequest. */
export interface FreeModel<S> {
  /** Declared by a typed model alone. */
  readonly inputs?: undefined;
  readonly outputs?: undefined;
  readonly platform?: string;
  load?(context: LoadContext): MaybePromise<S>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  preprocess?(payload: any, context: CallContext<S>): MaybePromise<unknown>;
  /** Left out, the predictor of `--predictor_host` is called. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  predict?(payload: any, context: CallContext<S>): MaybePromise<unknown>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  postprocess?(result: any, context: CallContext<S>): MaybePromise<unknown>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  explain?(payload: any, context: CallContext<S>): MaybePromise<unknown>;
  release?(state: S): MaybePromise<void>;
}

/** A model as the server takes it. */
export interface DefinedModel {
  readonly kind: 'kserve-model-server/model';
  readonly definition: object;
}

/** Defines a model of declared inputs and outputs, or a transformer of free-form requests. */
export function defineModel<const I extends TensorDefinitions, const O extends TensorDefinitions, S = undefined>(definition: TypedModel<I, O, S>): DefinedModel;
export function defineModel<S = undefined>(definition: FreeModel<S>): DefinedModel;
export function defineModel(definition: object): DefinedModel {
  return { kind: 'kserve-model-server/model', definition };
}
