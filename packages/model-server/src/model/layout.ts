import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { isOnnxHead } from '../engine/onnx/graph';
import { isTreeModel } from '../trees';
import { ModelConfig, readModelConfig } from './config';
import { isBelow, realPath } from './real-path';

export type Format = 'onnx' | 'trees' | 'user';

/** One loadable model version on disk. */
export interface ModelSource {
  readonly name: string;
  readonly version?: string;
  readonly format: Format;
  /** The model file. */
  readonly path: string;
  /** The folder of the model. */
  readonly folder: string;
  readonly config: ModelConfig;
  /** Files that are none of the server's. */
  readonly ignored: readonly string[];
}

const USER_ENDINGS = ['.ts', '.mts', '.js', '.mjs', '.cjs'];
const USER_FILES = USER_ENDINGS.map((ending) => `model${ending}`);
/** Files that belong to a model without being one. */
const COMPANIONS = new Set(['model.json', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'config.json', 'vocab.txt', 'vocab.json',
  'merges.txt', 'modules.json', 'sentence_bert_config.json', 'config_sentence_transformers.json', 'package.json']);
const HEAD = 64 * 1024;

function head(path: string): Buffer {
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(HEAD);
    return buffer.subarray(0, readSync(fd, buffer, 0, HEAD, 0));
  } finally {
    closeSync(fd);
  }
}

/** What a file is, by its content; undefined for none of ours. */
export function recognise(path: string): Format | 'pickle' | undefined {
  const start = head(path);
  if (start.length === 0) {
    return undefined;
  }
  if (start[0] === 0x80 && start[1]! >= 2 && start[1]! <= 5) {
    return 'pickle';
  }
  if (isOnnxHead(start)) {
    return 'onnx';
  }
  if (isTreeModel(start)) {
    return 'trees';
  }
  return undefined;
}

/** What a file is that is meant to be a model: code by its ending, all else by its content. */
const formatOf = (path: string): Format | 'pickle' | undefined => (USER_ENDINGS.includes(extname(path)) ? 'user' : recognise(path));

/** A path beneath the root, or an error: models never read elsewhere. */
function confined(root: string, path: string): string {
  const real = realPath(path);
  if (real !== root && !isBelow(root, real)) {
    throw new Error(`${path} leads out of ${root}`);
  }
  return real;
}

export interface Entries {
  readonly files: string[];
  readonly folders: string[];
}

/** The files and folders of a folder, links followed. */
export function list(folder: string): Entries {
  const files: string[] = [];
  const folders: string[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (name.startsWith('..') || name === 'lost+found') {
      continue; // Kubernetes keeps its own links in mounted volumes, a file system what it has found
    }
    const info = statSync(join(folder, name), { throwIfNoEntry: false });
    if (info?.isFile() === true) {
      files.push(name);
    } else if (info?.isDirectory() === true) {
      folders.push(name);
    }
  }
  return { files, folders };
}

function sniff(root: string, folder: string, file: string): Format | 'pickle' | undefined {
  if (COMPANIONS.has(file) || file.startsWith('SUCCESS')) {
    return undefined;
  }
  if (USER_FILES.includes(file)) {
    return 'user';
  }
  return recognise(confined(root, join(folder, file)));
}

function pickleError(path: string): Error {
  return new Error(`${path} is a Python pickle, which only Python can read; convert it: for scikit-learn `
    + "`skl2onnx.to_onnx(model, X[:1], options={'zipmap': False}).SerializeToString()` written to model.onnx, for XGBoost `booster.save_model('model.json')` under another name than model.json, such as model.ubj, for LightGBM `booster.save_model('model.txt')`");
}

/** The settings in a folder's model.json; undefined where it has none, or a model that is called so. */
function settingsIn(root: string, folder: string): ModelConfig | undefined {
  const path = join(folder, 'model.json');
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    return undefined;
  }
  const real = confined(root, path);
  // XGBoost users save under this very name
  return recognise(real) === 'trees' ? undefined : readModelConfig(real);
}

/** The single model of a folder with these settings in it, or undefined when the folder has none. */
function findModel(root: string, folder: string, name: string, version: string | undefined, settings: ModelConfig | undefined): ModelSource | undefined {
  const { files, folders } = list(folder);
  if (settings === undefined && files.includes('model.json')) {
    return { name, version, format: 'trees', path: confined(root, join(folder, 'model.json')), folder, config: {}, ignored: files.filter((file) => file !== 'model.json') };
  }
  const config = settings ?? {};
  if (config.file !== undefined) {
    const path = resolve(folder, config.file);
    const real = confined(root, path);
    const format = formatOf(path);
    if (format === undefined || format === 'pickle') {
      throw format === 'pickle' ? pickleError(path) : new Error(`${join(folder, 'model.json')}: /file is ${config.file}, which is no model of a known format`);
    }
    return { name, version, format, path: real, folder, config, ignored: [] };
  }
  const found: { file: string; format: Format }[] = [];
  const ignored: string[] = [];
  let pickle: string | undefined;
  for (const file of files) {
    const format = sniff(root, folder, file);
    if (format === 'pickle') {
      pickle = join(folder, file);
    } else if (format !== undefined) {
      found.push({ file, format });
    } else if (!COMPANIONS.has(file)) {
      ignored.push(file);
    }
  }
  if (found.length === 0 && folders.includes('onnx') && (files.includes('tokenizer.json') || files.includes('config.json'))) {
    // the layout of Hugging Face: several precisions, of which model.onnx is the plain one
    const path = join(folder, 'onnx', 'model.onnx');
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) {
      return { name, version, format: 'onnx', path: confined(root, path), folder, config, ignored };
    }
  }
  const user = found.find(({ format }) => format === 'user');
  if (found.length > 1 && user === undefined) {
    throw new Error(`${folder} has ${found.length} models: ${found.map(({ file }) => file).join(', ')}; keep one, or name it in model.json as "file"`);
  }
  const only = user ?? found[0];
  if (only === undefined) {
    if (pickle !== undefined) {
      throw pickleError(pickle);
    }
    if (settings !== undefined) {
      throw new Error(`${folder} has a model.json but no model of a known format; it has ${[...files, ...folders].join(', ')}`);
    }
    return undefined;
  }
  return { name, version, format: only.format, path: confined(root, join(folder, only.file)), folder, config, ignored };
}

const isVersion = (name: string): boolean => /^\d+$/.test(name) && Number.isSafeInteger(Number(name));

/** The versions of a model: numeric sub-folders, or the folder itself. */
export function findVersions(root: string, folder: string, name: string): ModelSource[] {
  const { files, folders } = list(folder);
  const numeric = folders.filter(isVersion).sort((a, b) => Number(a) - Number(b));
  const twice = numeric.find((version, i) => Number(version) === Number(numeric[i + 1]));
  if (twice !== undefined) {
    throw new Error(`${folder} has version ${Number(twice)} twice, in the folders ${numeric.filter((version) => Number(version) === Number(twice)).join(' and ')}; keep one`);
  }
  const settings = settingsIn(root, folder);
  const modelJson = settings === undefined && files.includes('model.json');
  const plain = numeric.length === 0 || modelJson || files.some((file) => sniff(root, folder, file) !== undefined)
    ? findModel(root, folder, name, undefined, settings)
    : undefined;
  if (plain !== undefined || numeric.length === 0) {
    return plain === undefined ? [] : [plain];
  }
  const config = settings ?? {};
  const wanted = config.versions ?? 'latest';
  const chosen = wanted === 'all' ? numeric : wanted === 'latest' ? numeric.slice(-1) : numeric.filter((version) => wanted.includes(Number(version)));
  if (chosen.length === 0) {
    throw new Error(`${folder} has the versions ${numeric.join(', ')}, none of which model.json asks for at /versions`);
  }
  return chosen.map((version) => {
    const path = join(folder, version);
    const source = findModel(root, path, name, String(Number(version)), settingsIn(root, path));
    if (source === undefined) {
      throw new Error(`${path} has no model of a known format (ONNX, XGBoost JSON or UBJ, LightGBM text, model.ts or model.js)`);
    }
    return { ...source, config: { ...config, ...source.config } };
  });
}

/** What a model directory holds. */
export interface Layout {
  readonly root: string;
  readonly kind: 'single' | 'multi' | 'empty';
  /** Versions of each model, by name. */
  readonly models: ReadonlyMap<string, readonly ModelSource[]>;
  /** Folders whose model cannot be found, with the reason. */
  readonly broken: ReadonlyMap<string, Error>;
}

/** A name that routes and metrics can carry and that is no path. */
export function isModelName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}$/.test(name);
}

/** A single file, with the settings beside it. */
function readFile(path: string, modelName: string | undefined): Layout {
  const root = dirname(path);
  const format = formatOf(path);
  if (format === 'pickle') {
    throw pickleError(path);
  }
  if (format === undefined) {
    throw new Error(`${path} is no model of a known format (ONNX, XGBoost JSON or UBJ, LightGBM text, .ts or .js)`);
  }
  const beside = join(root, 'model.json');
  const settings = path === beside ? undefined : settingsIn(root, root);
  const named = settings?.file === undefined ? path : resolve(root, settings.file);
  const config = existsSync(named) && realPath(named) === path ? settings : undefined;
  const ignored = config === undefined && path !== beside && existsSync(beside) ? ['model.json'] : [];
  const name = modelName ?? config?.name ?? basename(path, extname(path));
  return { root, kind: 'single', models: new Map([[name, [{ name, format, path, folder: root, config: config ?? {}, ignored }]]]), broken: new Map() };
}

/** Looks through a model directory, or takes a single file. */
export function readLayout(path: string, modelName: string | undefined, multi: boolean): Layout {
  const real = realPath(path);
  if (statSync(real).isFile()) {
    return readFile(real, modelName);
  }
  if (!multi) {
    const name = modelName ?? basename(real);
    const versions = findVersions(real, real, name);
    if (versions.length > 0) {
      const given = modelName ?? versions[0]!.config.name ?? 'model';
      return { root: real, kind: 'single', models: new Map([[given, versions.map((source) => ({ ...source, name: given }))]]), broken: new Map() };
    }
  }
  const models = new Map<string, readonly ModelSource[]>();
  const broken = new Map<string, Error>();
  const { files, folders } = list(real);
  const marked: string[] = [];
  for (const folder of folders.filter(isModelName)) {
    try {
      if (list(join(real, folder)).files.some((file) => file.startsWith('SUCCESS.'))) {
        marked.push(folder);
      }
      const versions = findVersions(real, join(real, folder), folder);
      if (versions.length > 0) {
        models.set(folder, versions);
      }
    } catch (error) {
      broken.set(folder, error as Error);
    }
  }
  if (marked.length > 0) {
    // an agent marks what is complete; unmarked folders are still being written
    for (const folder of [...models.keys(), ...broken.keys()].filter((name) => !marked.includes(name))) {
      models.delete(folder);
      broken.delete(folder);
    }
  }
  if (models.size > 0 || broken.size > 0) {
    return { root: real, kind: 'multi', models, broken };
  }
  if (multi || (modelName === undefined && files.length === 0 && folders.length === 0)) {
    return { root: real, kind: 'empty', models, broken };
  }
  throw new Error(`${path} has no model of a known format (ONNX, XGBoost JSON or UBJ, LightGBM text, model.ts or model.js); it has ${[...files, ...folders].join(', ') || 'nothing'}`);
}
