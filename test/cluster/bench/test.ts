import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { STATE, startCluster, stopCluster, stopNow, toolsOf } from './cluster';
import { CLUSTERS, KindOfCluster } from './clusters';
import { Mode } from './kserve/config';
import { REPO } from './paths';
import { cpuOf, note, printTimes, say, step } from './steps';
import { installTools, missingPrerequisites } from './tools';
import { writeVerified } from './verified';

/** Tests of programs that need no cluster around them: once in a run, not once in each cluster. */
const WITHOUT_CLUSTER = ['cache.test.ts', 'router.test.ts'];

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Part of a run: a cluster with its tests, or the tests that need none. */
interface Part {
  readonly name: string;
  /** How this command runs the part alone. */
  readonly args: readonly string[];
  run(): Promise<Counts>;
}

async function main(): Promise<number> {
  const started = Date.now();
  // the rest is for jest: parts of file names
  const { values, positionals: names } = parseArgs({
    allowPositionals: true,
    options: { kserve: { type: 'string' }, mode: { type: 'string' }, together: { type: 'string', default: '2' } },
  });
  const missing = await missingPrerequisites();
  if (missing.length > 0) {
    say(`The cluster tests need:\n${missing.map((line) => `- ${line}`).join('\n')}`);
    say('Skipped.');
    return process.env.CI === 'true' ? 1 : 0;
  }
  const clusters = values.kserve !== undefined
    ? [{ kserve: values.kserve, mode: (values.mode ?? 'standard') as Mode }]
    : CLUSTERS.filter(({ mode }) => values.mode === undefined || mode === values.mode);
  await step('tools', () => installTools([...new Set(clusters.flatMap(toolsOf))]));

  const parts = partsOf(clusters, values.kserve === undefined, names);
  const counts = parts.length === 1 ? [await parts[0].run()] : await together(parts, Number(values.together));
  writeVerified(CLUSTERS, started);
  printTimes('Time per part');
  const sum = (key: keyof Counts) => counts.reduce((total, count) => total + count[key], 0);
  process.stdout.write(`cluster: ${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`);
  return sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
}

/** What a run consists of: with names, only where a test file has one of them. */
function partsOf(clusters: readonly KindOfCluster[], whole: boolean, names: readonly string[]): Part[] {
  const inClusters = names.filter((name) => !WITHOUT_CLUSTER.some((file) => file.includes(name)));
  const parts: Part[] = names.length > 0 && inClusters.length === 0 ? [] : clusters.map(({ kserve, mode }) => ({
    name: `KServe ${kserve}, ${mode}`,
    args: ['--kserve', kserve, '--mode', mode, ...inClusters],
    run: () => runOn(kserve, mode, inClusters),
  }));
  const files = WITHOUT_CLUSTER.filter((file) => (names.length === 0 ? whole : names.some((name) => file.includes(name))));
  return files.length === 0 ? parts : [...parts, {
    name: 'without a cluster',
    args: files,
    run: () => step('tests without a cluster', () => jest(['--testPathPatterns', ...files])),
  }];
}

/** Runs parts side by side, each in a process of its own whose report appears when it has ended: one waits while the other computes. */
async function together(parts: readonly Part[], atOnce: number): Promise<Counts[]> {
  const counts: Counts[] = [];
  const waiting = [...parts];
  const worker = async () => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const { name, args } = part;
      const start = performance.now();
      counts.push(await runApart(name, args));
      note({ label: name, seconds: (performance.now() - start) / 1000 });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return counts;
}

async function runApart(name: string, args: readonly string[]): Promise<Counts> {
  // told to end with this process, whatever ends it, so that it cleans up
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', process.execPath, '--import', 'tsx', __filename, ...args], {
    cwd: REPO, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, report] = ['', ''];
  child.stdout.on('data', (chunk) => { out += chunk; });
  child.stderr.on('data', (chunk) => { report += chunk; });
  await new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  say(`\n${name}\n${report}`);
  const found = /^cluster: (\d+) passed, (\d+) failed, (\d+) skipped$/m.exec(out);
  // a part that has not come to its counts has failed
  return found ? { passed: Number(found[1]), failed: Number(found[2]), skipped: Number(found[3]) } : { passed: 0, failed: 1, skipped: 0 };
}

async function runOn(kserve: string, mode: Mode, names: readonly string[]): Promise<Counts> {
  const state = await step(`cluster ${kserve} ${mode}`, () => startCluster({ kserve, mode, survives: false }));
  const stopOnExit = () => stopNow(state);
  process.once('exit', stopOnExit);
  try {
    return await step(`tests ${kserve} ${mode}`, () => jest(['--testPathIgnorePatterns', ...WITHOUT_CLUSTER, ...(names.length > 0 ? ['--testPathPatterns', ...names] : [])], join(state.runDir, STATE)));
  } finally {
    process.removeListener('exit', stopOnExit);
    state.processes.forEach(({ name, pid }) => note({ label: `  ${name}, start included`, cpu: cpuOf(pid) }));
    await stopCluster(state);
  }
}

async function jest(args: readonly string[], stateFile?: string): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'cluster-results-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    return await jestWithResults(join(folder, 'results.json'), args, stateFile);
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
}

async function jestWithResults(results: string, args: readonly string[], stateFile?: string): Promise<Counts> {
  const jestBinary = join(REPO, 'node_modules/jest/bin/jest.js');
  const config = join(__dirname, 'jest.config.json');
  const always = ['--config', config, '--runInBand', '--passWithNoTests', '--json', `--outputFile=${results}`];
  // ended with this process, whatever ends it
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', process.execPath, jestBinary, ...always, ...args], {
    cwd: REPO,
    env: { ...process.env, ...(stateFile ? { CLUSTER_STATE: stateFile } : {}) },
    stdio: ['ignore', 'ignore', 'inherit'], // the report goes to stderr, the JSON of --json nowhere but into the file
  });
  await new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  if (!existsSync(results)) {
    throw new Error('jest ended without results');
  }
  const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(readFileSync(results, 'utf8'));
  for (const { name, startTime, endTime } of testResults as { name: string; startTime: number; endTime: number }[]) {
    note({ label: `  ${basename(name, '.test.ts')}`, seconds: (endTime - startTime) / 1000 });
  }
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites, skipped: numPendingTests };
}

// `exit` stops what has started; listened to for good, since a signal may come twice: from the terminal and from npm
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(130));
}

main().then((code) => { process.exitCode = code; }, (error: Error) => {
  say(error.message);
  process.exitCode = 1;
});
