import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { KServeRelease } from '../../../../src/release';
import { base64, issueCertificate } from '../certificates';
import { KubeClient } from '../client';
import { ControlPlane } from '../control-plane';
import { ProcessRecord } from '../processes';
import { Programs } from '../programs';
import { configMap, Mode } from './config';
import { releaseObjects } from './runtimes';
import { webhookConfigurations } from './webhooks';

const PORTS = { webhook: 9443, health: 9081, metrics: 9080 };

/** KServe's own objects; its CRDs must be there. */
export async function prepareKServe(client: KubeClient, release: KServeRelease, mode: Mode): Promise<void> {
  const { namespace } = release._data.config;
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, { manager: 'bench' });
  const objects = [configMap(release, mode), ...releaseObjects(release)];
  await Promise.all(objects.map((object) => client.apply(object, { manager: 'bench' })));
}

/** KServe's manager with its webhooks. It looks at start which CRDs of others there are. */
export async function startManager(programs: Programs, plane: ControlPlane, release: KServeRelease): Promise<ProcessRecord> {
  // the manager looks for its certificate below the folder for temporary files
  const temporary = join(programs.runDir, 'kserve-manager');
  const certificates = join(temporary, 'k8s-webhook-server/serving-certs');
  mkdirSync(certificates, { recursive: true });
  const pair = await issueCertificate(temporary, 'kserve-webhook', plane.authority, [`IP:${programs.address}`]);
  copyFileSync(pair.certificate, join(certificates, 'tls.crt'));
  copyFileSync(pair.key, join(certificates, 'tls.key'));

  const manager = await programs.start({
    name: 'kserve-manager',
    tool: `kserve-v${minor(release)}`,
    program: 'manager',
    args: [`--metrics-addr=0.0.0.0:${PORTS.metrics}`, `--health-probe-addr=0.0.0.0:${PORTS.health}`, `--webhook-port=${PORTS.webhook}`],
    env: { KUBECONFIG: plane.kubeconfig, POD_NAMESPACE: release._data.config.namespace, TMPDIR: temporary },
  });
  await programs.untilUrl(manager, `http://${programs.address}:${PORTS.health}/readyz`);
  const hooks = webhookConfigurations(programs.address, PORTS.webhook, base64(plane.authority.certificate));
  await Promise.all(hooks.map((hook) => plane.client.apply(hook, { manager: 'bench' })));
  return manager;
}

/** `0.20` of `0.20.0`: the name of a release in tools and on the command line. */
export function minor(release: KServeRelease): string {
  return release.version.split('.').slice(0, 2).join('.');
}
