import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KServeRelease } from '../../../../src/release';
import { base64, issueCertificate } from '../certificates';
import { KubeClient } from '../client';
import { ControlPlane } from '../control-plane';
import { TOOLS } from '../paths';
import { Programs } from '../programs';
import { toolPackages } from '../tools';
import { configMap, Mode } from './config';
import { releaseObjects } from './runtimes';
import { LLM_HOOKS, MANAGER_HOOKS, webhookConfigurations } from './webhooks';

/** A controller of KServe with a webhook server. */
interface Controller {
  readonly name: string;
  /** The program, as in `cmd/`. */
  readonly program: string;
  readonly hooks: Parameters<typeof webhookConfigurations>[1];
  readonly pods: boolean;
  readonly ports: { readonly webhook: number; readonly health: number; readonly metrics: number };
}

const MANAGER: Controller = {
  name: 'kserve-manager', program: 'manager', hooks: MANAGER_HOOKS, pods: true, ports: { webhook: 9443, health: 9081, metrics: 9080 },
};

const LLM: Controller = {
  name: 'kserve-llmisvc', program: 'llmisvc', hooks: LLM_HOOKS, pods: false, ports: { webhook: 9543, health: 9181, metrics: 9180 },
};

/** KServe's own objects; its CRDs must be there. */
export async function prepareKServe(client: KubeClient, release: KServeRelease, mode: Mode): Promise<void> {
  const { namespace } = release._data.config;
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, { manager: 'bench' });
  const objects = [configMap(release, mode), ...releaseObjects(release)];
  await Promise.all(objects.map((object) => client.apply(object, { manager: 'bench' })));
}

/** KServe's controllers with their webhooks: the manager, and that for LLMs where the release's tools have it. */
export async function startControllers(programs: Programs, plane: ControlPlane, release: KServeRelease): Promise<void> {
  const packages = toolPackages(readFileSync(join(TOOLS, toolOf(release), 'go.mod'), 'utf8'));
  const built = [MANAGER, LLM].filter(({ program }) => packages.some((name) => name.endsWith(`/cmd/${program}`)));
  await Promise.all(built.map((controller) => startController(programs, plane, release, controller)));
}

/** It looks at start which CRDs of other projects there are, so those come first. */
async function startController(programs: Programs, plane: ControlPlane, release: KServeRelease, controller: Controller): Promise<void> {
  const { name, program, ports, hooks, pods } = controller;
  const { address } = programs;
  // it looks for its certificate below the folder for temporary files
  const temporary = join(programs.runDir, name);
  const certificates = join(temporary, 'k8s-webhook-server/serving-certs');
  mkdirSync(certificates, { recursive: true });
  const pair = await issueCertificate(temporary, name, plane.authority, [`IP:${address}`]);
  copyFileSync(pair.certificate, join(certificates, 'tls.crt'));
  copyFileSync(pair.key, join(certificates, 'tls.key'));

  const record = await programs.start({
    name,
    tool: toolOf(release),
    program,
    args: [`--metrics-addr=0.0.0.0:${ports.metrics}`, `--health-probe-addr=0.0.0.0:${ports.health}`, `--webhook-port=${ports.webhook}`],
    env: { KUBECONFIG: plane.kubeconfig, POD_NAMESPACE: release._data.config.namespace, TMPDIR: temporary },
  });
  await programs.untilUrl(record, `http://${address}:${ports.health}/readyz`);
  const server = { name, address, port: ports.webhook, caBundle: base64(plane.authority.certificate) };
  await Promise.all(webhookConfigurations(server, hooks, pods).map((object) => plane.client.apply(object, { manager: 'bench' })));
}

/** The folder of tools of a release: `kserve-v0.20`. */
export function toolOf(release: KServeRelease): string {
  return `kserve-v${release.version.split('.').slice(0, 2).join('.')}`;
}
