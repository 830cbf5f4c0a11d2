/**
 * What the library costs beside bare cdk8s: the same manifests from our
 * constructs and from plain ApiObjects, in processes of their own, by turns.
 * Ratios of medians are printed as the Markdown that docs/performance.md holds.
 *
 *   npm run bench             the published sizes, some minutes
 *   npm run bench -- --quick  a tenth of them
 *   npm run bench -- --write  the published sizes, and the result into docs/performance.md
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
// eslint-disable-next-line import/no-extraneous-dependencies -- a script of the repository
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import type { Sample } from './bench-sample';

const ROOT = resolve(__dirname, '..');
const COMPILED_SAMPLE = join(ROOT, '.cache/bench-sample.js');
const SCALE = process.argv.includes('--quick') ? 0.1 : 1;
const [MANY, FEW, ROUNDS] = [10_000 * SCALE, 1_000 * SCALE, 5];

interface Variant { readonly kind: 'ours' | 'bare'; readonly objects: number; readonly charts: number }
const variants: Variant[] = [[MANY, 1], [MANY, 50], [FEW, 1]].flatMap(([objects, charts]) =>
  (['ours', 'bare'] as const).map((kind) => ({ kind, objects, charts })));

type Row = [what: string, ours: string, other: string, ratio: number, goal: string];

function main(): void {
  if (!existsSync(join(ROOT, 'lib/index.js'))) {
    throw new Error('The compiled library is measured: run `npm run compile` first.');
  }
  compileSample();
  const samples = new Map<string, Sample[]>(variants.map((variant) => [keyOf(variant), []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const variant of variants) {
      samples.get(keyOf(variant))!.push(sampleOf(variant));
    }
  }

  const of = (kind: Variant['kind'], objects: number, charts: number) => samples.get(keyOf({ kind, objects, charts }))!;
  const time = (...args: Parameters<typeof of>) => median(of(...args).map(({ milliseconds }) => milliseconds));
  const allThreads = (...args: Parameters<typeof of>) => median(of(...args).map((sample) => sample.allThreads));
  const heap = (...args: Parameters<typeof of>) => median(of(...args).map(({ heapMegabytes }) => heapMegabytes));
  sameManifests(of('ours', MANY, 1)[0], of('bare', MANY, 1)[0]);

  const [ours, plus] = coldStarts();
  const rows: Row[] = [
    ...[1, 50].flatMap((charts): Row[] => {
      const what = `${MANY} services, ${charts} chart${charts > 1 ? 's' : ''}`;
      return [
        compared(what, time('ours', MANY, charts), time('bare', MANY, charts), '1.15'),
        compared(`${what}, all threads`, allThreads('ours', MANY, charts), allThreads('bare', MANY, charts), '-'),
      ];
    }),
    [`heap after ${MANY} services, 1 chart`, megabytes(heap('ours', MANY, 1)), megabytes(heap('bare', MANY, 1)), heap('ours', MANY, 1) / heap('bare', MANY, 1), '-'],
    [`one object of ${MANY} against one of ${FEW}`, micros(time('ours', MANY, 1) / MANY), micros(time('ours', FEW, 1) / FEW), time('ours', MANY, 1) / MANY / (time('ours', FEW, 1) / FEW), '1.1'],
    ['cold start against `cdk8s-plus-28`', `${ours.toFixed(0)} ms`, `${plus.toFixed(0)} ms`, ours / plus, '1.1'],
  ];
  const result = [
    `${new Date().toISOString().slice(0, 10)}, ${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, medians of ${ROUNDS}, CPU time of the main thread`,
    '',
    '| what | cdk8s-kserve | beside it | ratio | at most |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(([what, one, other, ratio, goal]) => `| ${what} | ${one} | ${other} | ${ratio.toFixed(2)} | ${goal} |`),
  ].join('\n');
  console.log(result);
  if (process.argv.includes('--write')) {
    const page = join(ROOT, 'docs/performance.md');
    writeFileSync(page, readFileSync(page, 'utf8').replace(/(?<=<!-- bench -->\n)[^]*(?=\n<!-- end -->)/, () => result));
  }
}

/** One measurement, in a process of its own: neither side inherits the other's heap or compiled code. */
function sampleOf({ kind, objects, charts }: Variant): Sample {
  return JSON.parse(node('--expose-gc', COMPILED_SAMPLE, kind, String(objects), String(charts)));
}

/** Without tsx, which compiles the library once more in a way that makes closures dear. */
function compileSample(): void {
  const source = readFileSync(join(__dirname, 'bench-sample.ts'), 'utf8');
  mkdirSync(dirname(COMPILED_SAMPLE), { recursive: true });
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
  writeFileSync(COMPILED_SAMPLE, transpileModule(source, { compilerOptions }).outputText);
}

/** The median time that a process takes that loads nothing but the library, then the same for cdk8s-plus. */
function coldStarts(): [ours: number, plus: number] {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < 3 * ROUNDS; round++) {
    ['./lib', 'cdk8s-plus-28'].forEach((module, i) => {
      times[i].push(Number(node('-p', `require('${module}'); const { user, system } = process.threadCpuUsage(); (user + system) / 1000`)));
    });
  }
  return [median(times[0]), median(times[1])];
}

function node(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, TSX_TSCONFIG_PATH: join(ROOT, 'test/tsconfig.json') },
  });
  if (status !== 0) {
    throw new Error(stderr);
  }
  return stdout;
}

function sameManifests(ours: Sample, bare: Sample): void {
  if (ours.digest !== bare.digest) {
    throw new Error('The two sides wrote different manifests, so their times cannot be compared.');
  }
}

function keyOf({ kind, objects, charts }: Variant): string {
  return `${kind} ${objects} ${charts}`;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function compared(what: string, ours: number, bare: number, goal: string): Row {
  return [what, seconds(ours), seconds(bare), ours / bare, goal];
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

function megabytes(value: number): string {
  return `${value.toFixed(0)} MB`;
}

function micros(milliseconds: number): string {
  return `${(milliseconds * 1000).toFixed(0)} µs`;
}

main();
