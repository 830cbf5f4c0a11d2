import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { KubeClient, KubeError, KubeObject } from './client';
import { ClusterState, readState, startCluster, stopCluster, toolsOf, writeState } from './cluster';
import { NOTES, REPO, STATE_FILE } from './paths';
import { isRunning } from './processes';
import { say, step } from './steps';
import { installTools, missingPrerequisites } from './tools';

const USAGE = `npm run cluster -- up [--kserve v0.20|v0.19|v0.17|v0.16] [--mode standard|knative]
npm run cluster -- apply <file|example>
npm run cluster -- status
npm run cluster -- down`;

const RELEASES = ['v0.20', 'v0.19', 'v0.17', 'v0.16'];
const MODES = ['standard', 'knative'] as const;

async function main(): Promise<number> {
  const { values, positionals: [command, ...rest] } = parseArgs({
    allowPositionals: true,
    options: { kserve: { type: 'string', default: 'v0.20' }, mode: { type: 'string', default: 'standard' } },
  });
  switch (command) {
    case 'up': return up(values.kserve, values.mode);
    case 'apply': return apply(rest);
    case 'status': return status();
    case 'down': return down();
    default:
      say(USAGE);
      return 2;
  }
}

async function up(kserve: string, modeName: string): Promise<number> {
  const mode = MODES.find((candidate) => candidate === modeName);
  if (!RELEASES.includes(kserve) || mode === undefined) {
    say(`--kserve ${kserve} --mode ${modeName}: there are ${RELEASES.join(', ')} and ${MODES.join(', ')}\n${USAGE}`);
    return 2;
  }
  const running = readState(STATE_FILE);
  if (running?.processes.some(isRunning)) {
    say(`A cluster with KServe ${running.kserve} (${running.mode}) runs already; stop it with "npm run cluster -- down".`);
    return 1;
  }
  const missing = await missingPrerequisites();
  if (missing.length > 0) {
    say(`The cluster needs:\n${missing.map((line) => `- ${line}`).join('\n')}`);
    return 1;
  }
  await installTools(toolsOf({ kserve, mode }));
  // `exit` stops what has started; listened to for good, since a signal may come twice: from the terminal and from npm
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(130));
  }
  const state = await step(`up: KServe ${kserve}, ${mode}`, () => startCluster({ kserve, mode, survives: true }));
  mkdirSync(NOTES, { recursive: true });
  writeState(STATE_FILE, state);
  say(`\nexport KUBECONFIG=${state.kubeconfig}\nLogs: ${state.runDir}/*.log`);
  return 0;
}

async function apply(files: readonly string[]): Promise<number> {
  if (files.length === 0) {
    say(USAGE);
    return 2;
  }
  const client = await KubeClient.connect(runningCluster().kubeconfig);
  const objects = files.flatMap(filesOf).flatMap(readObjects);
  await createNamespaces(client, objects);
  let failed = 0;
  for (const object of objects) {
    const name = `${object.kind}/${object.metadata?.name}`;
    try {
      const { metadata } = await client.apply(object);
      say(`${name} applied (generation ${metadata.generation ?? '-'})`);
    } catch (error) {
      if (!(error instanceof KubeError)) {
        throw error;
      }
      failed++;
      say(`${name} refused: ${error.message}`);
    }
  }
  return failed === 0 ? 0 : 1;
}

async function status(): Promise<number> {
  const state = runningCluster();
  say(`KServe ${state.kserve}, ${state.mode}; KUBECONFIG=${state.kubeconfig}`);
  for (const record of state.processes) {
    say(`  ${record.name.padEnd(32)} pid ${String(record.pid).padEnd(8)} ${isRunning(record) ? 'runs' : `HAS ENDED, see ${record.log}`}`);
  }
  const client = await KubeClient.connect(state.kubeconfig);
  for (const service of await client.list('serving.kserve.io/v1beta1', 'InferenceService')) {
    const ready = service.status?.conditions?.find((c: { type: string }) => c.type === 'Ready');
    say(`  ${service.metadata.namespace}/${service.metadata.name}: Ready=${ready?.status ?? 'Unknown'} ${ready?.reason ?? ''} ${service.status?.url ?? ''}`);
  }
  return state.processes.every(isRunning) ? 0 : 1;
}

async function down(): Promise<number> {
  const state = readState(STATE_FILE);
  if (state) {
    await step('down', () => stopCluster(state));
    rmSync(STATE_FILE);
  } else {
    say('No cluster runs.');
  }
  return 0;
}

function runningCluster(): ClusterState {
  const state = readState(STATE_FILE);
  if (state === undefined) {
    throw new Error('No cluster runs: start one with "npm run cluster -- up".');
  }
  return state;
}

/** A file as it is, or the manifests of an example by its name. */
function filesOf(name: string): string[] {
  const example = join(REPO, 'examples', name);
  if (!existsSync(example)) {
    return [name];
  }
  return readdirSync(example).filter((file) => file.endsWith('.k8s.yaml')).map((file) => join(example, file));
}

/** Manifests name namespaces that others made; here nobody has. */
async function createNamespaces(client: KubeClient, objects: readonly KubeObject[]): Promise<void> {
  for (const name of new Set(objects.map(({ metadata }) => metadata?.namespace))) {
    if (name !== undefined) {
      await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { manager: 'bench' });
    }
  }
}

function readObjects(file: string): KubeObject[] {
  return parseAllDocuments(readFileSync(file, 'utf8'))
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);
}

main().then((code) => { process.exitCode = code; }, (error: Error) => {
  say(error.message);
  process.exitCode = 1;
});
