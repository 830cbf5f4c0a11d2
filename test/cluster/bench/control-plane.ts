import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { base64, createAuthority, issueCertificate, KeyPair } from './certificates';
import { KubeClient } from './client';
import { Programs } from './programs';
import { sh } from './shell';

const SERVICE_RANGE = '10.96.0.0/16';

export interface ControlPlane {
  readonly client: KubeClient;
  readonly kubeconfig: string;
  readonly authority: KeyPair;
}

/** etcd, API server, controller manager and scheduler, with a kubeconfig of an administrator. */
export async function startControlPlane(programs: Programs): Promise<ControlPlane> {
  const dir = join(programs.runDir, 'control-plane');
  mkdirSync(dir, { recursive: true });
  const authority = await createAuthority(dir);
  const serving = await issueCertificate(dir, 'apiserver', authority, [
    `IP:${programs.address}`, 'IP:127.0.0.1', 'IP:10.96.0.1', 'DNS:kubernetes.default.svc',
  ]);
  const accounts = join(dir, 'service-accounts.key');
  await sh('openssl', ['genrsa', '-out', accounts, '2048']);
  const token = randomBytes(16).toString('hex');
  writeFileSync(join(dir, 'tokens.csv'), `${token},admin,1,"system:masters"\n`, { mode: 0o600 });
  const kubeconfig = writeKubeconfig(programs, authority, token);

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
      `--tls-cert-file=${serving.certificate}`,
      `--tls-private-key-file=${serving.key}`,
      `--token-auth-file=${join(dir, 'tokens.csv')}`,
      '--authorization-mode=RBAC',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${accounts}`,
      `--service-account-signing-key-file=${accounts}`,
      `--service-cluster-ip-range=${SERVICE_RANGE}`,
      '--allow-privileged',
      '--enable-aggregator-routing=true', // no kube-proxy: webhooks are reached by endpoint, not by cluster address
    ],
  });
  const client = await KubeClient.connect(kubeconfig);
  await programs.untilHealthy(server, async () => await client.raw('/readyz') === 'ok');

  await Promise.all([
    programs.start({
      name: 'kube-controller-manager',
      tool: 'kubernetes',
      args: [
        `--kubeconfig=${kubeconfig}`,
        `--service-account-private-key-file=${accounts}`,
        `--root-ca-file=${authority.certificate}`,
        '--leader-elect=false',
        '--kube-api-qps=300',
        '--kube-api-burst=600',
        '--horizontal-pod-autoscaler-sync-period=60s', // no metrics here
      ],
    }),
    programs.start({
      name: 'kube-scheduler',
      tool: 'kubernetes',
      args: [`--kubeconfig=${kubeconfig}`, `--authentication-kubeconfig=${kubeconfig}`, `--authorization-kubeconfig=${kubeconfig}`, '--leader-elect=false', '--kube-api-qps=300', '--kube-api-burst=600'],
    }),
  ]);
  return { client, kubeconfig, authority };
}

function writeKubeconfig(programs: Programs, authority: KeyPair, token: string): string {
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
