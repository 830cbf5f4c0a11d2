import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { KubeClient } from './client';
import { CRDS } from './paths';
import { until } from './wait';
import { KServeRelease } from '../../../src/release';

const CRD_PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** The folders of CRDs that a cluster of the release has. */
export function crdFolders(release: KServeRelease, knative: boolean): string[] {
  const { pins } = release;
  return [
    folder('kserve', `v${release.version}`),
    folder('gateway-api-standard', pins.gatewayApi),
    folder('gateway-api-inference-extension', pins.gatewayApiInferenceExtension),
    folder('keda', pins.keda),
    folder('istio', pins.istio),
    folder('lws', pins.leaderWorkerSet),
    // the Knative controllers of the bench are of one version, whatever the release was tested with
    ...(knative ? [folder('knative-serving', '1.21.1')] : []),
  ];
}

/** The folder of a version, or of the nearest older one that there is, or of the oldest. */
function folder(name: string, version: string): string {
  const wanted = numbers(version);
  const versions = readdirSync(join(CRDS, name)).sort((a, b) => compare(numbers(a), numbers(b)));
  const best = versions.filter((candidate) => compare(numbers(candidate), wanted) <= 0).at(-1) ?? versions[0];
  return join(CRDS, name, best);
}

const numbers = (version: string) => version.replace(/^v/, '').split('.').map(Number);

function compare(a: readonly number[], b: readonly number[]): number {
  return a.map((part, index) => part - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

/** The files of CRDs in some folders. */
export function crdFiles(folders: readonly string[]): string[] {
  return folders.flatMap((dir) => readdirSync(dir).filter((name) => name.endsWith('.yaml')).sort().map((name) => join(dir, name)));
}

/** Loads all CRDs at once and waits until the API server serves them. */
export async function loadCrds(client: KubeClient, folders: readonly string[]): Promise<void> {
  await Promise.all(crdFiles(folders).map(async (file) => {
    const text = readFileSync(file, 'utf8');
    await client.applyText(`${CRD_PATH}/${nameOf(text)}`, text, 'bench'); // the server parses YAML faster than we do
  }));
  await untilServed(client, folders);
}

export async function untilServed(client: KubeClient, folders: readonly string[]): Promise<void> {
  const names = crdFiles(folders).map((file) => nameOf(readFileSync(file, 'utf8')));
  await until('CRDs are served', async () => {
    const served = await client.servedResources();
    return names.every((name) => served.has(name)) || undefined;
  });
}

function nameOf(crd: string): string {
  return /^ {2}name: (\S+)$/m.exec(crd)![1];
}
