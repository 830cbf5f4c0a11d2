import { Socket } from 'node:net';
import { Engine, LoadSpec } from '../engine/engine';
import { loadEngine } from '../engine/load';
import { ServerError, toServerError } from '../errors';
import { Channel } from '../frames/channel';
import { Frame, IndexedTensor, Op } from '../frames/frame';
import { Tensor } from '../tensor/tensor';
import { judge } from './judge';
import { runRaw, RawRequest } from './raw';

/** A model held by this process. */
interface Slot {
  readonly engine: Engine;
}

/** The model-holding process: answers frames until its channel closes. */
export class Runner {
  private readonly channel: Channel;
  private readonly slots = new Map<number, Slot>();

  public constructor(socket: Socket) {
    this.channel = new Channel(socket, (slot, index) => this.slots.get(slot)?.engine.metadata.inputs[index]?.name ?? String(index), (frame) => this.receive(frame), () => this.exit());
    this.channel.send({ op: Op.HELLO, id: 0, slot: 0 });
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
      case Op.LOAD: return this.load(frame);
      case Op.UNLOAD: return this.unload(frame);
      case Op.STOP: return this.stop();
      default: throw new ServerError('internal', `a runner cannot answer operation ${frame.op}`);
    }
  }

  private infer(frame: Frame): Promise<void> | undefined {
    const { engine } = this.slot(frame);
    const inputs: (Tensor | undefined)[] = new Array(engine.metadata.inputs.length);
    for (const tensor of frame.tensors!) {
      inputs[tensor.index] = tensor;
    }
    const results = run(engine, inputs, frame.meta as number[] | undefined);
    if (results instanceof Promise) {
      return results.then((tensors) => this.reply(frame, tensors));
    }
    this.reply(frame, results);
    return undefined;
  }

  private async raw(frame: Frame): Promise<void> {
    const { engine } = this.slot(frame);
    const request = frame.meta as RawRequest;
    const reply = await runRaw(engine.metadata, request, frame.bytes?.[0] ?? new Uint8Array(0), (inputs, outputs) => run(engine, inputs, outputs));
    this.channel.send({ op: Op.RAW_RESULT, id: frame.id, slot: frame.slot, meta: reply.head, bytes: reply.body });
  }

  private async load(frame: Frame): Promise<void> {
    const { engine, loaded } = await loadEngine(frame.meta as LoadSpec);
    this.slots.set(frame.slot, { engine });
    this.channel.send({ op: Op.LOADED, id: frame.id, slot: frame.slot, meta: loaded });
  }

  private async unload(frame: Frame): Promise<void> {
    const slot = this.slots.get(frame.slot);
    this.slots.delete(frame.slot);
    await slot?.engine.release();
    this.channel.send({ op: Op.RESULT, id: frame.id, slot: frame.slot });
  }

  /** Releases everything and exits: a native session alive at exit may abort the process. */
  private async stop(): Promise<void> {
    for (const [id, slot] of this.slots) {
      this.slots.delete(id);
      await slot.engine.release();
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

  private fail(frame: Frame, error: unknown): void {
    const { code, message, retryAfterSeconds } = toServerError(error);
    this.channel.send({ op: Op.ERROR, id: frame.id, slot: frame.slot, meta: { code, message, retryAfterSeconds } });
  }
}

function run(engine: Engine, inputs: readonly (Tensor | undefined)[], outputs: readonly number[] | undefined): IndexedTensor[] | Promise<IndexedTensor[]> {
  return judge(() => engine.run(inputs, outputs));
}
