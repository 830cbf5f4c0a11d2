import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll, PLATFORMS, platformPackage } from '../../scripts/pack';
import { folderWith } from '../support/server';

const THIS = platformPackage({ os: process.platform, cpu: process.arch });
const env = { ...process.env, npm_config_audit: 'false', npm_config_fund: 'false', npm_config_update_notifier: 'false' };

const MODEL = `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { x: { datatype: 'FP32', shape: [-1] } },
  outputs: { y: { datatype: 'FP32', shape: [-1] } },
  predict: ({ x }) => ({ y: x.data.map((value: number) => value * 2) }),
});
`;

let archives: { readonly [name: string]: string };
let project: string;

beforeAll(() => {
  archives = packAll(mkdtempSync(join(tmpdir(), 'model-server-pack-')));
  // a registry would give the platform packages by their name and version
  const overrides = Object.fromEntries(PLATFORMS.map((platform) => [platformPackage(platform), `file:${archives[platformPackage(platform)]}`]));
  project = folderWith({ 'package.json': JSON.stringify({ name: 'app', private: true, overrides }) });
  execFileSync('npm', ['install', '--prefer-offline', archives['kserve-model-server']!], { cwd: project, env, stdio: 'pipe' });
  mkdirSync(join(project, 'sdk'));
  writeFileSync(join(project, 'sdk', 'model.ts'), MODEL);
}, 300_000);

const node = (...args: string[]): string => execFileSync(process.execPath, args, { cwd: project }).toString();
const manifestOf = (name: string): { [key: string]: any } => // eslint-disable-line @typescript-eslint/no-explicit-any
  JSON.parse(readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8'));

const freePort = (): Promise<number> => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as { port: number };
    server.close(() => resolve(port));
  });
});

test('an install brings the binding of this platform alone, and no onnxruntime-node', () => {
  const ours = readdirSync(join(project, 'node_modules')).filter((name) => name.startsWith('kserve-model-server') || name.startsWith('onnxruntime'));

  expect(ours.sort()).toEqual(['kserve-model-server', THIS, 'onnxruntime-common'].sort());
  expect(readdirSync(join(project, 'node_modules', THIS)).sort()).toEqual(['LICENSE', 'README.md', 'ThirdPartyNotices.txt', 'bin', 'dist', 'package.json']);
  expect(manifestOf(THIS)).toMatchObject({ os: [process.platform], cpu: [process.arch], version: manifestOf('kserve-model-server').version });
});

test('neither the package nor the binding needs a script at install', () => {
  const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')) as { packages: { [path: string]: { hasInstallScript?: boolean } } };
  const ours = Object.entries(packages).filter(([path]) => /kserve|onnxruntime/.test(path));

  expect(ours.length).toBeGreaterThan(2);
  expect(ours.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
});

test('the command of the README serves its example and prints how to call it', async () => {
  const [http, grpc] = [await freePort(), await freePort()];
  const child: ChildProcess = spawn('npx', ['kserve-model-server', '--example', 'iris', `--http_port=${http}`, `--grpc_port=${grpc}`, '--drain_delay_seconds=0'], { cwd: project, env, detached: true });
  const exited = new Promise((resolve) => child.on('exit', resolve));
  let output = '';
  const printed = new Promise<string>((resolve, reject) => {
    child.stderr!.on('data', (chunk: Buffer) => { output += chunk.toString(); });
    child.stdout!.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const command = /curl (\S+:predict) -d '(.*)'/.exec(output);
      if (command !== null) {
        resolve(command.slice(1, 3).join(' '));
      }
    });
    child.on('exit', (code) => reject(new Error(`it exited with ${code}: ${output}`)));
  });
  const [url, body] = (await printed).split(' ') as [string, string];
  const reply = await fetch(url, { method: 'POST', body });
  const answer = await reply.json();
  process.kill(-child.pid!, 'SIGTERM');
  await exited;

  expect({ url, status: reply.status, answer }).toEqual({ url: `http://localhost:${http}/v1/models/iris:predict`, status: 200, answer: { predictions: ['setosa'] } });
}, 60_000);

test('require and import give the same SDK, which serves a model in TypeScript', () => {
  writeFileSync(join(project, 'sdk', 'app.mjs'), `
    import { createRequire } from 'node:module';
    import { createTestServer, InferRequest, InferTensor, InvalidInput } from 'kserve-model-server';
    const required = createRequire(import.meta.url)('kserve-model-server');
    const server = await createTestServer(new URL('./model.ts', import.meta.url));
    const reply = await server.client('grpc-v2').infer(new InferRequest('model', [InferTensor.of('x', 'FP32', [1, 2])]));
    await server.stop();
    console.log(JSON.stringify({ same: required.InferTensor === InferTensor && required.InvalidInput === InvalidInput, y: reply.output('y').nested() }));
  `);
  writeFileSync(join(project, 'sdk', 'app.cjs'), `
    const { createTestServer, InferRequest, InferTensor } = require('kserve-model-server');
    createTestServer(require('node:path').join(__dirname, 'model.ts')).then(async (server) => {
      const reply = await server.client('v2').infer(new InferRequest('model', [InferTensor.of('x', 'FP32', [3])]));
      await server.stop();
      console.log(JSON.stringify(reply.output('y').nested()));
    });
  `);

  expect(JSON.parse(node('sdk/app.mjs'))).toEqual({ same: true, y: [2, 4] });
  expect(JSON.parse(node('sdk/app.cjs'))).toEqual([6]);
}, 60_000);

/** Adds tools of a user's to the project. */
const install = (...packages: string[]): unknown => execFileSync('npm', ['install', '--prefer-offline', '--save-dev', ...packages], { cwd: project, env, stdio: 'pipe' });

test('a test server works in vitest', () => {
  install('vitest@5');
  writeFileSync(join(project, 'sdk', 'model.test.mjs'), `
    import { createTestServer, InferRequest, InferTensor } from 'kserve-model-server';
    import { expect, test } from 'vitest';
    test('the model doubles', async () => {
      const server = await createTestServer(new URL('./model.ts', import.meta.url));
      const reply = await server.client().infer(new InferRequest('model', [InferTensor.of('x', 'FP32', [4])]));
      await server.stop();
      expect(reply.output('y').nested()).toEqual([8]);
    });
  `);

  const output = execFileSync('npx', ['vitest', 'run'], { cwd: project, env: { ...env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] }).toString();

  expect(output).toMatch(/Tests +1 passed/);
}, 180_000);

test('build puts a model and what it imports into one file, which is served where there is no npm', async () => {
  writeFileSync(join(project, 'sdk', 'bundled.ts'), MODEL
    .replace('export default', "import { factor } from './factor';\nimport ms from 'ms';\nexport default")
    .replace('value * 2', "value * factor + ms('1s')"));
  writeFileSync(join(project, 'sdk', 'factor.ts'), 'export const factor = 3;\n');
  const build = (): string => execFileSync('npx', ['kserve-model-server', 'build', 'sdk/bundled.ts'], { cwd: project, env, stdio: 'pipe' }).toString().trim();
  const withoutEsbuild = ((): string => {
    try {
      return build();
    } catch (error) {
      return (error as { stderr: Buffer }).stderr.toString();
    }
  })();
  install('esbuild', 'ms@2');
  const alone = folderWith({ 'model.mjs': readFileSync(build(), 'utf8') });
  writeFileSync(join(project, 'sdk', 'alone.mjs'), `
    import { createTestServer, InferRequest, InferTensor } from 'kserve-model-server';
    const server = await createTestServer(process.argv[2]);
    const reply = await server.client().infer(new InferRequest('model', [InferTensor.of('x', 'FP32', [4])]));
    await server.stop();
    console.log(JSON.stringify(reply.output('y').nested()));
  `);

  expect(withoutEsbuild).toContain('npm install --save-dev esbuild');
  expect(JSON.parse(node('sdk/alone.mjs', alone))).toEqual([1012]);
}, 180_000);

test('TypeScript finds the types from both kinds of modules', () => {
  const source = "import { defineModel, InferTensor } from 'kserve-model-server';\nexport const t: InferTensor<'FP32'> = InferTensor.of('x', 'FP32', [1]);\nexport const m = defineModel({ predict: () => 1 });\n";
  const io = "import { defineModel } from 'kserve-model-server';\nconst io = { inputs: { x: { datatype: 'FP32', shape: [-1] } }, outputs: { y: { datatype: 'FP32', shape: [-1] }, z: { datatype: 'FP32', shape: [-1], optional: true } } } as const;\n";
  const wrong = "import { InferTensor } from 'kserve-model-server';\nexport const t: InferTensor<'FP64'> = InferTensor.of('x', 'FP32', [1]);\n";
  const check = (files: { readonly [file: string]: string }): string => {
    Object.entries(files).forEach(([file, text]) => writeFileSync(join(project, file), text));
    const root = join(__dirname, '..', '..', '..', '..', 'node_modules');
    try {
      return execFileSync(process.execPath, [
        join(root, 'typescript', 'bin', 'tsc'), '--noEmit', '--strict', '--skipLibCheck', '--target', 'es2023', '--module', 'nodenext',
        '--typeRoots', join(root, '@types'), '--types', 'node', ...Object.keys(files),
      ], { cwd: project, stdio: 'pipe' }).toString();
    } catch (error) {
      return (error as { stdout: Buffer }).stdout.toString();
    }
  };

  expect(check({ 'a.mts': source, 'b.cts': source })).toBe('');
  expect(check({ 'd.mts': `${io}export default defineModel({ ...io, predict: ({ x }) => ({ y: x }) });\n` })).toBe('');
  expect(check({ 'd.mts': `${io}export default defineModel({ ...io, predict: ({ x }) => ({ z: x }) });\n` })).toContain("Property 'y' is missing");
  expect(check({ 'd.mts': `${io}export default defineModel({ ...io, predict: ({ x }) => ({ y: new Float64Array(x.data) }) });\n` })).toContain("Type 'Float64Array<ArrayBuffer>' is not assignable");
  expect(check({ 'c.mts': wrong })).toContain("Type 'InferTensor<\"FP32\">' is not assignable");
}, 60_000);

test('the schemas and the documents that the README names are in the package', () => {
  const folder = join(project, 'node_modules', 'kserve-model-server');
  const linked = [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/\]\(([a-z][^)#:]*)\)/g)].map((match) => match[1]!);

  expect(linked.length).toBeGreaterThan(0);
  expect(linked.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
  expect(JSON.parse(node('-p', "JSON.stringify(require('kserve-model-server/schema/metrics.json').predict.name)"))).toBe('request_predict_seconds');
});
