import { ResponseCache } from '../cache/response-cache';
import { LoadSpec, Policy } from '../engine/engine';
import type { CallMeta } from '../frames/meta';
import { Scope } from '../metrics/registry';
import { ModelConfig } from '../model/config';
import { ModelMetadata } from '../model/metadata';
import { Encoder } from '../openai/encoder';
import { Job } from '../pool/job';
import { JobQueue } from '../pool/queue';
import { tooManyRows } from '../protocol/raw';

/** Where a model's jobs go. */
export interface Executor {
  /** Why it takes no work; undefined when it does. */
  readonly unready: string | undefined;
  /** Runs in the front process. */
  readonly inline: boolean;
  /** What waits for a run. */
  readonly queue: JobQueue;
  submit(job: Job): void;
  close(): Promise<void>;
}

/** One loaded version of a model. */
export class ServedModel {
  /** Where equal requests may be answered without a run. */
  public readonly cache: ResponseCache | undefined;
  private readonly rowKey: boolean;

  public constructor(
    public readonly name: string,
    public readonly version: string | undefined,
    public readonly metadata: ModelMetadata,
    public readonly policy: Policy,
    public readonly spec: LoadSpec,
    public readonly config: ModelConfig,
    /** Where texts are taken. */
    public readonly encoder: Encoder | undefined,
    public readonly maxRows: number,
    public readonly executor: Executor,
    public readonly metrics: Scope,
  ) {
    this.cache = config.deterministic === true ? new ResponseCache((config.cacheMiB ?? 64) * 1024 * 1024) : undefined;
    this.rowKey = metadata.inputs.every((input) => input.shape.slice(1).every((size) => size >= 0));
  }

  /** Whether user code serves, which is told of headers, unless it is batched, and parameters. */
  public get isUser(): boolean {
    return this.spec.format === 'user';
  }

  public get ready(): boolean {
    return this.executor.unready === undefined;
  }

  /** Key under which requests may share a run: same inputs, inner sizes and outputs, and what user code is told of all of them. */
  public keyOf(inputs: readonly ({ readonly shape: readonly number[] } | undefined)[], outputs: readonly number[] | undefined, meta: CallMeta | undefined): string {
    let wanted = outputs === undefined ? '' : outputs.join(',');
    if (meta !== undefined) {
      wanted += JSON.stringify([meta.protocol, meta.parameters]);
    }
    return this.rowKey ? wanted : `${wanted};${inputs.map((input) => input?.shape.slice(1).join('x')).join(';')}`;
  }

  /** Refuses requests with more rows than admitted. */
  public checkRows(rows: number): void {
    if (rows > this.maxRows) {
      throw tooManyRows(rows, this.maxRows);
    }
  }
}
