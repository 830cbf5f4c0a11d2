import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { parse } from 'yaml';
import type { Schema } from './schema';

/** What a test needs of a CustomResourceDefinition. */
export interface Crd {
  readonly group: string;
  readonly kind: string;
  /** `Namespaced` or `Cluster`. */
  readonly scope: string;
  readonly versions: { readonly name: string; readonly served: boolean; readonly schema: Schema }[];
}

/** Picks a version where the newest is not meant, by folder: `{ keda: 'v2.16.1' }`. */
export type CrdVersions = { readonly [folder: string]: string };

const ROOT = resolve(__dirname, '../..');
/** Where the CRDs are: `<project>/<version>/<file of one CRD>`. */
export const CRDS_DIR = resolve(process.env.CRDS_DIR ?? join(ROOT, '../shared/crds'));
export const CRDS_AVAILABLE = existsSync(join(CRDS_DIR, 'kserve'));
const CACHE_DIR = join(ROOT, 'node_modules/.cache/crds');

interface CrdFile {
  readonly folder: string;
  readonly version: string;
  readonly path: string;
}

let files: CrdFile[] | undefined;

function allFiles(): CrdFile[] {
  if (!CRDS_AVAILABLE) throw new Error(`No CRDs in ${CRDS_DIR}; set CRDS_DIR, and use describeWithCrds or itWithCrds where they are needed`);
  return files ??= readdirSync(CRDS_DIR, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => {
      const [folder, version] = relative(CRDS_DIR, entry.parentPath).split(/[\\/]/);
      return { folder, version, path: join(entry.parentPath, entry.name) };
    });
}

/** The CRD of a kind, or undefined where no project defines it. */
export function findCrd(group: string, kind: string, versions: CrdVersions): Crd | undefined {
  const singular = kind.toLowerCase();
  const names = [`${singular}s`, `${singular}es`, singular.replace(/y$/, 'ies')].flatMap((plural) => [`${plural}.${group}.yaml`, `${group}_${plural}.yaml`]);
  const candidates = allFiles().filter(({ folder, version, path }) =>
    names.includes(basename(path)) && (versions[folder] === undefined || versions[folder] === version));
  // a folder that was asked for, then stable channels, then the newest
  const rank = ({ folder, version }: CrdFile) => [versions[folder] ? 1 : 0, folder.endsWith('experimental') ? 0 : 1, ...version.match(/\d+/g)!.map(Number)];
  const best = candidates.sort((a, b) => compare(rank(b), rank(a)))[0];
  return best && load(best.path);
}

function compare(a: number[], b: number[]): number {
  const at = a.findIndex((part, i) => part !== b[i]);
  return at < 0 ? 0 : a[at] - (b[at] ?? -1);
}

const loaded = new Map<string, Crd>();

function load(path: string): Crd {
  if (!loaded.has(path)) loaded.set(path, cached(path));
  return loaded.get(path)!;
}

/** Parsing 2 MB of YAML takes most of a second, its JSON some milliseconds. */
function cached(path: string): Crd {
  const { mtimeMs, size } = statSync(path);
  const key = createHash('sha256').update(`1 ${path} ${mtimeMs} ${size}`).digest('hex').slice(0, 16);
  const cache = join(CACHE_DIR, `${basename(path, '.yaml')}-${key}.json`);
  if (existsSync(cache)) return JSON.parse(readFileSync(cache, 'utf8'));

  const crd = parseCrd(readFileSync(path, 'utf8'));
  mkdirSync(CACHE_DIR, { recursive: true });
  // other jest workers may read or write the same file
  writeFileSync(`${cache}.${process.pid}`, JSON.stringify(crd));
  renameSync(`${cache}.${process.pid}`, cache);
  return crd;
}

function parseCrd(yaml: string): Crd {
  // some files wrap quoted descriptions with too little indentation for a strict parser
  const { spec } = parse(yaml.replace(/^( +)description: '(?:[^']|'')*'$/gm, '$1description: ""'));
  return {
    group: spec.group,
    kind: spec.names.kind,
    scope: spec.scope,
    versions: spec.versions.map(({ name, served, schema }: any) => ({ name, served, schema: schema.openAPIV3Schema })),
  };
}
