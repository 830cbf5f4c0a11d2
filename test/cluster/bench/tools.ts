import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { BIN, CRDS, TOOLS, goBinary } from './paths';
import { sh } from './shell';
import { step } from './steps';

const KUBERNETES_VERSION = 'v1.34.2';

/** Programs of the system that the bench calls, with the Debian package of each. */
const SYSTEM_PROGRAMS: { [program: string]: string } = {
  ip: 'iproute2',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  openssl: 'openssl',
};

/** The path of a program that `installTools` built or unpacked. */
export function binary(tool: string, program: string): string {
  return join(BIN, tool, program);
}

/** What keeps the bench from running on this machine, in words for the person who can change it. */
export async function missingPrerequisites(): Promise<string[]> {
  const missing: string[] = [];
  if (process.platform !== 'linux') {
    missing.push(`Linux (this is ${process.platform}): the bench uses network namespaces`);
  }
  if (process.getuid?.() !== 0) {
    missing.push('root: the bench makes a network namespace and a pair of virtual interfaces');
  }
  const go = goBinary();
  if (go === undefined) {
    missing.push('Go (1.25.8 or newer) on PATH or in /usr/local/go/bin: the control plane and the controllers are built from their modules');
  }
  if (!existsSync(CRDS)) {
    missing.push(`the CRDs: ${CRDS} does not exist; set CRDS_DIR to a folder with them`);
  }
  return missing;
}

/** Builds or unpacks the named tools that are not there yet. */
export async function installTools(tools: readonly string[]): Promise<void> {
  mkdirSync(BIN, { recursive: true });
  await installSystemPrograms();
  await unpackEtcd();
  for (const tool of tools) {
    await buildGoTool(tool);
  }
}

/** Every folder of tools, for a run that wants all of them. */
export function allTools(): string[] {
  return readdirSync(TOOLS).filter((name) => existsSync(join(TOOLS, name, 'go.mod'))).sort();
}

async function installSystemPrograms(): Promise<void> {
  const absent = await Promise.all(Object.entries(SYSTEM_PROGRAMS).map(([program, debian]) =>
    sh('sh', ['-c', `command -v ${program}`]).then(() => undefined, () => debian)));
  const packages = [...new Set(absent.filter((name) => name !== undefined))];
  if (packages.length > 0) {
    await step(`apt-get install ${packages.join(' ')}`, async () => {
      await sh('apt-get', ['update', '-q']);
      await sh('apt-get', ['install', '-qy', '--no-install-recommends', ...packages]);
    });
  }
}

// unpacked, not installed: the package would start a service of its own
async function unpackEtcd(): Promise<void> {
  if (existsSync(binary('etcd', 'etcd'))) {
    return;
  }
  await step('unpack etcd (Debian etcd-server)', async () => {
    const work = mkdtempSync(join(tmpdir(), 'cluster-etcd-'));
    try {
      await sh('apt-get', ['update', '-q']);
      await sh('apt-get', ['download', '-q', '-o', 'APT::Sandbox::User=root', 'etcd-server'], { cwd: work });
      await sh('dpkg', ['-x', join(work, readdirSync(work).find((name) => name.endsWith('.deb'))!), join(work, 'root')]);
      mkdirSync(join(BIN, 'etcd'), { recursive: true });
      await sh('cp', [join(work, 'root/usr/bin/etcd'), `${binary('etcd', 'etcd')}.new`]);
      renameSync(`${binary('etcd', 'etcd')}.new`, binary('etcd', 'etcd'));
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

/** The packages that a go.mod names as its tools. */
export function toolPackages(goMod: string): string[] {
  const block = /^tool \(\n([\s\S]*?)^\)/m.exec(goMod)?.[1] ?? '';
  const single = [...goMod.matchAll(/^tool ([^\s(]+)$/gm)].map((match) => match[1]);
  return [...single, ...block.split('\n').map((line) => line.trim()).filter((line) => line !== '')];
}

async function buildGoTool(tool: string): Promise<void> {
  const folder = join(TOOLS, tool);
  const goMod = readFileSync(join(folder, 'go.mod'), 'utf8');
  const throttle = THROTTLES.find(({ module, version }) => goMod.includes(`${module} ${version}`));
  const hash = createHash('sha256').update(goMod).update(readFileSync(join(folder, 'go.sum'))).update(throttle ? JSON.stringify(throttle) : '').digest('hex');
  const stamp = join(BIN, tool, '.built');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) {
    return;
  }
  const packages = toolPackages(goMod);
  await step(`build ${tool} (${packages.map((name) => basename(name)).join(', ')})`, async () => {
    mkdirSync(join(BIN, tool), { recursive: true });
    const work = mkdtempSync(join(tmpdir(), 'cluster-build-'));
    try {
      const modules = throttle ? ['-modfile', await unthrottled(throttle, folder, work)] : [];
      const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', '-ldflags', ldflags(), ...modules];
      await sh(goBinary()!, ['build', ...flags, '-o', `${join(BIN, tool)}/`, ...packages], { cwd: folder });
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    writeFileSync(stamp, hash);
  });
}

/** A limit that a module sets on the requests of its own program, and what a later version of it has instead. */
interface Throttle {
  readonly module: string;
  readonly version: string;
  readonly file: string;
  readonly limit: string;
  readonly instead: string;
}

/**
 * The one thing that is not built as it was released. With 20 requests a second, to which
 * this module holds the older managers and their webhooks, a run takes twice the time;
 * from v0.22 on, which KServe v0.20 has, there is no limit.
 */
const THROTTLES: readonly Throttle[] = [
  { module: 'sigs.k8s.io/controller-runtime', version: 'v0.19.7', file: 'pkg/client/config/config.go', limit: 'cfg.QPS = 20.0', instead: 'cfg.QPS = -1' },
];

/** Writes a go.mod that takes the module from a copy without its limit, and returns its path. */
async function unthrottled({ module, version, file, limit, instead }: Throttle, folder: string, work: string): Promise<string> {
  const { Dir: dir } = JSON.parse(await sh(goBinary()!, ['mod', 'download', '-json', module], { cwd: folder })) as { Dir: string };
  const copy = join(work, 'module');
  await sh('cp', ['-r', '--no-preserve=mode', dir, copy]);
  const original = readFileSync(join(copy, file), 'utf8');
  if (!original.includes(limit)) {
    throw new Error(`${module} ${version}: ${file} has no "${limit}"`);
  }
  writeFileSync(join(copy, file), original.replace(limit, instead));
  const modfile = join(work, 'go.mod');
  writeFileSync(modfile, readFileSync(join(folder, 'go.mod'), 'utf8').replace(`=> ${module} ${version}`, `=> ${copy}`));
  await sh('cp', [join(folder, 'go.sum'), work]);
  return modfile;
}

// the API server tells clients the version of the link flags, and controllers refuse an unknown one
function ldflags(): string {
  const [major, minor] = KUBERNETES_VERSION.slice(1).split('.');
  const values = { gitVersion: KUBERNETES_VERSION, gitMajor: major, gitMinor: minor };
  return ['-s', '-w', ...Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)].join(' ');
}
