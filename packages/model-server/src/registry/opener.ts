import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import { cpuQuota } from './cpu-quota';
import { PoolExecutor } from './pool-executor';
import { Settings } from '../cli/flags';
import { Loaded, LoadSpec, PredictorSettings } from '../engine/engine';
import { loadEngine } from '../engine/load';
import { ServerError } from '../errors';
import { InlineExecutor } from './inline-executor';
import { runnerFor } from './placement';
import { Executor, ServedModel } from './served';
import { Metrics, Scope } from '../metrics/registry';
import { ModelSource } from '../model/layout';
import { isInOtherRoot } from '../model/real-path';
import { Encoder } from '../openai/encoder';
import { loadEncoder, LoadedEncoder } from '../openai/load';
import type { Tokenize } from '../openai/tokenizer';
import { PoolModel } from '../pool/options';
import { RunnerPool } from '../pool/pool';
import { JobQueue } from '../pool/queue';

const INLINE_LIMIT_MS = 1;

/** A model that can run. */
interface Opened {
  readonly executor: Executor;
  readonly loaded: Loaded;
  /** Of an encoder in this process. */
  readonly tokenize?: Tokenize;
}

/** Opens models in runners or in the front. */
export class ModelOpener {
  /** Whether models come and go: then small ones share runners. */
  public multi = false;
  private shared: RunnerPool | undefined;
  private readonly pools = new Set<RunnerPool>();
  private nextSlot = 1;

  public constructor(private readonly settings: Settings, private readonly metrics: Metrics, private readonly log: Logger, private readonly entry: () => string) {}

  /** Process ids of all runners. */
  public get pids(): number[] {
    return [...this.pools].flatMap((pool) => pool.pids);
  }

  public async stop(): Promise<void> {
    await Promise.all([...this.pools].map((pool) => pool.stop()));
  }

  private specOf(source: ModelSource): LoadSpec {
    const { config } = source;
    const { settings } = this;
    const labels: { [output: string]: readonly string[] } = {};
    for (const output of config.outputs ?? []) {
      if (output.labels !== undefined) {
        labels[output.name] = output.labels;
      }
    }
    const predictor: PredictorSettings | undefined = settings.predictor_host === undefined ? undefined : {
      host: settings.predictor_host,
      protocol: settings.predictor_protocol as PredictorSettings['protocol'],
      useSsl: settings.predictor_use_ssl,
      timeoutSeconds: settings.predictor_request_timeout_seconds,
      retries: settings.predictor_request_retries,
      caFile: settings.predictor_ca_file,
    };
    return {
      name: source.name,
      version: source.version,
      format: source.format,
      path: source.path,
      folder: source.folder,
      intraOp: config.intraOp ?? settings.intra_op,
      predictProba: settings.predict_proba,
      predictType: config.predictType,
      missing: config.missing,
      engine: config.engine,
      platform: config.platform,
      overrides: { v1Output: config.v1Output, labels, inputs: config.inputs, outputs: config.outputs },
      batching: config.batching,
      warmup: config.warmup,
      predictor,
    };
  }

  /** Opens one version of a model and warms it up. */
  public async open(source: ModelSource): Promise<ServedModel> {
    const start = performance.now();
    const { config, name, version } = source;
    if (source.ignored.length > 0) {
      this.log.info({ model: name, files: source.ignored }, 'these files beside the model are not used');
    }
    const spec = this.specOf(source);
    const inline = (config.placement ?? this.settings.placement) === 'inline';
    if (inline && source.format === 'user') {
      throw new ServerError('invalid', `model '${name}': placement inline is not offered for user code, which could block or end the server`);
    }
    const scope = this.metrics.openModel(name, version);
    try {
      const queue = new JobQueue(name, { maxWaiting: config.limits?.queue ?? this.settings.max_queue, maxBatch: 1 });
      const { executor, loaded, tokenize } = inline ? await this.openInline(spec, queue, scope) : await this.openPooled(source, spec, queue, scope);
      const { metadata, policy, encoder } = loaded;
      queue.limits.maxBatch = policy.maxBatch;
      const seconds = (performance.now() - start) / 1000;
      scope.value('loadTime').set(seconds);
      this.log.info({ model: name, version, format: source.format, seconds: Number(seconds.toFixed(3)), maxBatch: policy.maxBatch, singleMs: policy.singleMs, batching: policy.reason }, `model ${name} is ready`);
      return new ServedModel(name, version, metadata, policy, spec, config, encoder && new Encoder(metadata, encoder, tokenize), config.limits?.rows ?? this.settings.max_rows, executor, scope);
    } catch (error) {
      this.metrics.closeModel(scope);
      throw error;
    }
  }

  private async openInline(spec: LoadSpec, queue: JobQueue, scope: Scope): Promise<Opened> {
    const { engine, loaded } = await loadEngine(spec);
    const { policy } = loaded;
    const { singleMs = Infinity, measured } = policy;
    if (singleMs > INLINE_LIMIT_MS) {
      await engine.release();
      throw new ServerError('invalid', `model '${spec.name}': placement inline needs runs of at most ${INLINE_LIMIT_MS} ms, but ${policy.singleMs === undefined ? 'none could be measured' : `one takes ${singleMs.toFixed(2)} ms`}; use placement runner`);
    }
    const most = measured === undefined || measured.ms > INLINE_LIMIT_MS ? 1 : measured.rows;
    const fitted: Loaded = policy.maxBatch > most ? { ...loaded, policy: { ...policy, maxBatch: most, reason: 'a larger batch would keep the server from others' } } : loaded;
    let encoder: LoadedEncoder | undefined;
    try {
      encoder = loadEncoder(spec.folder, loaded.metadata);
    } catch (error) {
      await engine.release();
      throw error;
    }
    return { executor: new InlineExecutor(engine, queue, runObserver(scope)), loaded: { ...fitted, encoder: encoder?.settings }, tokenize: encoder?.tokenize };
  }

  private async openPooled(source: ModelSource, spec: LoadSpec, queue: JobQueue, scope: Scope): Promise<Opened> {
    const { config } = source;
    const owned = source.format === 'user' || !this.multi || runnerFor(source) === 'dedicated';
    const pool = owned ? this.makePool(source) : (this.shared ??= this.makePool(undefined));
    const slot = this.nextSlot++;
    try {
      const loaded = await pool.load(slot, spec);
      const model: PoolModel = {
        slot,
        name: spec.name,
        queue,
        metadata: loaded.metadata,
        pure: source.format !== 'user',
        runSeconds: config.limits?.runSeconds ?? this.settings.max_run_seconds,
        onRun: runObserver(scope),
      };
      pool.add(model);
      return { executor: new PoolExecutor(pool, model, owned, (closed) => this.pools.delete(closed)), loaded };
    } catch (error) {
      if (owned) {
        this.pools.delete(pool);
        await pool.stop();
      }
      throw error;
    }
  }

  private makePool(source: ModelSource | undefined): RunnerPool {
    const user = source?.format === 'user';
    // one of many models has one runner of its own, else each would have as many as there are cores
    const single = source !== undefined && this.multi;
    const pool = new RunnerPool({
      entry: this.entry(),
      size: single ? 1 : Math.min(this.settings.workers || Infinity, cpuQuota(availableParallelism())),
      depth: user ? source.config.limits?.concurrency ?? 64 : 2,
      memoryMiB: source?.config.limits?.memoryMiB ?? this.settings.runner_memory_mib,
      loadSeconds: this.settings.max_load_seconds,
      // Node would follow links by their text, which leads nowhere from another container's root
      nodeFlags: user && isInOtherRoot(source.path) ? ['--preserve-symlinks'] : [],
      events: {
        onRestart: (reason) => this.metrics.server.value('runnerRestarts', reason).add(),
        log: (level, message, fields) => this.log[level]({ ...fields }, message),
      },
    });
    this.pools.add(pool);
    return pool;
  }
}

function runObserver(scope: Scope): (rows: number, ms: number) => void {
  const runTime = scope.histogram('runTime');
  const batchRows = scope.histogram('batchRows');
  return (rows, ms) => {
    runTime.observe(ms / 1000);
    batchRows.observe(rows);
  };
}
