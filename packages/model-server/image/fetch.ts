import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ARCHITECTURES, DEBIAN_PACKAGES, DEBIAN_RELEASE, Lock, NODE_PACKAGES, NODE_VERSION, Pinned } from './lock';
import type { Architecture } from './oci';
import { USER_CACHE } from '../scripts/user-cache';

const CACHE = join(USER_CACHE, 'image');

function run(command: string, args: readonly string[], cwd?: string): string {
  try {
    return execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28, timeout: 600_000 }).toString();
  } catch (error) {
    const { stderr, message } = error as { stderr?: Buffer; message: string };
    throw new Error(`${command} ${args.slice(0, 3).join(' ')} … failed: ${stderr?.toString().trim().slice(-1500) || message}`, { cause: error });
  }
}

/** What the image is made of could not be had. */
export class FetchError extends Error {
  public override readonly name = 'FetchError';
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Runs a download in an empty folder and gives the one file it left. */
function downloaded(work: (folder: string) => void): Buffer {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'new-'));
  try {
    work(folder);
    const files = readdirSync(folder);
    if (files.length !== 1) {
      throw new Error(`a download gave ${files.length} files instead of one: ${files.join(', ')}`);
    }
    return readFileSync(join(folder, files[0]!));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const npm = (name: string, version: string) => (folder: string) => {
  run('npm', ['pack', '--silent', `${name}@${version}`, '--pack-destination', folder], folder);
};

const wheel = (name: string, version: string) => (folder: string) => {
  run('python3', ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:', '--python-version', '3.12',
    '--platform', 'manylinux_2_28_x86_64', '--platform', 'manylinux_2_27_x86_64', '--dest', folder, `${name}==${version}`]);
};

/** apt-get with lists of its own for an architecture, so that the machine's stay as they are. */
class Apt {
  private static readonly made = new Map<Architecture, Apt>();
  private readonly options: string[];

  private constructor(architecture: Architecture) {
    const root = join(CACHE, '..', `apt-${architecture}`);
    for (const folder of ['state/lists/partial', 'cache/archives/partial']) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
    writeFileSync(join(root, 'status'), '');
    writeFileSync(join(root, 'sources.list'), [
      `deb [signed-by=${keyring}] http://deb.debian.org/debian ${DEBIAN_RELEASE} main`,
      `deb [signed-by=${keyring}] http://deb.debian.org/debian ${DEBIAN_RELEASE}-updates main`,
      `deb [signed-by=${keyring}] http://deb.debian.org/debian-security ${DEBIAN_RELEASE}-security main`,
      '',
    ].join('\n'));
    const settings = {
      'APT::Architecture': architecture,
      'APT::Architectures': architecture,
      'APT::Sandbox::User': 'root',
      'Dir::State': join(root, 'state'),
      'Dir::State::status': join(root, 'status'),
      'Dir::Cache': join(root, 'cache'),
      'Dir::Etc::sourcelist': join(root, 'sources.list'),
      'Dir::Etc::sourceparts': '-',
    };
    this.options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
    run('apt-get', [...this.options, '-q', 'update']);
  }

  public static of(architecture: Architecture): Apt {
    const apt = Apt.made.get(architecture) ?? new Apt(architecture);
    Apt.made.set(architecture, apt);
    return apt;
  }

  public readonly download = (name: string, version?: string) => (folder: string): void => {
    run('apt-get', [...this.options, '-q', 'download', version === undefined ? name : `${name}=${version}`], folder);
  };
}

/** The pinned file, from the cache or fetched; its content is checked either way. */
function pinned(pin: Pinned, work: () => (folder: string) => void): Buffer {
  const path = join(CACHE, pin.sha256);
  if (existsSync(path)) {
    const bytes = readFileSync(path);
    if (sha256(bytes) === pin.sha256) {
      return bytes;
    }
  }
  let bytes: Buffer;
  try {
    bytes = downloaded(work());
  } catch (error) {
    throw new FetchError(`${pin.name} ${pin.version} cannot be had; where it was replaced by a newer one, run 'npm run image -- --update-lock': ${(error as Error).message}`, { cause: error });
  }
  if (sha256(bytes) !== pin.sha256) {
    throw new Error(`${pin.name} ${pin.version} has the digest ${sha256(bytes)}, but image/lock.json pins ${pin.sha256}`);
  }
  writeFileSync(`${path}.new`, bytes);
  renameSync(`${path}.new`, path);
  return bytes;
}

export const fetchNode = (lock: Lock, architecture: Architecture): Buffer =>
  pinned(lock.node[architecture], () => npm(lock.node[architecture].name, lock.node[architecture].version));

export const fetchNotices = (lock: Lock): Buffer => pinned(lock.notices, () => wheel(lock.notices.name, lock.notices.version));

export const fetchDebian = (lock: Lock, architecture: Architecture): { readonly pin: Pinned; readonly bytes: Buffer }[] =>
  lock.debian[architecture].map((pin) => ({ pin, bytes: pinned(pin, () => Apt.of(architecture).download(pin.name, pin.version)) }));

/** Runs a program that wants a file; it may stop reading early, which a pipe does not bear. */
function overFile(bytes: Uint8Array, command: string, args: (path: string) => readonly string[]): Buffer {
  const folder = mkdtempSync(join(CACHE, 'new-'));
  try {
    const path = join(folder, 'file');
    writeFileSync(path, bytes);
    return execFileSync(command, args(path), { maxBuffer: 1 << 28 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The archive of a Debian package's files. */
export const unpackDebian = (bytes: Uint8Array): Buffer => overFile(bytes, 'dpkg-deb', (path) => ['--fsys-tarfile', path]);

/** The control fields of a Debian package. */
export const controlOf = (bytes: Uint8Array): string => overFile(bytes, 'dpkg-deb', (path) => ['--field', path]).toString();

/** A file of a wheel. */
export const fromWheel = (bytes: Uint8Array, wanted: string): Buffer => overFile(bytes, 'python3', (path) =>
  ['-c', 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))', path, wanted]);

/** Looks up what is current and pins it. */
export function makeLock(onnxruntime: string): Lock {
  const pin = (name: string, version: string, bytes: Buffer): Pinned => ({ name, version, sha256: sha256(bytes) });
  const each = <T>(work: (architecture: Architecture) => T) => Object.fromEntries(ARCHITECTURES.map((architecture) => [architecture, work(architecture)])) as { [architecture in Architecture]: T };
  return {
    node: each((architecture) => pin(NODE_PACKAGES[architecture], NODE_VERSION, downloaded(npm(NODE_PACKAGES[architecture], NODE_VERSION)))),
    notices: pin('onnxruntime', onnxruntime, downloaded(wheel('onnxruntime', onnxruntime))),
    debian: each((architecture) => DEBIAN_PACKAGES.map((name) => {
      const bytes = downloaded(Apt.of(architecture).download(name));
      return pin(name, /^Version: (.*)$/m.exec(controlOf(bytes))![1]!, bytes);
    })),
  };
}
