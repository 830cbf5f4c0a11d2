import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import type { Entry } from './tar';

/** A package of npm as it is installed. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly folder: string;
  readonly dependencies: readonly string[];
}

function read(folder: string): NpmPackage {
  const json = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string; version: string; license?: string | { type: string }; dependencies?: object };
  const license = typeof json.license === 'string' ? json.license : json.license?.type;
  if (license === undefined) {
    throw new Error(`${folder}/package.json names no licence`);
  }
  return { name: json.name, version: json.version, license, folder, dependencies: Object.keys(json.dependencies ?? {}) };
}

/** Finds a package as Node does from a folder. */
export function findPackage(name: string, from: string): NpmPackage {
  for (const root of createRequire(join(from, 'index.js')).resolve.paths(name) ?? []) {
    if (existsSync(join(root, name, 'package.json'))) {
      return read(realpathSync(join(root, name)));
    }
  }
  throw new Error(`the package ${name} is not installed; run npm ci`);
}

/** A package with all it depends on; `without` are left out, with what only they need. */
export function closure(name: string, from: string, without: ReadonlySet<string> = new Set()): NpmPackage[] {
  const found = new Map<string, NpmPackage>();
  const add = (wanted: string, folder: string): void => {
    const one = findPackage(wanted, folder);
    const before = found.get(one.name);
    if (before !== undefined && before.folder !== one.folder) {
      throw new Error(`two versions of ${one.name} are needed: ${before.folder} and ${one.folder}`);
    }
    if (before === undefined) {
      found.set(one.name, one);
      one.dependencies.filter((dependency) => !without.has(dependency)).forEach((dependency) => add(dependency, one.folder));
    }
  };
  add(name, from);
  return [...found.values()];
}

/** The packages of which files went into a bundle. */
export function bundledPackages(inputs: readonly string[]): NpmPackage[] {
  const folders = new Set<string>();
  for (const input of inputs) {
    const parts = input.split('/');
    const at = parts.lastIndexOf('node_modules');
    if (at !== -1) {
      folders.add(parts.slice(0, at + (parts[at + 1]!.startsWith('@') ? 3 : 2)).join('/'));
    }
  }
  return [...folders].sort().map((folder) => read(realpathSync(folder)));
}

const RUNNING = /\.(js|cjs|mjs|json|node)$/;
const IDLE = /^(test|tests|docs|benchmarks|examples|example|\.github)$/;

/** The files of a package that run, beneath a folder of the image. */
export function runningFiles(from: NpmPackage, to: string, keep: (path: string) => boolean = (path) => RUNNING.test(path)): Entry[] {
  const entries: Entry[] = [];
  const walk = (folder: string): void => {
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) {
        if (name !== 'node_modules' && !(IDLE.test(name) && folder === from.folder)) {
          walk(path);
        }
      } else if (keep(relative(from.folder, path).split(sep).join('/'))) {
        entries.push({ path: `${to}/${relative(from.folder, path).split(sep).join('/')}`, content: readFileSync(path) });
      }
    }
  };
  walk(from.folder);
  return entries;
}

const LICENCE = /^(licen[cs]e|copying|notice|third.?party)/i;

/** The licence texts of a package; `elsewhere` names packages whose text comes from another place. */
export function licencesOf(one: NpmPackage, elsewhere: ReadonlySet<string>): Entry[] {
  const files = readdirSync(one.folder).filter((name) => LICENCE.test(name) && statSync(join(one.folder, name)).isFile()).sort();
  if (files.length === 0 && !elsewhere.has(one.name)) {
    throw new Error(`${one.name} ${one.version} (${one.license}) has no licence text in ${one.folder}; the image needs it in /licenses`);
  }
  return files.map((name) => ({ path: `licenses/npm/${one.name}@${one.version}/${name}`, content: readFileSync(join(one.folder, name)) }));
}
