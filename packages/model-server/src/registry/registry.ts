import { basename, join } from 'node:path';
import type { Logger } from 'pino';
import { Settings } from '../cli/flags';
import { quote, ServerError, stackOf, toServerError, unavailable } from '../errors';
import { ModelOpener } from './opener';
import { ServedModel } from './served';
import { Metrics } from '../metrics/registry';
import { findVersions, isModelName, Layout, list, ModelSource } from '../model/layout';

/** A model of any number of versions. */
interface Entry {
  readonly name: string;
  versions: Map<string, ServedModel>;
  /** The version that routes without one mean. */
  current: ServedModel | undefined;
  state: 'loading' | 'ready' | 'failed';
  reason: string;
  /** The changes asked for so far, one after the other. */
  busy: Promise<unknown>;
  /** Changes that have not begun or not ended. */
  changes: number;
  /** Takes a place among those that --max_models counts, though it is not loaded yet. */
  opening: boolean;
  /** Was there at the start: told of also when it could not be loaded. */
  lasting: boolean;
}

export interface IndexEntry {
  readonly name: string;
  readonly version?: string;
  readonly state: string;
  readonly reason: string;
}

/** All models of the server. */
export class ModelRegistry {
  private readonly entries = new Map<string, Entry>();
  private readonly opener: ModelOpener;
  private root = '';
  /** What keeps the whole server from being ready. */
  public blocked: string | undefined = 'the models are being loaded';

  public constructor(private readonly settings: Settings, private readonly metrics: Metrics, private readonly log: Logger, entry: () => string) {
    this.opener = new ModelOpener(settings, metrics, log, entry);
  }

  /** Whether models come and go; else the one model's state is the server's. */
  public get multi(): boolean {
    return this.opener.multi;
  }

  /** Loads everything a directory holds. */
  public async open(layout: Layout, multi: boolean): Promise<void> {
    this.root = layout.root;
    this.opener.multi = multi;
    for (const [name, error] of layout.broken) {
      Object.assign(this.entryOf(name), { state: 'failed', reason: error.message, lasting: true });
      this.log.error({ model: name }, error.message);
    }
    await Promise.all([...layout.models].map(async ([name, sources]) => {
      const entry = this.entryOf(name);
      entry.lasting = true;
      try {
        await this.change(entry, () => this.replace(entry, () => sources)).done;
      } catch (error) {
        const message = `model ${name} cannot be loaded: ${(error as Error).message}`;
        if (!multi) {
          throw new Error(message, { cause: error });
        }
        this.log.error({ model: name, stack: stackOf(error) }, message);
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
        return entry.current?.executor.unready ?? (entry.reason || `model '${entry.name}' is not ready`);
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
      const model = entry.versions.get(/^\d+$/.test(version) ? String(Number(version)) : version);
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
    const { unready } = model.executor;
    if (unready !== undefined) {
      throw unavailable(`Model with name ${name} is not ready. ${unready}`);
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
    const found: IndexEntry[] = [];
    for (const entry of this.entries.values()) {
      for (const [version, model] of entry.versions) {
        found.push({ name: entry.name, version: version || undefined, state: model.ready ? 'READY' : 'UNAVAILABLE', reason: model.executor.unready ?? '' });
      }
      if (entry.versions.size === 0) {
        found.push({ name: entry.name, state: entry.state === 'loading' ? 'LOADING' : 'UNAVAILABLE', reason: entry.reason });
      }
    }
    if (this.multi && this.root !== '') {
      for (const folder of this.folders()) {
        if (!this.entries.has(folder)) {
          found.push({ name: folder, state: 'UNAVAILABLE', reason: 'not loaded' });
        }
      }
    }
    return readyOnly ? found.filter((entry) => entry.state === 'READY') : found;
  }

  /** Loads or loads again a model of the repository; done when the new version serves. */
  public async load(name: string): Promise<void> {
    this.mayChange(name);
    const entry = this.entryOf(name);
    await this.change(entry, () => this.replace(entry, () => this.sourcesOf(name))).done;
  }

  /** Releases a model of the repository, also when its folder is gone. */
  public async unload(name: string): Promise<void> {
    this.mayChange(name);
    const entry = this.entries.get(name);
    if (entry === undefined) {
      throw new ServerError('not-found', `Model with name ${name} does not exist.`);
    }
    await this.change(entry, () => {
      const old = [...entry.versions.values()];
      Object.assign(entry, { versions: new Map(), current: undefined, state: 'loading', reason: '', lasting: false } satisfies Partial<Entry>);
      this.forget(entry);
      return Promise.resolve(old);
    }).drained;
    this.log.info({ model: name }, `model ${name} is unloaded`);
  }

  public async stop(): Promise<void> {
    await this.opener.stop();
    await Promise.all(this.all().filter((model) => model.executor.inline).map((model) => model.executor.close()));
  }

  /** Process ids of all runners. */
  public get pids(): number[] {
    return this.opener.pids;
  }

  private folders(): string[] {
    try {
      return list(this.root).folders.filter(isModelName);
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
      entry = { name, versions: new Map(), current: undefined, state: 'loading', reason: 'the model is being loaded', busy: Promise.resolve(), changes: 0, opening: false, lasting: false };
      this.entries.set(name, entry);
    }
    return entry;
  }

  /** What the folder of a model holds now. */
  private sourcesOf(name: string): ModelSource[] {
    let sources: ModelSource[];
    try {
      sources = findVersions(this.root, join(this.root, name), name);
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? new ServerError('not-found', `the repository has no folder for model '${name}'`)
        : new ServerError('invalid', (error as Error).message, { cause: error });
    }
    if (sources.length === 0) {
      throw new ServerError('not-found', `the folder of model '${name}' has no model of a known format`);
    }
    return sources;
  }

  /**
   * Changes a model when the changes asked for before have ended, with the end of what they let go of: however
   * often it is loaded, two generations of it take memory. `done` does not wait for what this one lets go of,
   * nor does a load that follows an unload.
   */
  private change(entry: Entry, work: () => Promise<ServedModel[]>): { readonly done: Promise<unknown>; readonly drained: Promise<unknown> } {
    entry.changes++;
    const done = entry.busy.then(work).finally(() => { entry.changes--; });
    const drained = done.then((old) => Promise.all(old.map((model) => this.close(model))));
    entry.busy = drained.catch(() => undefined);
    return { done, drained };
  }

  /** Drops a model of which nothing is left, unless another change of it waits. */
  private forget(entry: Entry): void {
    if (entry.current === undefined && entry.changes === 1 && !entry.lasting) {
      this.entries.delete(entry.name);
    }
  }

  /** Loads new versions beside the old and switches; gives the old to be let go of. */
  private async replace(entry: Entry, sources: () => readonly ModelSource[]): Promise<ServedModel[]> {
    const fresh: ServedModel[] = [];
    try {
      this.checkRoom(entry);
      for (const source of sources()) {
        fresh.push(await this.opener.open(source));
      }
    } catch (error) {
      await Promise.all(fresh.map((model) => this.close(model)));
      if (entry.current === undefined) {
        entry.state = 'failed';
        entry.reason = (error as Error).message;
        this.forget(entry);
      }
      throw toServerError(error);
    } finally {
      entry.opening = false;
    }
    const old = [...entry.versions.values()];
    entry.versions = new Map(fresh.map((model) => [model.version ?? '', model]));
    entry.current = fresh.at(-1);
    entry.state = 'ready';
    entry.reason = '';
    this.metrics.server.value('models').set(this.all().length);
    return old;
  }

  /** Refuses one more model than may be loaded. */
  private checkRoom(entry: Entry): void {
    const others = [...this.entries.values()].filter((other) => other !== entry && (other.current !== undefined || other.opening)).length;
    if (others >= this.settings.max_models) {
      throw new ServerError('exhausted', `${others} models are loaded, as many as --max_models allows`);
    }
    entry.opening = true;
  }

  private async close(model: ServedModel): Promise<void> {
    this.metrics.closeModel(model.metrics);
    await model.executor.close();
    this.metrics.server.value('models').set(this.all().length);
  }
}
