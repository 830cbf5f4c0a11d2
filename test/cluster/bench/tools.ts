import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { kept } from './cache';
import { CACHE, CRDS, TOOLS, goBinary } from './paths';
import { sh } from './shell';
import { step } from './steps';

const KUBERNETES_VERSION = 'v1.34.2';

/** Programs of the system that the bench calls, with the Debian package of each. */
const SYSTEM_PROGRAMS: { [program: string]: string } = {
  ip: 'iproute2',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  flock: 'util-linux',
  openssl: 'openssl',
};

/** The path of a program that `installTools` built or unpacked. */
export function binary(tool: string, program: string): string {
  return join(folderOf(tool), program);
}

/** Where a tool is kept: by all that it is built from, so that clones may differ. */
function folderOf(tool: string): string {
  const sources = join(TOOLS, tool);
  if (!existsSync(sources)) {
    return join(CACHE, 'tools', tool);
  }
  const hash = createHash('sha256').update(process.arch).update(ldflags()).update(JSON.stringify(throttleOf(tool) ?? ''));
  readdirSync(sources).sort().forEach((file) => hash.update(file).update(readFileSync(join(sources, file))));
  return join(CACHE, 'tools', `${tool}-${hash.digest('hex').slice(0, 16)}`);
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
  await kept(folderOf('etcd'), (folder) => step('unpack etcd (Debian etcd-server)', () => inTemporaryFolder(async (work) => {
    await sh('apt-get', ['update', '-q']);
    await sh('apt-get', ['download', '-q', '-o', 'APT::Sandbox::User=root', 'etcd-server'], { cwd: work });
    await sh('dpkg', ['-x', join(work, readdirSync(work).find((name) => name.endsWith('.deb'))!), join(work, 'root')]);
    await sh('cp', [join(work, 'root/usr/bin/etcd'), folder]);
  })));
}

async function inTemporaryFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cluster-tool-'));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The packages that a go.mod names as its tools. */
export function toolPackages(goMod: string): string[] {
  const block = /^tool \(\n([\s\S]*?)^\)/m.exec(goMod)?.[1] ?? '';
  const single = [...goMod.matchAll(/^tool ([^\s(]+)$/gm)].map((match) => match[1]);
  return [...single, ...block.split('\n').map((line) => line.trim()).filter((line) => line !== '')];
}

async function buildGoTool(tool: string): Promise<void> {
  const cwd = join(TOOLS, tool);
  const packages = toolPackages(readFileSync(join(cwd, 'go.mod'), 'utf8'));
  const names = packages.map((name) => basename(name)).join(', ');
  await kept(folderOf(tool), (folder) => step(`build ${tool} (${names})`, () => inTemporaryFolder(async (work) => {
    const throttle = throttleOf(tool);
    const modules = throttle ? ['-modfile', await unthrottled(throttle, cwd, work)] : [];
    const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', '-ldflags', ldflags(), ...modules];
    await sh(goBinary()!, ['build', ...flags, '-o', `${folder}/`, ...packages], { cwd });
  })));
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

function throttleOf(tool: string): Throttle | undefined {
  const goMod = readFileSync(join(TOOLS, tool, 'go.mod'), 'utf8');
  return THROTTLES.find(({ module, version }) => goMod.includes(`${module} ${version}`));
}

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
