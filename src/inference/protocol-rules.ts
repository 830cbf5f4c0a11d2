import { Deferred } from '../core/deferred';
import { Manifest } from '../core/manifest';
import { SERVER_CONTAINER, TRANSFORMER_CONTAINER } from '../release/container-names';
import { Candidates } from '../runtime/candidates';
import { requestOf } from '../runtime/request';
import { DeploymentMode } from '../target';
import { ClusterRule, RuleContext } from '../target/rule-context';
import { ComponentView, componentsOf, containersOf, modeOf } from '../target/service-view';

const EXPLAINER_PROTOCOL: ClusterRule = {
  code: 'KSV1431',
  about: ['explainer'],
  title: 'The explainer cannot speak to the predictor',
  severity: 'warning',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'KServe SDK: explainers call the predictor by V1 only; there is no V2 explain route',
  explanation: 'Explainers built with KServe\'s SDK call the predictor by the V1 protocol. A predictor that speaks V2 or gRPC answers them with an error at the first request.',
  * check(manifest) {
    const { explainer, predictor } = manifest.spec ?? {};
    const protocol = predictor?.model?.protocolVersion;
    if (explainer !== undefined && protocol !== undefined && !Deferred.is(protocol) && protocol !== 'v1') {
      yield {
        at: '/spec/explainer',
        message: `calls a predictor that speaks ${protocol}, and explainers of KServe's SDK speak v1 only`,
        fix: 'let the predictor speak InferenceProtocol.V1, or waive this if your explainer speaks the predictor\'s protocol.',
      };
    }
  },
};

const TRANSFORMER_PROTOCOL: ClusterRule = {
  code: 'KSV1432',
  about: ['transformer'],
  title: 'The transformer is told another protocol than the predictor\'s',
  severity: 'error',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'A transformer built with KServe\'s SDK calls the predictor by the protocol of its argument --predictor_protocol (v1 if there is none), and gets errors from a predictor that speaks another one.',
  * check(manifest) {
    const { transformer, predictor } = manifest.spec ?? {};
    const spoken = predictor?.model?.protocolVersion;
    if (transformer === undefined || spoken === undefined || Deferred.is(spoken)) {
      return;
    }
    for (const { container, at } of containersOf({ name: 'transformer', spec: transformer, at: '/spec/transformer' })) {
      const args: unknown[] = container.args ?? [];
      const given = args.findIndex((argument) => typeof argument === 'string' && /^--predictor_protocol(=|$)/.test(argument));
      if (given >= 0) {
        const value = String(args[given]).includes('=') ? String(args[given]).split('=')[1] : args[given + 1];
        const matches = value === spoken || (value === 'grpc-v2' && spoken === 'v2'); // one server, two ports
        if (!Deferred.is(value) && !matches) {
          yield { at: `${at}/args/${given}`, value, message: `does not match the predictor, which speaks ${spoken}`, allowed: spoken, fix: 'leave the argument out: the predictor\'s protocol is passed on by itself.' };
        }
      }
    }
  },
};

const KNATIVE_PORTS: ClusterRule = {
  code: 'KSV1433',
  about: ['ports', 'containers'],
  title: 'Knative does not accept these ports',
  severity: 'error',
  origin: 'webhook',
  bites: 'runtime',
  mirrors: 'Knative Serving webhook: one container with one port, named http1, h2c or nothing',
  explanation: 'KServe accepts the service, but Knative refuses what KServe makes of it. Knative serves one port; its name decides between HTTP/1 and gRPC, so a service speaks one of them. With several containers in a pod, one of them must declare the port.',
  * check(manifest, context) {
    if (modeOf(manifest, context.target) !== DeploymentMode.KNATIVE) {
      return;
    }
    for (const component of componentsOf(manifest)) {
      const containers = containersOf(component).filter(({ at }) => !/\/(initContainers|workerSpec)\//.test(at));
      const declared = containers.some(({ container }) => container.ports !== undefined);
      if (containers.length > 1 && !declared && bringsNoPorts(component, manifest, context)) {
        yield {
          at: `${component.at}/containers`,
          message: 'stand beside the serving container, and none of them declares a port',
          allowed: 'one port in the whole pod',
          fix: 'declare the port of the container that serves: override: { ports: [{ containerPort: 8080 }] } for a model.',
        };
      }
      const ports = containers.flatMap(({ container, at }) =>
        (container.ports ?? []).map((port: any, i: number) => ({ port, at: `${at}/ports/${i}` })));
      for (const { port, at } of ports.slice(1)) {
        yield { at, value: port.containerPort, message: 'is a second port', allowed: 'one port in the whole pod', fix: 'keep one port, or use DeploymentMode.STANDARD.' };
      }
      const [first] = ports;
      if (first !== undefined && !Deferred.is(first.port.name) && !['http1', 'h2c', '', undefined].includes(first.port.name)) {
        yield { at: `${first.at}/name`, value: first.port.name, message: 'is no port name of Knative', allowed: 'http1, h2c or none', fix: 'name the port http1 for HTTP or h2c for gRPC.' };
      }
    }
  },
};

/** Whether it is certain that no runtime adds ports: those of the release declare none. */
function bringsNoPorts({ spec }: ComponentView, manifest: Manifest, context: RuleContext): boolean {
  const request = spec.model === undefined ? undefined : requestOf(manifest, context.target.release, context.namespace);
  const chosen = request && Candidates.of(context).select(request).chosen;
  return spec.model === undefined
    || (chosen !== undefined && chosen.path === undefined && context.target.release._data.runtimes[chosen.facts.name] !== undefined);
}

const SAME_PORT: ClusterRule = {
  code: 'KSV1434',
  about: ['containers'],
  title: 'Predictor and collocated transformer have the same port',
  severity: 'error',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'Containers of one pod share its network: the second one to listen on a port fails to start.',
  * check(manifest) {
    const containers: any[] = manifest.spec?.predictor?.containers ?? [];
    const port = (name: string) => {
      const container = containers.find((one) => one.name === name);
      return container === undefined ? undefined : container.ports?.[0]?.containerPort ?? 8080;
    };
    const [server, transformer] = [port(SERVER_CONTAINER), port(TRANSFORMER_CONTAINER)];
    if (server !== undefined && transformer !== undefined && !Deferred.is(server) && server === transformer) {
      const index = containers.findIndex(({ name }) => name === SERVER_CONTAINER);
      yield { at: `/spec/predictor/containers/${index}`, message: `listens on port ${server}, as the collocated transformer does`, fix: 'let the predictor listen on 8085 and say so: Predictor.fromContainer({ port: 8085 }).' };
    }
  },
};

export const PROTOCOL_RULES: ClusterRule[] = [EXPLAINER_PROTOCOL, TRANSFORMER_PROTOCOL, KNATIVE_PORTS, SAME_PORT];
