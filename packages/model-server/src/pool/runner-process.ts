import { ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { ErrorCode, ServerError, unavailable } from '../errors';
import { Channel } from '../frames/channel';
import { Frame, NameOf, Op } from '../frames/frame';
import { guarded } from '../guarded';

/** A frame without its id, which the process gives it. */
export type Question = Omit<Frame, 'id'>;

interface Pending {
  readonly onAnswer: (frame: Frame) => void;
  readonly onLost: (error: ServerError) => void;
}

export interface RunnerProcessOptions {
  readonly entry: string;
  readonly args?: readonly string[];
  readonly nodeFlags?: readonly string[];
  readonly nameOf: NameOf;
  readonly onExit: (reason: string) => void;
}

/** Node.js before 22.18 reads models in TypeScript only when told to. */
const STRIP_TYPES: readonly string[] = process.features.typescript === false ? ['--experimental-strip-types'] : [];

/** The front's side of one runner: a child process and the questions it has not answered. */
export class RunnerProcess {
  private readonly child: ChildProcess;
  private readonly channel: Channel;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private gone = false;
  private killReason: string | undefined;

  public constructor(private readonly options: RunnerProcessOptions) {
    this.child = spawn(process.execPath, [...process.execArgv.filter((arg) => !arg.startsWith('--inspect')), ...STRIP_TYPES, ...(options.nodeFlags ?? []), options.entry, ...(options.args ?? [])], {
      stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    });
    this.child.on('error', (error) => this.lose(error.message));
    const socket = (this.child.stdio as ChildProcess['stdio'] | undefined)?.[3] as Socket | undefined;
    if (socket === undefined) {
      // no descriptors are left for its streams
      this.gone = true;
      throw new Error('no process can be started, too many files are open');
    }
    this.channel = new Channel(socket, {
      nameOf: options.nameOf,
      onFrame: (frame) => this.receive(frame),
      onClose: (error) => this.lose(`its channel closed${error === undefined ? '' : ` (${error.message})`}`),
    });
    this.child.on('exit', (code, signal) => this.lose(signal === null ? `it exited with ${code}` : `it was ended by ${signal}`));
  }

  public get pid(): number | undefined {
    return this.child.pid;
  }

  public get alive(): boolean {
    return !this.gone;
  }

  /** Sends a question; exactly one of the callbacks is called, `onAnswer` also when user code has begun and for each piece of a stream. */
  public ask(question: Question, onAnswer: (frame: Frame) => void, onLost: (error: ServerError) => void): number {
    const id = this.nextId;
    this.nextId = id === 0xffffffff ? 1 : id + 1;
    if (this.gone) {
      onLost(unavailable('the runner of the model has ended'));
      return id;
    }
    this.pending.set(id, { onAnswer, onLost });
    try {
      this.channel.send({ ...question, id });
    } catch (error) {
      this.pending.delete(id);
      onLost(new ServerError('too-large', (error as Error).message, { cause: error }));
    }
    return id;
  }

  /** Sends what needs no answer. */
  public tell(frame: Frame): void {
    this.channel.send(frame);
  }

  /** Asks and waits; an ERROR answer rejects. A process that does not answer within `timeoutMs` is ended. */
  public request(question: Question, timeoutMs?: number): Promise<Frame> {
    return new Promise((resolve, reject) => {
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => this.kill(`it did not answer within ${timeoutMs} ms`), timeoutMs);
      this.ask(question, (frame) => {
        clearTimeout(timer);
        if (frame.op === Op.ERROR) {
          reject(errorOf(frame));
        } else {
          resolve(frame);
        }
      }, (error) => {
        clearTimeout(timer);
        reject(error);
      });
    });
  }

  /** Ends the process at once. */
  public kill(reason: string): void {
    this.killReason ??= reason;
    this.child.kill('SIGKILL');
  }

  /** Lets the process release its models and exit; kills it when it takes too long. */
  public async stop(timeoutMs: number): Promise<void> {
    if (this.gone && this.child.exitCode !== null) {
      return;
    }
    const exited = new Promise<void>((resolve) => {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        resolve();
      } else {
        this.child.once('exit', () => resolve());
      }
    });
    this.channel.send({ op: Op.STOP, id: 0, slot: 0 });
    const timer = setTimeout(() => this.kill('it did not stop in time'), timeoutMs);
    await exited;
    clearTimeout(timer);
  }

  private receive(frame: Frame): void {
    const pending = this.pending.get(frame.id);
    if (pending === undefined) {
      return;
    }
    if (frame.op !== Op.CHUNK && frame.op !== Op.BEGUN) {
      this.pending.delete(frame.id);
    }
    // the runner has done its part
    guarded(() => pending.onAnswer(frame));
  }

  private lose(reason: string): void {
    if (this.gone) {
      return;
    }
    this.gone = true;
    const why = this.killReason ?? reason;
    this.child.kill('SIGKILL');
    this.channel.destroy();
    const lost = [...this.pending.values()];
    this.pending.clear();
    // first let the owner know, so that what is retried finds another runner
    guarded(() => this.options.onExit(why));
    for (const pending of lost) {
      guarded(() => pending.onLost(unavailable(`the runner of the model ended: ${why}`)));
    }
  }
}

/** The error a frame carries. */
export function errorOf(frame: Frame): ServerError {
  const { code, message, retryAfterSeconds, stack } = frame.meta as { code: ErrorCode; message: string; retryAfterSeconds?: number; stack?: string };
  return new ServerError(code, message, { retryAfterSeconds, cause: stack === undefined ? undefined : { stack } });
}
