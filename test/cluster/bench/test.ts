import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { STATE, startCluster, stopCluster, stopNow, toolsOf } from './cluster';
import { Mode } from './kserve/config';
import { CACHE, REPO } from './paths';
import { note, printTimes, say, step } from './steps';
import { installTools, missingPrerequisites } from './tools';
import { writeVerified } from './verified';

/** The clusters of a whole run. The releases between behave like one of these two and are started by hand. */
const CLUSTERS: readonly { kserve: string; mode: Mode }[] = [
  { kserve: 'v0.20', mode: 'standard' },
  { kserve: 'v0.20', mode: 'knative' },
  { kserve: 'v0.16', mode: 'standard' },
  { kserve: 'v0.16', mode: 'knative' },
];

/** Tests of programs that need no cluster around them: once in a run, not once in each cluster. */
const WITHOUT_CLUSTER = ['router.test.ts'];

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

async function main(): Promise<number> {
  const started = Date.now();
  // the rest is for jest: parts of file names
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { kserve: { type: 'string' }, mode: { type: 'string' } },
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

  const alone = WITHOUT_CLUSTER.filter((file) => positionals.length === 0 || positionals.some((name) => file.includes(name)));
  const counts: Counts[] = [];
  if (alone.length > 0) {
    counts.push(await step('tests without a cluster', () => jest(['--testPathPatterns', ...alone])));
  }
  const needed = positionals.length === 0 || positionals.some((name) => !WITHOUT_CLUSTER.some((file) => file.includes(name)));
  for (const { kserve, mode } of needed ? clusters : []) {
    say(`\nKServe ${kserve}, ${mode}`);
    counts.push(await runOn(kserve, mode, positionals));
  }
  writeVerified(CLUSTERS, started);
  printTimes('Time per part');
  const sum = (key: keyof Counts) => counts.reduce((total, count) => total + count[key], 0);
  process.stdout.write(`cluster: ${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`);
  return sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
}

async function runOn(kserve: string, mode: Mode, names: readonly string[]): Promise<Counts> {
  const state = await step(`cluster ${kserve} ${mode}`, () => startCluster({ kserve, mode, survives: false }));
  const stopOnExit = () => stopNow(state);
  process.once('exit', stopOnExit);
  try {
    return await step(`tests ${kserve} ${mode}`, () => jest(['--testPathIgnorePatterns', ...WITHOUT_CLUSTER, ...(names.length > 0 ? ['--testPathPatterns', ...names] : [])], join(state.runDir, STATE)));
  } finally {
    process.removeListener('exit', stopOnExit);
    await stopCluster(state);
  }
}

async function jest(args: readonly string[], stateFile?: string): Promise<Counts> {
  const results = join(CACHE, 'results.json');
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
  rmSync(results);
  for (const { name, startTime, endTime } of testResults as { name: string; startTime: number; endTime: number }[]) {
    note(`  ${basename(name, '.test.ts')}`, (endTime - startTime) / 1000);
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
