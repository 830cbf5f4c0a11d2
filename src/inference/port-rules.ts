import { chosenRuntime, RuntimePods } from './chosen-runtime';
import { Deferred } from '../core/deferred';
import { SERVER_CONTAINER, TRANSFORMER_CONTAINER } from '../release/container-names';
import { DeploymentMode } from '../target';
import { ClusterRule } from '../target/rule-context';
import { componentsOf, ContainerView, containersOf, modeOf } from '../target/service-view';

const SERVICE_PORTS: ClusterRule = {
  code: 'KSV1435',
  about: ['ports'],
  title: 'The ports do not make a Service',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'createDefaultSvc in KServe\'s service_reconciler.go; Kubernetes validation of Services',
  explanation: 'In Standard mode KServe makes a Service of all ports of the container that is called. Several ports of a Service need names, which differ; the first port gets the number 80, so no other can have it.',
  * check(manifest, context) {
    if (modeOf(manifest, context.target) === DeploymentMode.KNATIVE) {
      return; // it takes one port
    }
    for (const component of componentsOf(manifest)) {
      const called = calledOf(containersOf(component).filter(({ at }) => !/\/(initContainers|workerSpec)\//.test(at)));
      const own: { [field: string]: any }[] = called?.container.ports ?? [];
      if (called === undefined || own.length === 0) {
        continue;
      }
      const runtime = called.container === component.spec.model ? chosenRuntime(component, manifest, context) : undefined;
      const runtimePorts = portsOf(runtime);
      // a port of the same number is one with the runtime's
      const inherited = runtimePorts.filter((other) =>
        !own.some(({ containerPort }) => Deferred.is(containerPort) || containerPort === other.containerPort));
      for (const [i, port] of own.entries()) {
        const at = `${called.at}/ports/${i}`;
        if (own.length + inherited.length > 1 && !port.name) {
          yield { at, value: port.containerPort, message: 'is one of several ports and has no name', fix: 'name each port.' };
        } else if (!Deferred.is(port.name) && inherited.some(({ name }) => name === port.name && name)) {
          yield { at: `${at}/name`, value: port.name, message: `is the name of another port of the runtime '${runtime!.name}'`, fix: 'give it another name.' };
        }
        if (i > 0 && port.containerPort === 80 && protocolOf(port) === protocolOf(own[0]) && runtimePorts.length === 0) {
          yield { at, value: 80, message: 'is the number that the first port has in the Service', fix: 'put this port first, or let the container listen on another number.' };
        }
      }
    }
  },
};

export const PORT_RULES: ClusterRule[] = [SERVICE_PORTS];

/** The container that requests go to. */
function calledOf(containers: ContainerView[]): ContainerView | undefined {
  return containers.find(({ container }) => container.name === TRANSFORMER_CONTAINER) ?? containers[0];
}

/** The ports that a runtime gives to its server. */
function portsOf(runtime: RuntimePods | undefined): { [field: string]: any }[] {
  return runtime?.spec.containers?.find(({ name }: { name?: unknown }) => name === SERVER_CONTAINER)?.ports ?? [];
}

const protocolOf = ({ protocol = 'TCP' }: { [field: string]: any }) => protocol;
