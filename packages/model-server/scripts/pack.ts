import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fetchNotices, fromWheel } from '../image/fetch';
import { readLock } from '../image/lock';
import { findPackage } from '../image/packages';

const ROOT = join(__dirname, '..');

/** A platform with a package of its own, which holds ONNX Runtime's binding for the CPU and nothing else. */
interface Platform {
  readonly os: string;
  readonly cpu: string;
  readonly libc?: string;
}

export const PLATFORMS: readonly Platform[] = [
  { os: 'linux', cpu: 'x64', libc: 'glibc' },
  { os: 'linux', cpu: 'arm64', libc: 'glibc' },
  { os: 'darwin', cpu: 'arm64' },
];

type Manifest = { readonly [key: string]: unknown };

const readManifest = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

function writeFile(folder: string, file: string, content: string | Uint8Array): void {
  writeFileSync(join(folder, file), content);
}

const writeManifest = (folder: string, manifest: Manifest): void => writeFile(folder, 'package.json', `${JSON.stringify(manifest, undefined, 2)}\n`);

/** The package's name for a platform; the server looks for it under this name. */
export const platformPackage = ({ os, cpu }: Platform): string => `kserve-model-server-${os}-${cpu}`;

/** ES modules get the names one by one: they are then found without running the CommonJS module first. */
function writeEsm(lib: string): void {
  const names = Object.keys(createRequire(join(lib, 'x.js'))('./index.js') as object).filter((name) => name !== 'default').sort();
  writeFile(lib, 'index.mjs', `import sdk from './index.js';\n\n${names.map((name) => `export const ${name} = sdk.${name};`).join('\n')}\n`);
  writeFile(lib, 'index.d.mts', "export * from './index.js';\n");
}

/** What is published of this package's manifest. */
function serverManifest(): Manifest {
  const { name, version, description, bin, dependencies, engines, license, publishConfig } = readManifest(ROOT);
  return {
    name,
    version,
    description,
    license,
    keywords: ['kserve', 'inference', 'model-serving', 'onnx', 'xgboost', 'lightgbm', 'open-inference-protocol'],
    bin,
    main: 'lib/index.js',
    types: 'lib/index.d.ts',
    exports: {
      '.': {
        import: { types: './lib/index.d.mts', default: './lib/index.mjs' },
        require: { types: './lib/index.d.ts', default: './lib/index.js' },
      },
      './schema/*': './schema/*',
      './package.json': './package.json',
    },
    engines,
    dependencies,
    optionalDependencies: Object.fromEntries(PLATFORMS.map((platform) => [platformPackage(platform), version])),
    publishConfig,
  };
}

function stageServer(folder: string): void {
  const tsc = createRequire(__filename).resolve('typescript/bin/tsc');
  const options = ['--outDir', join(folder, 'lib'), '--incremental', 'false', '--inlineSourceMap', 'false', '--inlineSources', 'false'];
  execFileSync(process.execPath, [tsc, '-p', ROOT, ...options], { stdio: 'inherit' });
  writeManifest(folder, serverManifest());
  writeEsm(join(folder, 'lib'));
  for (const path of ['README.md', 'LICENSE', 'schema', 'docs']) {
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  }
}

function stagePlatform(platform: Platform, folder: string): void {
  const runtime = findPackage('onnxruntime-node', ROOT);
  const lock = readLock();
  const native = join('bin', 'napi-v6', platform.os, platform.cpu);
  // the binding names the library by its major version; the other name is a second copy
  cpSync(join(runtime.folder, native), join(folder, native), { recursive: true, filter: (path) => !/\.\d+\.\d+\.\d+\.dylib$/.test(path) });
  cpSync(join(runtime.folder, 'dist'), join(folder, 'dist'), { recursive: true, filter: (path) => !path.endsWith('.map') });
  for (const file of ['LICENSE', 'ThirdPartyNotices.txt']) {
    writeFile(folder, file, fromWheel(fetchNotices(lock), `onnxruntime/${file}`));
  }
  writeFile(folder, 'README.md', `# ${platformPackage(platform)}\n\nThe CPU binding of ONNX Runtime ${runtime.version} for kserve-model-server, which installs it by itself.\n`);
  writeManifest(folder, {
    name: platformPackage(platform),
    version: readManifest(ROOT).version,
    description: `ONNX Runtime ${runtime.version} for kserve-model-server on ${platform.os}-${platform.cpu}`,
    license: runtime.license,
    main: 'dist/index.js',
    os: [platform.os],
    cpu: [platform.cpu],
    ...(platform.libc === undefined ? {} : { libc: [platform.libc] }),
    dependencies: { 'onnxruntime-common': runtime.version },
  });
}

/** Makes one archive; gives its path. */
function pack(folder: string, out: string): string {
  return join(out, execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', out], { cwd: folder }).toString().trim());
}

/** Makes all archives that are published, by the name of their package. */
export function packAll(out: string): { readonly [name: string]: string } {
  const stage = join(out, 'stage');
  rmSync(stage, { recursive: true, force: true });
  const archives: { [name: string]: string } = {};
  const add = (name: string, fill: (folder: string) => void): void => {
    const folder = join(stage, name);
    mkdirSync(folder, { recursive: true });
    fill(folder);
    archives[name] = pack(folder, out);
  };
  add('kserve-model-server', stageServer);
  for (const platform of PLATFORMS) {
    add(platformPackage(platform), (folder) => stagePlatform(platform, folder));
  }
  rmSync(stage, { recursive: true });
  return archives;
}

if (require.main === module) {
  for (const archive of Object.values(packAll(join(ROOT, process.argv[2] ?? 'dist/js')))) {
    process.stdout.write(`${archive}\n`);
  }
}
