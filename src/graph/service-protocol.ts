import type { Manifest } from '../core/manifest';
import type { RuleContext } from '../target/rule-context';
import { FRAMEWORKS } from '../target/service-view';
import { known, StepView } from './graph-view';

/** What a graph can know of a service that one of its steps calls. */
export interface CalledService {
  readonly manifest: Manifest;
  /** The protocol in which the graph will call it: `v1` or `v2`; undefined where the graph calls no model path. */
  readonly called?: string;
  /** The protocol that the service speaks, as far as it is known. */
  readonly spoken?: string;
  /** Whether a model server answers, which reads nothing but its protocol. */
  readonly plainModel: boolean;
}

/** The service behind a step, if this program makes it. */
export function calledService({ step: { serviceName } }: StepView, { neighbours, namespace, target }: RuleContext): CalledService | undefined {
  if (!serviceName || known(serviceName) === undefined) {
    return undefined;
  }
  const [service] = neighbours.named('InferenceService', namespace, serviceName);
  const manifest = service?.manifest;
  const { predictor, transformer } = manifest?.spec ?? {};
  if (manifest === undefined || predictor === undefined) {
    return undefined;
  }
  if (transformer !== undefined) {
    const spoken = containerProtocol(transformer.containers?.[0]);
    return { manifest, called: rest(spoken ?? 'v1'), spoken, plainModel: false };
  }
  const framework = FRAMEWORKS.map((field) => predictor[field]).find((server) => server !== undefined && server !== null);
  if (framework === undefined) {
    const spoken = containerProtocol(predictor.containers?.[0]);
    return { manifest, called: rest(spoken ?? 'v1'), spoken, plainModel: false };
  }
  const spoken = known<string>(framework.protocolVersion) ?? 'v1';
  const runtime = known<string>(framework.runtime);
  const ofRuntime = target.runtimes.find(({ name }) => name === runtime)?.protocols?.find((protocol) => rest(protocol) !== undefined);
  return { manifest, called: ofRuntime ?? rest(spoken), spoken, plainModel: !(predictor.containers?.length > 0) };
}

/** The protocol that a container of one's own speaks, as its port and its environment tell. */
function containerProtocol(container: { readonly [field: string]: any } | undefined): string | undefined {
  const port = container?.ports?.length === 1 ? known<string>(container.ports[0].name) : undefined;
  if (port !== undefined && /^h2c|^grpc/.test(port)) {
    return 'grpc-v2';
  }
  return known<string>(container?.env?.find(({ name }: { name: string }) => name === 'PROTOCOL')?.value);
}

function rest(protocol: string): string | undefined {
  return protocol === 'v1' || protocol === 'v2' ? protocol : undefined;
}
