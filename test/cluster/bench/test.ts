import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { STATE, startCluster, stopCluster, stopNow, toolsOf } from './cluster';
import { Mode } from './kserve/config';
import { REPO } from './paths';
import { printTimes, say, step } from './steps';
import { installTools, missingPrerequisites } from './tools';

/** The clusters of a whole run. The releases between behave like one of these two and are started by hand. */
const CLUSTERS: readonly { kserve: string; mode: Mode }[] = [
  { kserve: 'v0.20', mode: 'standard' },
  { kserve: 'v0.20', mode: 'knative' },
  { kserve: 'v0.16', mode: 'standard' },
  { kserve: 'v0.16', mode: 'knative' },
];

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

async function main(): Promise<number> {
  // what follows `--` is for jest: a file name, -t
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

  const counts: Counts[] = [];
  for (const { kserve, mode } of clusters) {
    say(`\nKServe ${kserve}, ${mode}`);
    counts.push(await runOn(kserve, mode, positionals));
  }
  printTimes('Time per part');
  const sum = (key: keyof Counts) => counts.reduce((total, count) => total + count[key], 0);
  process.stdout.write(`cluster: ${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`);
  return sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
}

async function runOn(kserve: string, mode: Mode, jestArgs: readonly string[]): Promise<Counts> {
  const state = await step(`cluster ${kserve} ${mode}`, () => startCluster({ kserve, mode, survives: false }));
  const stopOnExit = () => stopNow(state);
  process.once('exit', stopOnExit);
  try {
    return await step(`tests ${kserve} ${mode}`, () => jest(state.runDir, jestArgs));
  } finally {
    process.removeListener('exit', stopOnExit);
    await stopCluster(state);
  }
}

async function jest(runDir: string, args: readonly string[]): Promise<Counts> {
  const results = join(runDir, 'results.json');
  const jestBinary = join(REPO, 'node_modules/jest/bin/jest.js');
  const config = join(__dirname, 'jest.config.json');
  // ended with this process, whatever ends it
  const command = ['--pdeathsig', 'KILL', '--', process.execPath, jestBinary, '--config', config, '--runInBand', '--json', `--outputFile=${results}`, ...args];
  const child = spawn('setpriv', command, {
    cwd: REPO,
    env: { ...process.env, CLUSTER_STATE: join(runDir, STATE) },
    stdio: ['ignore', 'ignore', 'inherit'], // the report goes to stderr, the JSON of --json nowhere but into the file
  });
  await new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  if (!existsSync(results)) {
    throw new Error('jest ended without results');
  }
  const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
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
