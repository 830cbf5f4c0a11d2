import { Engine, Loaded, LoadSpec } from '../engine/engine';
import { judge } from '../engine/judge';
import { loadEngine } from '../engine/load';
import type { UserModel } from '../engine/user/model';
import { ServerError, toServerError } from '../errors';
import { endWithFront } from './end-with-front';
import { Channel } from '../frames/channel';
import { Frame, indexed, IndexedTensor, Op } from '../frames/frame';
import type { CallMeta, CallRequest, RawRequest, TokenizeRequest } from '../frames/meta';
import { ModelMetadata } from '../model/metadata';
import { loadEncoder, LoadedEncoder } from '../openai/load';
import type { Tokenize } from '../openai/tokenizer';
import { callMeta, encodePiece, openRaw, RawReply, runRaw } from '../protocol/raw';
import { Tensor } from '../tensor/tensor';

/** How long user code goes on to begin in one turn of the event loop. */
const TURN_MS = 1;

/** A model held by this process: an engine, or user code loaded only when there is some. */
interface Slot {
  readonly metadata: ModelMetadata;
  readonly engine?: Engine;
  readonly user?: UserModel;
  /** Of an encoder. */
  readonly tokenize?: Tokenize;
}

/** A call of user code under way. */
interface Active {
  readonly abort: AbortController;
  /** Asks for the next piece of a stream. */
  pull?: () => void;
}

/** The model-holding process: answers frames until its channel closes. */
export class Runner {
  private readonly channel: Channel;
  private readonly slots = new Map<number, Slot>();
  private readonly active = new Map<number, Active>();
  /** Ids of those that have begun and for which the front waits. */
  private readonly busy = new Set<number>();
  /** What began last, until the front was told where it goes on. */
  private last: { readonly frame: Frame; readonly at: number } | undefined;
  /** When no more begins in this turn of the event loop; undefined before the first. */
  private turnEnds: number | undefined;

  /** `end` is the runner's end of the pair it shares with the front. */
  public constructor(end: number) {
    this.channel = new Channel(end, {
      nameOf: (slot, index) => this.slots.get(slot)?.metadata.inputs[index]?.name ?? String(index),
      onFrame: (frame) => this.receive(frame),
      onClose: () => this.exit(),
      // engines are done with their inputs when they answer
      passing: (op, slot) => op === Op.INFER && this.slots.get(slot)?.engine !== undefined,
    });
  }

  private receive(frame: Frame): void {
    try {
      const late = this.answer(frame);
      if (late !== undefined) {
        late.catch((error: unknown) => this.fail(frame, error));
      }
    } catch (error) {
      this.fail(frame, error);
    }
  }

  private answer(frame: Frame): Promise<void> | undefined {
    switch (frame.op) {
      case Op.INFER: return this.infer(frame);
      case Op.RAW: return this.raw(frame);
      case Op.LOAD: return this.load(frame).catch((error: unknown) => { throw refusal(error); });
      case Op.UNLOAD: return this.unload(frame);
      case Op.CALL: return this.call(frame);
      case Op.STREAM: return this.stream(frame);
      case Op.TOKENIZE: this.tokenize(frame); return undefined;
      case Op.PULL: this.active.get(frame.id)?.pull?.(); return undefined;
      case Op.CANCEL: this.cancel(frame.id); return undefined;
      case Op.STOP: return this.stop();
      default: throw new ServerError('internal', `a runner cannot answer operation ${frame.op}`);
    }
  }

  private infer(frame: Frame): Promise<void> | undefined {
    const { engine, user, metadata } = this.slot(frame);
    if (user !== undefined) {
      return this.userCall(frame, async ({ abort }) => this.reply(frame, await user.infer(frame.tensors!, frame.meta as CallMeta, abort.signal)));
    }
    const inputs: (Tensor | undefined)[] = new Array(metadata.inputs.length);
    for (const tensor of frame.tensors!) {
      inputs[tensor.index] = tensor;
    }
    const results = run(engine!, inputs, frame.meta as number[] | undefined);
    if (results instanceof Promise) {
      this.channel.keep();
      return results.then((tensors) => this.reply(frame, tensors));
    }
    this.reply(frame, results);
    return undefined;
  }

  /** Runs user code when it is its turn. It can be told that nobody waits any more. */
  private async userCall(frame: Frame, work: (active: Active) => Promise<void>): Promise<void> {
    const active: Active = { abort: new AbortController() };
    this.active.set(frame.id, active);
    try {
      await this.turn(frame);
      if (active.abort.signal.aborted) {
        throw new ServerError('cancelled', 'nobody waits for the answer any more');
      }
      await work(active);
    } finally {
      this.done(frame.id);
    }
  }

  private done(id: number): void {
    this.active.delete(id);
    this.busy.delete(id);
  }

  /**
   * Waits to begin, or to go on with the next piece. As many begin in a turn of the event loop as do
   * in a millisecond, one after the other, so that answers leave in between.
   */
  private turn(frame: Frame): Promise<void> {
    return new Promise((resolve) => {
      const begin = (): void => {
        const now = performance.now();
        if (this.turnEnds === undefined) {
          this.turnEnds = now + TURN_MS;
          setImmediate(() => {
            this.turnEnds = undefined;
            this.tellBegun();
          });
        } else if (now > this.turnEnds) {
          setImmediate(begin);
          return;
        }
        this.tellBegun();
        this.last = { frame, at: now };
        this.busy.add(frame.id);
        resolve();
      };
      setImmediate(begin);
    });
  }

  /** Tells the front of what has begun and was not over at once, before something else begins. */
  private tellBegun(): void {
    if (this.last !== undefined && this.busy.has(this.last.frame.id)) {
      const { frame: { id, slot }, at } = this.last;
      this.channel.send({ op: Op.BEGUN, id, slot, meta: performance.now() - at });
    }
    this.last = undefined;
  }

  private cancel(id: number): void {
    const active = this.active.get(id);
    active?.abort.abort();
    active?.pull?.();
  }

  private async raw(frame: Frame): Promise<void> {
    const { engine, user, metadata } = this.slot(frame);
    const request = frame.meta as RawRequest;
    const body = frame.bytes?.[0] ?? new Uint8Array(0);
    if (user === undefined) {
      this.replyRaw(frame, await runRaw(metadata, request, body, (bound) => run(engine!, bound.inputs, bound.outputs)));
    } else {
      await this.userCall(frame, async ({ abort }) => {
        this.replyRaw(frame, await runRaw(metadata, request, body, (bound) => user.infer(indexed(bound.inputs), callMeta(bound, request), abort.signal)));
      });
    }
  }

  private async call(frame: Frame): Promise<void> {
    const { user } = this.slot(frame);
    await this.userCall(frame, async ({ abort }) => {
      const { runCall } = await import('./call');
      this.replyRaw(frame, await runCall(user!, frame.meta as CallRequest, frame.bytes?.[0] ?? new Uint8Array(0), abort.signal));
    });
  }

  private async stream(frame: Frame): Promise<void> {
    const { user, metadata } = this.slot(frame);
    if (user === undefined) {
      throw new ServerError('unimplemented', 'the model does not stream');
    }
    await this.userCall(frame, (active) => this.pieces(frame, active, user, metadata));
  }

  /** Sends one piece, then waits until the front asks for the next: a slow reader slows the model. */
  private async pieces(frame: Frame, active: Active, user: UserModel, metadata: ModelMetadata): Promise<void> {
    const { id, slot } = frame;
    const { tensors, meta, form } = streamed(metadata, frame);
    const pieces = user.stream(tensors, meta, active.abort.signal);
    try {
      for (;;) {
        const { done, value } = await pieces.next();
        if (done === true || active.abort.signal.aborted) {
          break;
        }
        const asked = new Promise<void>((resolve) => { active.pull = resolve; });
        this.busy.delete(id);
        this.channel.send({ op: Op.CHUNK, id, slot, ...form(value) });
        await asked;
        await this.turn(frame);
        if (active.abort.signal.aborted) {
          break;
        }
      }
      this.channel.send({ op: Op.END, id, slot });
    } finally {
      this.done(id);
      await pieces.return(undefined);
    }
  }

  private tokenize(frame: Frame): void {
    const { tokenize } = this.slot(frame);
    this.channel.send({ op: Op.RESULT, id: frame.id, slot: frame.slot, meta: tokenize!(frame.meta as TokenizeRequest) });
  }

  private async load(frame: Frame): Promise<void> {
    const spec = frame.meta as LoadSpec;
    // the answers of what was asked before leave first
    await new Promise((resolve) => setImmediate(resolve));
    let slot: Slot;
    let loaded: Loaded;
    if (spec.format === 'user') {
      await endWithFront();
      const { UserModel: Model } = await import('../engine/user/model');
      const made = await Model.load(spec);
      slot = { metadata: made.model.metadata, user: made.model };
      ({ loaded } = made);
    } else {
      const made = await loadEngine(spec, endWithFront);
      slot = { metadata: made.engine.metadata, engine: made.engine };
      ({ loaded } = made);
    }
    let encoder: LoadedEncoder | undefined;
    try {
      encoder = loadEncoder(spec.folder, slot.metadata);
    } catch (error) {
      await release(slot);
      throw error;
    }
    this.slots.set(frame.slot, { ...slot, tokenize: encoder?.tokenize });
    this.channel.send({ op: Op.LOADED, id: frame.id, slot: frame.slot, meta: { ...loaded, encoder: encoder?.settings } satisfies Loaded });
  }

  private async unload(frame: Frame): Promise<void> {
    const slot = this.slots.get(frame.slot);
    this.slots.delete(frame.slot);
    if (slot !== undefined) {
      await release(slot);
    }
    this.channel.send({ op: Op.RESULT, id: frame.id, slot: frame.slot });
  }

  /** Releases everything and exits: a native session alive at exit may abort the process. */
  private async stop(): Promise<void> {
    for (const [id, slot] of this.slots) {
      this.slots.delete(id);
      await release(slot);
    }
    this.channel.end();
  }

  private exit(): void {
    // the front is gone or has let go of this runner; nothing here outlives it
    process.exit(0);
  }

  private slot(frame: Frame): Slot {
    const slot = this.slots.get(frame.slot);
    if (slot === undefined) {
      throw new ServerError('unavailable', 'the model is not loaded in this runner', { retryAfterSeconds: 1 });
    }
    return slot;
  }

  private reply(frame: Frame, tensors: readonly IndexedTensor[]): void {
    this.channel.send({ op: Op.RESULT, id: frame.id, slot: frame.slot, tensors });
  }

  private replyRaw({ id, slot }: Frame, { head, body }: RawReply): void {
    this.channel.send({ op: Op.RAW_RESULT, id, slot, meta: head, bytes: body });
  }

  private fail(frame: Frame, error: unknown): void {
    const { code, message, retryAfterSeconds, cause } = toServerError(error);
    // for the server's log: callers never see it
    const { stack } = (cause ?? {}) as { stack?: unknown };
    this.channel.send({ op: Op.ERROR, id: frame.id, slot: frame.slot, meta: { code, message, retryAfterSeconds, stack } });
  }
}

async function release({ engine, user }: Slot): Promise<void> {
  await engine?.release();
  await user?.release();
}

/** A model that cannot be loaded is its owner's mistake, told in its own words. */
function refusal(error: unknown): ServerError {
  return error instanceof ServerError ? error : new ServerError('invalid', (error as Error).message ?? String(error), { cause: error });
}

/** What a stream runs on, and the form of its pieces: that of its request. */
function streamed(metadata: ModelMetadata, frame: Frame): { readonly tensors: readonly IndexedTensor[]; readonly meta: CallMeta; readonly form: (piece: readonly IndexedTensor[]) => Pick<Frame, 'tensors' | 'bytes'> } {
  const body = frame.bytes?.[0];
  if (body === undefined) {
    return { tensors: frame.tensors!, meta: frame.meta as CallMeta, form: (tensors) => ({ tensors }) };
  }
  const request = frame.meta as RawRequest;
  const { protocol, model, version } = request;
  const bound = openRaw(metadata, request, body);
  const head = { model, version, id: bound.call.id };
  return { tensors: indexed(bound.inputs), meta: callMeta(bound, request), form: (tensors) => ({ bytes: [Buffer.from(encodePiece(protocol === 'v1' ? 'v1' : 'v2', head, tensors))] }) };
}

function run(engine: Engine, inputs: readonly (Tensor | undefined)[], outputs: readonly number[] | undefined): IndexedTensor[] | Promise<IndexedTensor[]> {
  return judge(() => engine.run(inputs, outputs));
}
