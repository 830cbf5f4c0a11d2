import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LoadSpec } from '../../src/engine/engine';
import { ServerError } from '../../src/errors';
import { Op } from '../../src/frames/frame';
import { Job } from '../../src/pool/job';
import { PoolModel, PoolOptions } from '../../src/pool/options';
import { RunnerPool } from '../../src/pool/pool';
import { JobQueue } from '../../src/pool/queue';

const NAMES = Object.fromEntries(Object.entries(Op).map(([name, op]) => [op, name]));

/** A runner whose answers the test gives. */
export class Puppet {
  /** What it was asked, such as 'LOAD 1'. */
  public readonly asked: string[] = [];
  /** Slots it holds. */
  public readonly held = new Set<number>();

  public constructor(public readonly pid: number, private readonly socket: Socket) {}

  public exit(code: number): void {
    this.tell({ exit: code });
  }

  public tell(line: object): void {
    this.socket.write(`${JSON.stringify(line)}\n`);
  }
}

/** One frame that a runner got. */
export class Asked {
  public constructor(public readonly puppet: Puppet, private readonly frame: { readonly op: number; readonly id: number; readonly slot: number }) {}

  public get text(): string {
    return `${NAMES[this.frame.op]} ${this.frame.slot}`;
  }

  /** Answers as a runner that works. */
  public answer(): void {
    const { op, id, slot } = this.frame;
    const { held } = this.puppet;
    if (op === Op.LOAD) {
      held.add(slot);
      this.puppet.tell({ op: Op.LOADED, id, slot, meta: { metadata: { platform: 'test', inputs: [], outputs: [] }, policy: { maxBatch: 1, reason: 'test' } } });
    } else if (op === Op.UNLOAD) {
      held.delete(slot);
      this.puppet.tell({ op: Op.RESULT, id, slot });
    } else if (held.has(slot)) {
      this.puppet.tell({ op: Op.RESULT, id, slot });
    } else {
      this.fail('unavailable', 'the model is not loaded in this runner');
    }
  }

  /** Sends a frame of this operation that belongs to it. */
  public tell(op: number): void {
    const { id, slot } = this.frame;
    this.puppet.tell({ op, id, slot });
  }

  public fail(code: string, message: string): void {
    const { id, slot } = this.frame;
    this.puppet.tell({ op: Op.ERROR, id, slot, meta: { code, message } });
  }
}

/** Where runners are played: each of their answers is given at once, or when the test gives it. */
export class Stage {
  public readonly puppets: Puppet[] = [];
  /** What waits for the test to answer it. */
  public readonly waiting: Asked[] = [];
  /** Whether the test answers a question itself, such as 'LOAD 1'. */
  public holds: (text: string, puppet: Puppet) => boolean = () => false;
  public readonly log: string[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'stage-'));
  private readonly server: Server;
  private readonly pools: RunnerPool[] = [];

  public constructor() {
    this.server = createServer((socket) => {
      let puppet: Puppet;
      createInterface(socket).on('line', (line) => {
        const message = JSON.parse(line) as { pid: number } & { op: number; id: number; slot: number };
        if (message.pid !== undefined) {
          puppet = new Puppet(message.pid, socket);
          this.puppets.push(puppet);
          return;
        }
        const asked = new Asked(puppet, message);
        puppet.asked.push(asked.text);
        if (this.holds(asked.text, puppet)) {
          this.waiting.push(asked);
        } else {
          asked.answer();
        }
      });
      socket.on('error', () => undefined);
    });
    this.server.listen(this.path);
  }

  private get path(): string {
    return join(this.folder, 'stage');
  }

  public pool(options: Partial<PoolOptions> = {}): RunnerPool {
    const pool = new RunnerPool({
      entry: join(__dirname, 'puppet.js'),
      args: [this.path],
      size: 1,
      depth: 2,
      loadSeconds: 30,
      events: { log: (_, message) => this.log.push(message), onRestart: (reason) => this.log.push(reason) },
      ...options,
    });
    this.pools.push(pool);
    return pool;
  }

  /** The newest runner. */
  public get puppet(): Puppet {
    return this.puppets.at(-1)!;
  }

  /** The next question that waits for the test. */
  public async next(): Promise<Asked> {
    await until(() => this.waiting.length > 0);
    return this.waiting.shift()!;
  }

  public async close(): Promise<void> {
    await Promise.all(this.pools.map((pool) => pool.stop()));
    this.server.close();
    rmSync(this.folder, { recursive: true });
  }
}

export async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; !condition(); i++) {
    if (i === 2000) {
      throw new Error(`never came: ${condition.toString()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const specOf = (slot: number): LoadSpec => ({ name: `m${slot}`, format: 'onnx', path: '/nowhere', folder: '/', intraOp: 1, predictProba: false });

/** Loads a model of that slot. */
export async function addModel(pool: RunnerPool, slot: number, settings: Partial<PoolModel> = {}): Promise<PoolModel> {
  const spec = specOf(slot);
  const { name } = spec;
  const { metadata } = await pool.load(slot, spec);
  const model: PoolModel = { slot, name, queue: new JobQueue(name, { maxWaiting: 10, maxBatch: 1 }), metadata, pure: true, runSeconds: 30, ...settings };
  pool.add(model);
  return model;
}

/** What a request is answered: 'ok', or the code and text of its error. */
export function ask(pool: RunnerPool, model: PoolModel): Promise<string> {
  return new Promise((resolve) => {
    pool.submit(model, new Job({ op: Op.INFER, inputs: [], rows: -1, key: '' }, (error: ServerError | undefined) => resolve(error === undefined ? 'ok' : `${error.code}: ${error.message}`), undefined));
  });
}
