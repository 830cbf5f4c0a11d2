import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import type { Logger } from 'pino';
import { PoolExecutor } from './executors';
import { cpuQuota, Settings } from '../cli/flags';
import { Loaded, LoadSpec, PredictorSettings } from '../engine/engine';
import { loadEngine } from '../engine/load';
import { quote, ServerError, toServerError, unavailable } from '../errors';
import { InlineExecutor } from './inline';
import { runnerFor } from './placement';
import { Executor, ServedModel } from './served';
import { Metrics, Scope } from '../metrics/registry';
import { findVersions, isModelName, Layout, ModelSource } from '../model/layout';
import { PoolModel } from '../pool/options';
import { RunnerPool } from '../pool/pool';
import { JobQueue } from '../pool/queue';

/** A model of any number of versions. */
interface Entry {
  readonly name: string;
  versions: Map<string, ServedModel>;
  /** The version that routes without one mean. */
  current: ServedModel | undefined;
  state: 'loading' | 'ready' | 'failed';
  reason: string;
  busy: Promise<void>;
}

export interface IndexEntry {
  readonly name: string;
  readonly version?: string;
  readonly state: string;
  readonly reason: string;
}

const INLINE_LIMIT_MS = 1;
/** All models of the server. */
export class ModelRegistry {
  private readonly entries = new Map<string, Entry>();
  private shared: RunnerPool | undefined;
  private readonly pools = new Set<RunnerPool>();
  private nextSlot = 1;
  private root = '';
  /** Whether models come and go; else the one model's state is the server's. */
  public multi = false;
  /** What keeps the whole server from being ready. */
  public blocked: string | undefined = 'the models are being loaded';

  public constructor(private readonly settings: Settings, private readonly metrics: Metrics, private readonly log: Logger, private readonly entry: () => string) {}

  /** Loads everything a directory holds. */
  public async open(layout: Layout, multi: boolean): Promise<void> {
    this.root = layout.root;
    this.multi = multi;
    for (const [name, error] of layout.broken) {
      this.entries.set(name, { name, versions: new Map(), current: undefined, state: 'failed', reason: error.message, busy: Promise.resolve() });
      this.log.error({ model: name }, error.message);
    }
    await Promise.all([...layout.models].map(async ([name, sources]) => {
      try {
        await this.replace(this.entryOf(name), sources);
      } catch (error) {
        const message = `model ${name} cannot be loaded: ${(error as Error).message}`;
        if (!multi) {
          throw new Error(message, { cause: error });
        }
        this.log.error({ model: name }, message);
      }
    }));
    this.blocked = undefined;
  }

  public get names(): string[] {
    return [...this.entries.values()].filter((entry) => entry.current !== undefined).map((entry) => entry.name);
  }

  /** Whether the server takes requests, or why not. */
  public get unready(): string | undefined {
    if (this.blocked !== undefined) {
      return this.blocked;
    }
    if (this.multi) {
      return undefined;
    }
    for (const entry of this.entries.values()) {
      if (entry.current?.ready !== true) {
        return entry.reason || entry.current?.unready || `model '${entry.name}' is not ready`;
      }
    }
    return undefined;
  }

  /** The model a request means. */
  public find(name: string, version?: string): ServedModel {
    const entry = this.entries.get(name);
    if (entry === undefined) {
      throw new ServerError('not-found', `Model with name ${name.slice(0, 100)} does not exist.`);
    }
    if (version !== undefined) {
      const model = entry.versions.get(String(Number(version))) ?? entry.versions.get(version);
      if (model === undefined) {
        throw new ServerError('not-found', `Model with name ${name} has no version ${quote(version)}${entry.versions.size > 0 ? `; loaded: ${[...entry.versions.keys()].filter((key) => key !== '').join(', ') || 'one without a version'}` : ''}.`);
      }
      return model;
    }
    if (entry.current === undefined) {
      throw unavailable(`Model with name ${name} is not ready.${entry.reason === '' ? '' : ` ${entry.reason}`}`);
    }
    return entry.current;
  }

  /** The model a request means, only when it takes requests. */
  public ready(name: string, version?: string): ServedModel {
    const model = this.find(name, version);
    if (!model.ready) {
      throw unavailable(`Model with name ${name} is not ready.${model.unready === undefined ? '' : ` ${model.unready}`}`);
    }
    return model;
  }

  public versionsOf(name: string): string[] {
    return [...(this.entries.get(name)?.versions.keys() ?? [])].filter((version) => version !== '');
  }

  public all(): ServedModel[] {
    return [...this.entries.values()].flatMap((entry) => [...entry.versions.values()]);
  }

  /** What the repository holds: loaded, failed and, on disk, not loaded. */
  public index(readyOnly: boolean): IndexEntry[] {
    const list: IndexEntry[] = [];
    for (const entry of this.entries.values()) {
      for (const [version, model] of entry.versions) {
        list.push({ name: entry.name, version: version || undefined, state: model.ready ? 'READY' : 'UNAVAILABLE', reason: model.unready ?? '' });
      }
      if (entry.versions.size === 0) {
        list.push({ name: entry.name, state: entry.state === 'loading' ? 'LOADING' : 'UNAVAILABLE', reason: entry.reason });
      }
    }
    if (this.multi && this.root !== '') {
      for (const folder of this.folders()) {
        if (!this.entries.has(folder)) {
          list.push({ name: folder, state: 'UNAVAILABLE', reason: 'not loaded' });
        }
      }
    }
    return readyOnly ? list.filter((entry) => entry.state === 'READY') : list;
  }

  /** Loads or loads again a model of the repository. */
  public async load(name: string): Promise<void> {
    this.mayChange(name);
    const folder = join(this.root, name);
    let sources: ModelSource[];
    try {
      sources = findVersions(this.root, folder, name);
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? new ServerError('not-found', `the repository has no folder for model '${name}'`)
        : new ServerError('invalid', (error as Error).message, { cause: error });
    }
    if (sources.length === 0) {
      throw new ServerError('not-found', `the folder of model '${name}' has no model of a known format`);
    }
    const known = this.entries.has(name);
    if (!known && this.entries.size >= this.settings.max_models) {
      throw new ServerError('exhausted', `${this.entries.size} models are loaded, as many as --max_models allows`);
    }
    const entry = this.entryOf(name);
    const work = entry.busy.then(() => this.replace(entry, sources));
    entry.busy = work.catch(() => undefined);
    try {
      await work;
    } catch (error) {
      if (!known && entry.current === undefined) {
        this.entries.delete(name);
      }
      throw error;
    }
  }

  /** Releases a model of the repository, also when its folder is gone. */
  public async unload(name: string): Promise<void> {
    this.mayChange(name);
    const entry = this.entries.get(name);
    if (entry === undefined) {
      throw new ServerError('not-found', `Model with name ${name} does not exist.`);
    }
    this.entries.delete(name);
    await entry.busy;
    await Promise.all([...entry.versions.values()].map((model) => this.close(model)));
    this.log.info({ model: name }, `model ${name} is unloaded`);
  }

  public async stop(): Promise<void> {
    await Promise.all([...this.pools].map((pool) => pool.stop()));
    await Promise.all(this.all().filter((model) => model.executor instanceof InlineExecutor).map((model) => model.executor.close()));
  }

  /** Process ids of all runners. */
  public get pids(): number[] {
    return [...this.pools].flatMap((pool) => pool.pids);
  }

  private folders(): string[] {
    try {
      return readdirSync(this.root, { withFileTypes: true }).filter((item) => item.isDirectory() && isModelName(item.name)).map((item) => item.name);
    } catch {
      return [];
    }
  }

  private mayChange(name: string): void {
    if (!this.multi) {
      throw new ServerError('forbidden', 'this server serves one fixed model; start it with --multi_model to load and unload models');
    }
    if (!isModelName(name) || basename(name) !== name) {
      throw new ServerError('invalid', `${quote(name)} is no name of a model`);
    }
  }

  private entryOf(name: string): Entry {
    let entry = this.entries.get(name);
    if (entry === undefined) {
      entry = { name, versions: new Map(), current: undefined, state: 'loading', reason: 'the model is being loaded', busy: Promise.resolve() };
      this.entries.set(name, entry);
    }
    return entry;
  }

  /** Loads new versions beside the old, switches, then lets go of the old. */
  private async replace(entry: Entry, sources: readonly ModelSource[]): Promise<void> {
    const fresh: ServedModel[] = [];
    try {
      for (const source of sources) {
        fresh.push(await this.loadVersion(source));
      }
    } catch (error) {
      await Promise.all(fresh.map((model) => this.close(model)));
      if (entry.current === undefined) {
        entry.state = 'failed';
        entry.reason = (error as Error).message;
      }
      throw toServerError(error);
    }
    const old = [...entry.versions.values()];
    entry.versions = new Map(fresh.map((model) => [model.version ?? '', model]));
    entry.current = fresh.at(-1);
    entry.state = 'ready';
    entry.reason = '';
    this.metrics.server.value('models').set(this.all().length);
    await Promise.all(old.map((model) => this.close(model)));
  }

  private async close(model: ServedModel): Promise<void> {
    this.metrics.closeModel(model.metrics);
    await model.executor.close();
    this.metrics.server.value('models').set(this.all().length);
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

  private async loadVersion(source: ModelSource): Promise<ServedModel> {
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
      const { executor, loaded } = inline ? await this.openInline(spec, queue, scope) : await this.openPooled(source, spec, queue, scope);
      const { metadata, policy } = loaded;
      queue.limits.maxBatch = policy.maxBatch;
      const seconds = (performance.now() - start) / 1000;
      scope.value('loadTime').set(seconds);
      this.log.info({ model: name, version, format: source.format, seconds: Number(seconds.toFixed(3)), maxBatch: policy.maxBatch, singleMs: policy.singleMs, batching: policy.reason }, `model ${name} is ready`);
      return new ServedModel(name, version, metadata, policy, spec, config, source.folder, config.limits?.rows ?? this.settings.max_rows, executor, scope);
    } catch (error) {
      this.metrics.closeModel(scope);
      throw error;
    }
  }

  private async openInline(spec: LoadSpec, queue: JobQueue, scope: Scope): Promise<{ executor: Executor; loaded: Loaded }> {
    const { engine, loaded } = await loadEngine(spec);
    const { policy } = loaded;
    const slowest = Math.max(policy.singleMs ?? Infinity, policy.batchMs ?? 0);
    if (slowest > INLINE_LIMIT_MS) {
      const single = policy.singleMs ?? Infinity;
      if (single > INLINE_LIMIT_MS) {
        await engine.release();
        throw new ServerError('invalid', `model '${spec.name}': placement inline needs runs of at most ${INLINE_LIMIT_MS} ms, but ${policy.singleMs === undefined ? 'none could be measured' : `one takes ${single.toFixed(2)} ms`}; use placement runner`);
      }
    }
    const fitted: Loaded = slowest > INLINE_LIMIT_MS ? { ...loaded, policy: { ...policy, maxBatch: 1, reason: 'a larger batch would block the server' } } : loaded;
    return { executor: new InlineExecutor(engine, queue, runObserver(scope)), loaded: fitted };
  }

  private async openPooled(source: ModelSource, spec: LoadSpec, queue: JobQueue, scope: Scope): Promise<{ executor: Executor; loaded: Loaded }> {
    const { config } = source;
    const owned = source.format === 'user' || !this.multi || (config.runner ?? runnerFor(source)) === 'dedicated';
    const pool = owned ? this.makePool(source) : (this.shared ??= this.makePool(undefined));
    const slot = this.nextSlot++;
    try {
      const loaded = await pool.load(slot, spec);
      const model: PoolModel = {
        slot,
        spec: { ...spec, policy: loaded.policy },
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
    const quota = cpuQuota(availableParallelism());
    const pool = new RunnerPool({
      entry: this.entry(),
      size: user && this.multi ? 1 : Math.max(1, Math.min(this.settings.workers, quota)),
      depth: user ? source.config.limits?.concurrency ?? 64 : 2,
      memoryMiB: source?.config.limits?.memoryMiB ?? this.settings.runner_memory_mib,
      loadSeconds: this.settings.max_load_seconds,
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
