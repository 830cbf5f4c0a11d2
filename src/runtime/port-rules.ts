import { SERVER_CONTAINER } from '../release/container-names';
import { containersOf, podsOf } from './runtime-view';
import type { ClusterRule } from '../target/rule-context';

const UNNAMED_PORT: ClusterRule = {
  code: 'KSV1732',
  about: ['ports'],
  title: 'One of several ports of the runtime has no name',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'createDefaultSvc in KServe\'s service_reconciler.go; Kubernetes validation of Services; Knative Serving webhook: one port',
  explanation: 'In Standard mode KServe makes a Service of all ports of the container, and several ports of a Service need names: every service of the runtime fails. Knative takes one port only.',
  * check(manifest) {
    const [server] = podsOf(manifest).slice(0, 1).flatMap(containersOf).filter(({ container }) => container.name === SERVER_CONTAINER);
    const ports: { [field: string]: any }[] = server?.container.ports ?? [];
    for (const [i, { name, containerPort }] of ports.entries()) {
      if (ports.length > 1 && !name && !manifest.spec.multiModel) {
        yield { at: `${server.at}/ports/${i}`, value: containerPort, message: 'is one of several ports and has no name', fix: 'name each port, or keep one.' };
      }
    }
  },
};

export const PORT_RULES: ClusterRule[] = [UNNAMED_PORT];
