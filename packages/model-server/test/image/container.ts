import { ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Descriptor, Layout, RunConfig } from '../../image/oci';
import { readTar } from '../../image/tar';

interface Manifest { readonly layers: readonly Descriptor[]; readonly config: Descriptor }

const json = <T>(layout: Layout, digest: string): T => JSON.parse(Buffer.from(layout.blobs.get(digest)!).toString()) as T;

/** The config and all files of an image. */
export function openImage(layout: Layout, digest: string) {
  const manifest = json<Manifest>(layout, digest);
  const { config } = json<{ config: RunConfig }>(layout, manifest.config.digest);
  const entries = manifest.layers.flatMap((layer) => readTar(gunzipSync(layout.blobs.get(layer.digest)!)));
  return { manifest, config, entries };
}

/** Whether a program of Debian is there; in CI it is installed, or the run fails. */
function hasProgram(name: string, what: string): boolean {
  const found = () => spawnSync(name, ['--version']).error === undefined;
  if (!found() && process.env.CI === 'true' && spawnSync('sh', ['-c', `apt-get -q update && apt-get -q -y --no-install-recommends install ${name}`], { stdio: 'ignore' }).status !== 0) {
    throw new Error(`${name} is not installed and apt-get cannot install it`);
  }
  if (!found()) {
    process.stderr.write(`SKIPPED: ${what} needs ${name} (Debian: apt-get install ${name})\n`);
    return false;
  }
  return true;
}

export const hasRegistry = (): boolean => hasProgram('docker-registry', 'pushing to a registry');

/** Whether containers can be run here. */
export function hasRunc(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64' || process.getuid?.() !== 0) {
    process.stderr.write('SKIPPED: running the image needs root on linux/amd64\n');
    return false;
  }
  return hasProgram('runc', 'running the image');
}

export const freePort = (): Promise<number> => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as { port: number };
    server.close(() => resolve(port));
  });
});

export interface ContainerOptions {
  readonly uid: number;
  readonly args: readonly string[];
  /** Folder mounted at /mnt/models, read-only. */
  readonly models: string;
}

/** A running container: read-only root, no capabilities, the network of the host. */
export class Container {
  public output = '';
  public readonly exited: Promise<number | null>;
  private readonly name: string;
  private readonly child: ChildProcess;

  public constructor(private readonly folder: string, config: RunConfig, options: ContainerOptions) {
    this.name = `kserve-model-server-${process.pid}-${options.uid}`;
    const bundle = mkdtempSync(join(tmpdir(), 'bundle-'));
    writeFileSync(join(bundle, 'config.json'), JSON.stringify({
      ociVersion: '1.0.2',
      process: {
        terminal: false,
        user: { uid: options.uid, gid: 0 },
        args: [...config.Entrypoint, ...options.args],
        env: config.Env,
        cwd: config.WorkingDir,
        capabilities: { bounding: [], effective: [], permitted: [] },
        noNewPrivileges: true,
      },
      root: { path: folder, readonly: true },
      mounts: [
        { destination: '/proc', type: 'proc', source: 'proc' },
        { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'] },
        { destination: '/mnt/models', type: 'bind', source: options.models, options: ['rbind', 'ro'] },
      ],
      linux: { namespaces: [{ type: 'pid' }, { type: 'mount' }, { type: 'ipc' }, { type: 'uts' }] },
    }));
    this.child = spawn('runc', ['run', '--bundle', bundle, this.name], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout!.on('data', (chunk: Buffer) => { this.output += chunk.toString(); });
    this.child.stderr!.on('data', (chunk: Buffer) => { this.output += chunk.toString(); });
    this.exited = new Promise((resolve) => this.child.on('exit', (code) => {
      rmSync(bundle, { recursive: true, force: true });
      resolve(code);
    }));
  }

  /** Process id of runc, whose child is the container's first process. */
  public get pid(): number {
    return this.child.pid!;
  }

  /** Unpacks an image's files into a folder. */
  public static unpack(entries: ReturnType<typeof openImage>['entries']): string {
    const folder = mkdtempSync(join(tmpdir(), 'rootfs-'));
    for (const { path, content, link, mode } of entries) {
      const target = join(folder, path);
      mkdirSync(dirname(target), { recursive: true });
      if (link !== undefined) {
        symlinkSync(link, target);
      } else if (content === undefined) {
        mkdirSync(target, { recursive: true });
        chmodSync(target, mode!);
      } else {
        writeFileSync(target, content, { mode });
        chmodSync(target, mode!);
      }
    }
    chmodSync(folder, 0o755);
    return folder;
  }

  /** Waits until a URL answers 200, and gives the milliseconds. */
  public async ready(url: string): Promise<number> {
    const start = performance.now();
    let gone = false;
    void this.exited.then(() => { gone = true; });
    for (;;) {
      if (gone) {
        throw new Error(`the container ended: ${this.output}`);
      }
      const status = await fetch(url).then((response) => response.status, () => 0);
      if (status === 200) {
        return performance.now() - start;
      }
      if (performance.now() - start > 60_000) {
        throw new Error(`the container is not ready after a minute: ${this.output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Ends the container as Kubernetes does, and gives its exit code. */
  public async stop(): Promise<number | null> {
    spawnSync('runc', ['kill', this.name, 'TERM']);
    return this.exited;
  }

  public remove(): void {
    spawnSync('runc', ['delete', '--force', this.name]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Names of the shared libraries that a program needs. */
export function neededLibraries(path: string): string[] {
  const text = execFileSync('readelf', ['--dynamic', path]).toString();
  return [...text.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map((match) => match[1]!);
}
