import { createHash, randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kept } from './cache';
import { base64, createAuthority, issueCertificate, KeyPair } from './certificates';
import { KubeClient } from './client';
import { crdFiles, loadCrds, untilServed } from './crds';
import { Mode } from './kserve/config';
import { CACHE, TOOLS } from './paths';
import { ProcessRecord } from './processes';
import { Programs } from './programs';
import { sh } from './shell';
import { step } from './steps';

const SERVICE_RANGE = '10.96.0.0/16';

export interface ControlPlane {
  readonly client: KubeClient;
  readonly kubeconfig: string;
  readonly authority: KeyPair;
}

/**
 * etcd, API server, controller manager and scheduler, with a kubeconfig of an administrator.
 * The API server serves the CRDs of the given folders.
 */
export async function startControlPlane(programs: Programs, crds: readonly string[], mode: Mode): Promise<ControlPlane> {
  const dir = join(programs.runDir, 'control-plane');
  mkdirSync(dir, { recursive: true });
  const keys = await createKeys(dir, programs.address);
  const kubeconfig = writeKubeconfig(programs, keys);
  const client = await KubeClient.connect(kubeconfig);

  const seed = seedOf(crds);
  await kept(seed, (folder) => step('load CRDs into a new database', async () => {
    const first = await startServer(programs, dir, keys, client);
    await loadCrds(client, crds);
    // stopped, so that the copy is of one moment
    await programs.stop(...first);
    cpSync(join(dir, 'etcd'), folder, { recursive: true });
    rmSync(join(dir, 'etcd'), { recursive: true });
  }));
  await step('start etcd and Kubernetes', async () => {
    cpSync(seed, join(dir, 'etcd'), { recursive: true });
    await startServer(programs, dir, keys, client);
    await untilServed(client, crds);
    await startControllers(programs, kubeconfig, keys, mode);
  });
  return { client, kubeconfig, authority: keys.authority };
}

interface Keys {
  readonly authority: KeyPair;
  readonly serving: KeyPair;
  readonly accounts: string;
  readonly token: string;
}

async function createKeys(dir: string, address: string): Promise<Keys> {
  const authority = await createAuthority(dir);
  const names = [`IP:${address}`, 'IP:127.0.0.1', 'IP:10.96.0.1', 'DNS:kubernetes.default.svc'];
  const serving = await issueCertificate(dir, 'apiserver', authority, names);
  const accounts = join(dir, 'service-accounts.key');
  await sh('openssl', ['genrsa', '-out', accounts, '2048']);
  const token = randomBytes(16).toString('hex');
  writeFileSync(join(dir, 'tokens.csv'), `${token},admin,1,"system:masters"\n`, { mode: 0o600 });
  return { authority, serving, accounts, token };
}

/** A database that already has the CRDs: loading them takes longer than everything else together. */
function seedOf(crds: readonly string[]): string {
  const hash = createHash('sha256').update(readFileSync(join(TOOLS, 'kubernetes/go.sum')));
  for (const file of crdFiles(crds)) {
    hash.update(readFileSync(file));
  }
  return join(CACHE, 'databases', hash.digest('hex').slice(0, 16));
}

async function startServer(programs: Programs, dir: string, keys: Keys, client: KubeClient): Promise<ProcessRecord[]> {
  const etcd = await programs.start({
    name: 'etcd',
    tool: 'etcd',
    args: [
      '--data-dir', join(dir, 'etcd'),
      '--listen-client-urls', 'http://127.0.0.1:2379',
      '--advertise-client-urls', 'http://127.0.0.1:2379',
      '--listen-peer-urls', 'http://127.0.0.1:2380',
      '--listen-metrics-urls', `http://${programs.address}:2381`,
      '--unsafe-no-fsync', // the data never outlives the run
    ],
  });
  await programs.untilUrl(etcd, `http://${programs.address}:2381/health`);
  const server = await programs.start({
    name: 'kube-apiserver',
    tool: 'kubernetes',
    args: [
      '--etcd-servers=http://127.0.0.1:2379',
      '--secure-port=6443',
      '--bind-address=0.0.0.0',
      `--advertise-address=${programs.address}`,
      `--tls-cert-file=${keys.serving.certificate}`,
      `--tls-private-key-file=${keys.serving.key}`,
      `--token-auth-file=${join(dir, 'tokens.csv')}`,
      '--authorization-mode=RBAC',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${keys.accounts}`,
      `--service-account-signing-key-file=${keys.accounts}`,
      `--service-cluster-ip-range=${SERVICE_RANGE}`,
      '--allow-privileged',
      '--enable-aggregator-routing=true', // no kube-proxy: webhooks are reached by endpoint, not by cluster address
      '--feature-gates=WatchList=false', // needs an etcd newer than Debian's; clients fall back
    ],
  });
  await programs.untilHealthy(server, async () => await client.raw('/readyz') === 'ok');
  return [server, etcd];
}

/** What the controller of HorizontalPodAutoscalers does where nothing measures. */
const AUTOSCALING: { readonly [mode in Mode]: readonly string[] } = {
  // it would only complain: nobody waits for it
  standard: ['--controllers=*,-horizontal-pod-autoscaler-controller'],
  // Knative waits until it has brought a revision of class hpa to the least number of pods
  knative: ['--controllers=*', '--horizontal-pod-autoscaler-sync-period=2s'],
};

async function startControllers(programs: Programs, kubeconfig: string, keys: Keys, mode: Mode): Promise<void> {
  const common = [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--kube-api-qps=300', '--kube-api-burst=600'];
  await programs.start({
    name: 'kube-controller-manager',
    tool: 'kubernetes',
    args: [
      ...common,
      `--service-account-private-key-file=${keys.accounts}`,
      `--root-ca-file=${keys.authority.certificate}`,
      ...AUTOSCALING[mode],
    ],
  });
  await programs.start({
    name: 'kube-scheduler',
    tool: 'kubernetes',
    args: [...common, `--authentication-kubeconfig=${kubeconfig}`, `--authorization-kubeconfig=${kubeconfig}`],
  });
}

function writeKubeconfig(programs: Programs, { authority, token }: Keys): string {
  const file = join(programs.runDir, 'kubeconfig');
  const named = (entry: object) => [{ name: 'bench', ...entry }];
  writeFileSync(file, JSON.stringify({
    'apiVersion': 'v1',
    'kind': 'Config',
    'clusters': named({ cluster: { 'server': `https://${programs.address}:6443`, 'certificate-authority-data': base64(authority.certificate) } }),
    'users': named({ user: { token } }),
    'contexts': named({ context: { cluster: 'bench', user: 'bench' } }),
    'current-context': 'bench',
  }, undefined, 2), { mode: 0o600 });
  return file;
}
