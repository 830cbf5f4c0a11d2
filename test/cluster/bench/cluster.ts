import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeClient, KubeError } from './client';
import { ControlPlane, startControlPlane } from './control-plane';
import { crdFolders } from './crds';
import { startKnative } from './knative';
import { Mode } from './kserve/config';
import { prepareKServe, startControllers, toolOf } from './kserve/controllers';
import { startNodes } from './nodes';
import { isRunning, killProcesses, ProcessRecord, stopProcesses } from './processes';
import { Programs } from './programs';
import { removeLink } from './network';
import { step } from './steps';
import { until } from './wait';
import { KServeRelease } from '../../../src/release';

export interface ClusterOptions {
  /** As in `v0.20`. */
  readonly kserve: string;
  readonly mode: Mode;
  /** Whether it lives on when this process ends. */
  readonly survives: boolean;
}

/** What another process must know to use or stop a cluster. */
export interface ClusterState {
  readonly kserve: string;
  readonly mode: Mode;
  readonly kubeconfig: string;
  readonly runDir: string;
  readonly processes: readonly ProcessRecord[];
  /** The processes that keep its networks, and the interface by which this machine reaches it. */
  readonly holders: readonly ProcessRecord[];
  readonly link?: string;
}

const PREFIX = 'cluster-bench-';

/** The state of a cluster, among its files. */
export const STATE = 'state.json';

/** A program that is being ended may still write. */
const REMOVE = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 };

/** The tools that a cluster needs. */
export function toolsOf(options: Pick<ClusterOptions, 'kserve' | 'mode'>): string[] {
  return ['kubernetes', 'kwok', toolOf(KServeRelease.of(options.kserve)), ...(options.mode === 'knative' ? ['knative'] : [])];
}

/** Starts a cluster; what has started when something fails is stopped again. */
export async function startCluster(options: ClusterOptions): Promise<ClusterState> {
  const release = KServeRelease.of(options.kserve);
  removeAbandoned();
  const runDir = mkdtempSync(join(tmpdir(), `${PREFIX}${toolOf(release)}-${options.mode}-`));
  const programs = new Programs(runDir, options.survives);
  const state = (kubeconfig: string): ClusterState => ({
    kserve: options.kserve,
    mode: options.mode,
    kubeconfig,
    runDir,
    processes: programs.records,
    holders: programs.holders,
    link: programs.link,
  });
  const stopOnExit = () => stopNow(state(''));
  process.once('exit', stopOnExit);
  try {
    await programs.openNetwork();
    writeState(join(runDir, STATE), state(''));
    const plane = await startPrograms(programs, release, options.mode);
    writeState(join(runDir, STATE), state(plane.kubeconfig));
    return state(plane.kubeconfig);
  } catch (error) {
    await stopCluster(state(''));
    throw error;
  } finally {
    process.removeListener('exit', stopOnExit);
  }
}

async function startPrograms(programs: Programs, release: KServeRelease, mode: Mode): Promise<ControlPlane> {
  const plane = await startControlPlane(programs, crdFolders(release, mode === 'knative'), mode);
  const { client, kubeconfig } = plane;
  await Promise.all([
    step('start kwok and a node', () => startNodes(programs, client, kubeconfig)),
    programs.run({ name: 'networking', command: process.execPath, args: ['--import', 'tsx', join(__dirname, 'networking.ts'), kubeconfig] }),
    (async () => {
      if (mode === 'knative') {
        await step('start Knative Serving', () => startKnative(programs, plane));
      }
      await step(`start KServe ${release}`, async () => {
        await prepareKServe(client, release, mode);
        await startControllers(programs, plane, release);
        await untilWebhooksAnswer(client);
      });
    })(),
  ]);
  return plane;
}

/** The API server learns of new webhooks a moment later; until then it admits anything. */
async function untilWebhooksAnswer(client: KubeClient): Promise<void> {
  const refused = {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name: 'bench-probe', namespace: 'default' },
    spec: { predictor: { minReplicas: 2, maxReplicas: 1, model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://bench/probe' } } },
  };
  await until("KServe's webhooks answer", () => client.apply(refused, { dryRun: true }).then(() => undefined, (error) => {
    if (error instanceof KubeError && error.message.includes('denied the request')) {
      return true;
    }
    throw error;
  }));
}

/** Stops every process of a cluster, and removes its interfaces and files. */
export async function stopCluster(state: ClusterState): Promise<void> {
  await stopProcesses(state.processes); // while the network still stands, so that they part in order
  if (state.link) {
    await removeLink(state.link);
  }
  await stopProcesses(state.holders);
  rmSync(state.runDir, REMOVE);
}

/** The files of runs that were ended so hard that they could not clean up; their processes ended with them. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const state = readState(join(tmpdir(), name, STATE));
    if (state && !state.holders.some(isRunning)) {
      rmSync(state.runDir, REMOVE);
    }
  }
}

/** The same for the last moment of a process, where nothing can be awaited. */
export function stopNow(state: ClusterState): void {
  killProcesses([...state.processes, ...state.holders]);
  if (state.link) {
    spawnSync('ip', ['link', 'del', state.link], { stdio: 'ignore' });
  }
  rmSync(state.runDir, REMOVE);
}

/** Whole or not at all: other runs look into it to see whose files these are. */
export function writeState(file: string, state: ClusterState): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function readState(file: string): ClusterState | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ClusterState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
