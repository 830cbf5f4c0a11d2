import { JobQueue } from './queue';
import { ModelMetadata } from '../model/metadata';

/** A model version as a pool holds it. */
export interface PoolModel {
  readonly slot: number;
  readonly name: string;
  readonly queue: JobQueue;
  readonly metadata: ModelMetadata;
  /** A pure function of its inputs: may be batched and run again. */
  readonly pure: boolean;
  /** Seconds after which the watchdog ends a run. */
  readonly runSeconds: number;
  /** Told each run, with its rows and milliseconds. */
  onRun?(rows: number, ms: number): void;
}

/** Why a runner started again. */
export type RestartReason = 'crash' | 'memory' | 'watchdog';

export interface PoolEvents {
  onRestart(reason: RestartReason): void;
  log(level: 'warn' | 'error', message: string, fields?: object): void;
}

export interface PoolOptions {
  readonly entry: string;
  readonly size: number;
  /** Runs that may be in flight in one runner. */
  readonly depth: number;
  /** Soft limit of a runner's memory. */
  readonly memoryMiB?: number;
  readonly loadSeconds: number;
  readonly args?: readonly string[];
  /** Flags of Node for its runners, beside the server's own. */
  readonly nodeFlags?: readonly string[];
  readonly events: PoolEvents;
}
