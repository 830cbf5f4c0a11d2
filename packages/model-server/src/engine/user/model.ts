import { ServerError } from '../../errors';
import { indexed, IndexedTensor } from '../../frames/frame';
import type { CallMeta } from '../../frames/meta';
import { ModelMetadata, TensorSpec } from '../../model/metadata';
import { callMeta, decodeBody } from '../../protocol/raw';
import { CallContext, DefinedModel, FreeModel, OutputValue, TensorDefinitions, TensorsOf, TypedModel } from '../../sdk/define-model';
import { lineLogger, Logger } from '../../sdk/logger';
import { InferRequest } from '../../sdk/messages';
import { PredictorClient } from '../../sdk/predictor-client';
import { flatten, InferTensor, Nested } from '../../sdk/tensors';
import { checkAccepts } from '../../tensor/convert';
import { isNumericData } from '../../tensor/datatypes';
import { Datatype, Tensor } from '../../tensor/tensor';
import { Loaded, LoadSpec, Policy } from '../engine';
import { unbatchable } from '../measure';
import { importModel } from './resolve';

/** Headers of its caller that a transformer hands on: who calls, for which request and in which trace. */
const FORWARDED_HEADERS: readonly string[] = ['x-request-id', 'authorization', 'traceparent', 'tracestate', 'baggage', 'x-b3-traceid', 'x-b3-spanid', 'x-b3-parentspanid', 'x-b3-sampled', 'x-b3-flags', 'b3'];

type Named = TensorsOf<TensorDefinitions>;
type AnyTyped = TypedModel<TensorDefinitions, TensorDefinitions, unknown>;

const specsOf = (definitions: TensorDefinitions): TensorSpec[] => Object.entries(definitions).map(([name, definition]) => ({ name, ...definition }));

const isStream = (made: unknown): made is AsyncIterable<object> => typeof made === 'object' && made !== null && Symbol.asyncIterator in made;

/** An output in whichever form the model gave it. */
function toTensor(spec: TensorSpec, value: OutputValue<Datatype>, rows: number | undefined): Tensor {
  if (value instanceof InferTensor) {
    return value;
  }
  if (isNumericData(value)) {
    return new InferTensor(spec.name, spec.datatype, guessShape(spec, value.length, rows), value);
  }
  if (Array.isArray(value)) {
    if (spec.datatype === 'BYTES' && value.every((entry) => isNumericData(entry))) {
      return new InferTensor(spec.name, 'BYTES', guessShape(spec, value.length, rows), value as Uint8Array[]);
    }
    const { shape, values } = flatten(value as unknown as readonly Nested[], spec.name);
    return new InferTensor(spec.name, spec.datatype, shape.length === spec.shape.length ? shape : guessShape(spec, values.length, rows), values);
  }
  const { shape, data } = value as { shape: readonly number[]; data: readonly Nested[] };
  if (!Array.isArray(shape) || data === undefined) {
    throw new ServerError('inference', `output '${spec.name}' must be a tensor, { shape, data }, an array of the datatype or nested values`);
  }
  return new InferTensor(spec.name, spec.datatype, shape as number[], data);
}

/** The shape of flat data: as declared, with one free size worked out. */
function guessShape(spec: TensorSpec, length: number, rows: number | undefined): number[] {
  const shape = spec.shape.map((size, i) => (size === -1 && i === 0 && rows !== undefined && spec.shape.filter((entry) => entry === -1).length > 1 ? rows : size));
  const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const free = known === 0 ? 0 : length / known;
  if (!Number.isInteger(free)) {
    throw new ServerError('inference', `output '${spec.name}' is declared as [${spec.shape.join(',')}], which ${length} values cannot fill`);
  }
  return shape.map((size) => (size === -1 ? free : size));
}

function fits(spec: TensorSpec, tensor: Tensor): void {
  if (tensor.shape.length !== spec.shape.length || spec.shape.some((size, i) => size !== -1 && size !== tensor.shape[i])) {
    throw new ServerError('inference', `output '${spec.name}' is declared as [${spec.shape.join(',')}], but the model gave [${tensor.shape.join(',')}]`);
  }
  if (tensor.datatype !== spec.datatype) {
    throw new ServerError('inference', `output '${spec.name}' is declared as ${spec.datatype}, but the model gave ${tensor.datatype}`);
  }
}

/** How many rows of several requests user code gets in one run: what one row costs is not measured, so that its author decides. */
function policyOf(metadata: ModelMetadata, { maxSize, enabled }: NonNullable<LoadSpec['batching']> = {}): Policy {
  if (maxSize === undefined) {
    return { maxBatch: 1, reason: 'user code is not batched unless model.json says so' };
  }
  if (enabled === false) {
    return { maxBatch: 1, reason: 'batching is off in model.json' };
  }
  const obstacle = unbatchable(metadata);
  return obstacle === undefined ? { maxBatch: maxSize, reason: 'as model.json says' } : { maxBatch: 1, reason: obstacle };
}

/** A model written with the SDK, loaded. */
export class UserModel {
  public readonly metadata: ModelMetadata;
  private readonly policy: Policy;
  private readonly typed: AnyTyped | undefined;
  private readonly free: FreeModel<unknown>;
  private state: unknown;
  private readonly log: Logger;
  private readonly client: PredictorClient | undefined;

  private constructor(private readonly spec: LoadSpec, model: DefinedModel) {
    const definition = model.definition as Partial<AnyTyped>;
    this.log = lineLogger({ model: spec.name });
    this.free = model.definition as FreeModel<unknown>;
    const { inputs, outputs } = definition;
    if ((inputs === undefined) !== (outputs === undefined)) {
      throw new Error(`model '${spec.name}' declares only its ${inputs === undefined ? 'outputs' : 'inputs'}; declare inputs and outputs, or neither`);
    }
    this.typed = inputs === undefined ? undefined : definition as AnyTyped;
    if (this.typed !== undefined && typeof definition.predict !== 'function') {
      throw new Error(`model '${spec.name}' declares inputs and outputs, so it needs predict`);
    }
    if (this.typed === undefined && definition.predict === undefined && spec.predictor === undefined) {
      throw new Error(`model '${spec.name}' has no predict and there is no predictor; give predict or start with --predictor_host`);
    }
    this.client = spec.predictor === undefined ? undefined : new PredictorClient(spec.predictor);
    const streams = Object.prototype.toString.call(definition.predict) === '[object AsyncGeneratorFunction]';
    if (streams && this.typed === undefined) {
      throw new Error(`model '${spec.name}': predict is an async generator, which needs inputs and outputs; declare them`);
    }
    for (const [name, input] of Object.entries(inputs ?? {})) {
      checkAccepts(input.datatype, input.accepts, `model '${spec.name}': accepts of input '${name}'`);
    }
    this.metadata = {
      platform: spec.platform ?? definition.platform ?? 'javascript',
      inputs: specsOf(inputs ?? {}),
      outputs: specsOf(outputs ?? {}),
      v1Output: spec.overrides?.v1Output ?? definition.v1Output,
      untyped: this.typed === undefined || undefined,
      streams: streams || undefined,
      explains: definition.explain !== undefined || undefined,
    };
    this.policy = policyOf(this.metadata, spec.batching);
  }

  public static async load(spec: LoadSpec): Promise<{ model: UserModel; loaded: Loaded }> {
    const model = new UserModel(spec, await importModel(spec.path));
    model.state = await model.free.load?.({ name: spec.name, version: spec.version, folder: spec.folder, log: model.log });
    for (const [i, sample] of (spec.warmup ?? []).entries()) {
      try {
        await model.warmUp(Buffer.from(JSON.stringify(sample)));
      } catch (error) {
        await model.release().catch((failure: Error) => model.log.error(`release fails: ${failure.message}`));
        throw new Error(`model.json: /warmup/${i} fails: ${(error as Error).message}`, { cause: error });
      }
    }
    return { model, loaded: { metadata: model.metadata, policy: model.policy } };
  }

  /** Runs a V2 request of warm-up. */
  private async warmUp(body: Uint8Array): Promise<void> {
    const { signal } = new AbortController();
    if (this.typed !== undefined) {
      const bound = decodeBody(this.metadata, 'v2', body, undefined);
      await this.infer(indexed(bound.inputs), callMeta(bound, { protocol: 'v2' }), signal);
    } else if (this.free.predict !== undefined) {
      // without it the predictor would be called, which need not answer yet
      const request = InferRequest.fromRest(this.spec.name, body);
      await this.call(request, { id: request.id, parameters: request.parameters, protocol: 'v2' }, signal);
    }
  }

  /** Runs a model of declared inputs. */
  public async infer(inputs: readonly IndexedTensor[], call: CallMeta, signal: AbortSignal): Promise<IndexedTensor[]> {
    const typed = this.typed!;
    // what callers do not share is hidden even from a run of one, so that code does not work only as long as nobody else calls
    const context = this.context(this.policy.maxBatch > 1 ? { ...call, id: undefined, headers: undefined } : call, signal);
    let named = this.named(inputs);
    if (typed.preprocess !== undefined) {
      named = await typed.preprocess(named, context) as Named;
    }
    const made = typed.predict(named, context);
    let outputs: unknown;
    if (isStream(made)) {
      // a caller that does not stream gets the last piece
      outputs = {};
      for await (const piece of made) {
        outputs = piece;
      }
    } else {
      outputs = await made;
    }
    if (typed.postprocess !== undefined) {
      outputs = await typed.postprocess(outputs as never, context);
    }
    return this.collect(outputs, call.outputs, inputs[0]?.shape[0]);
  }

  /** Runs a model that answers in pieces. */
  public async* stream(inputs: readonly IndexedTensor[], call: CallMeta, signal: AbortSignal): AsyncGenerator<IndexedTensor[]> {
    const typed = this.typed!;
    const context = this.context(call, signal);
    let named = this.named(inputs);
    if (typed.preprocess !== undefined) {
      named = await typed.preprocess(named, context) as Named;
    }
    const made = typed.predict(named, context);
    if (!isStream(made)) {
      throw new ServerError('unimplemented', `Model with name ${this.spec.name} does not stream.`);
    }
    for await (const piece of made) {
      const outputs = typed.postprocess === undefined ? piece : await typed.postprocess(piece as never, context);
      yield this.collect(outputs, call.outputs, undefined);
    }
  }

  /** Runs a model of free-form requests, or its predictor between its own steps. */
  public async call(payload: unknown, call: CallMeta, signal: AbortSignal): Promise<unknown> {
    const context = this.context(call, signal);
    const { preprocess, predict, postprocess } = this.free;
    const prepared = preprocess === undefined ? payload : await preprocess.call(this.free, payload, context);
    const result = predict === undefined ? await this.forward(prepared, context) : await predict.call(this.free, prepared, context);
    return postprocess === undefined ? result : postprocess.call(this.free, result, context);
  }

  public async explain(payload: unknown, call: CallMeta, signal: AbortSignal): Promise<unknown> {
    if (this.free.explain === undefined) {
      throw new ServerError('unimplemented', `Model with name ${this.spec.name} does not explain its predictions.`);
    }
    return this.free.explain(payload, this.context(call, signal));
  }

  public async release(): Promise<void> {
    await this.free.release?.(this.state);
    this.client?.close();
  }

  /** Sends on what preprocess made, by the predictor's protocol. */
  private forward(prepared: unknown, context: CallContext): Promise<unknown> {
    const { signal, predictor } = context;
    const headers = Object.fromEntries(FORWARDED_HEADERS.map((name) => [name, context.headers[name]]));
    if (predictor.protocol === 'v1') {
      return predictor.predict(this.spec.name, prepared as object, { headers, signal });
    }
    if (!(prepared instanceof InferRequest)) {
      throw new ServerError('internal', `the predictor speaks ${predictor.protocol}, so preprocess must return an InferRequest`);
    }
    return predictor.infer(new InferRequest(this.spec.name, prepared.inputs, prepared), { headers, signal });
  }

  private named(inputs: readonly IndexedTensor[]): Named {
    const named: { [name: string]: InferTensor } = {};
    for (const { index, datatype, shape, data } of inputs) {
      const { name } = this.metadata.inputs[index]!;
      named[name] = new InferTensor(name, datatype, shape, data);
    }
    return named;
  }

  private collect(outputs: unknown, wanted: readonly number[] | undefined, rows: number | undefined): IndexedTensor[] {
    if (typeof outputs !== 'object' || outputs === null) {
      const [first = 'output'] = Object.keys(this.typed!.outputs);
      throw new ServerError('inference', `the model must return its outputs in an object, such as { ${first}: … }, but returned ${outputs === null ? 'null' : typeof outputs}`);
    }
    const given = outputs as { [name: string]: OutputValue<Datatype> | undefined };
    const indexes = wanted ?? this.metadata.outputs.flatMap((spec, i) => (spec.optional === true && given[spec.name] === undefined ? [] : [i]));
    return indexes.map((index) => {
      const spec = this.metadata.outputs[index]!;
      const value = given[spec.name];
      if (value === undefined) {
        throw new ServerError('inference', `the model gave no output '${spec.name}'; it gave ${Object.keys(given).join(', ') || 'none'}`);
      }
      let tensor: Tensor;
      try {
        tensor = toTensor(spec, value, rows);
      } catch (error) {
        throw error instanceof ServerError && error.code === 'invalid' ? new ServerError('inference', `output ${error.message}`, { cause: error }) : error;
      }
      fits(spec, tensor);
      return { index, name: spec.name, datatype: tensor.datatype, shape: tensor.shape, data: tensor.data };
    });
  }

  private context(call: CallMeta, signal: AbortSignal): CallContext {
    const { spec } = this;
    const open = (): PredictorClient => this.predictor();
    return {
      state: this.state,
      model: spec.name,
      version: spec.version,
      id: call.id,
      parameters: call.parameters ?? {},
      headers: call.headers ?? {},
      protocol: call.protocol,
      get predictor() { return open(); },
      signal,
      log: this.log,
    };
  }

  private predictor(): PredictorClient {
    if (this.client === undefined) {
      throw new ServerError('internal', 'there is no predictor; start with --predictor_host');
    }
    return this.client;
  }
}
