import { DeploymentMode } from '../target';
import { modeOf } from '../target/service-view';
import type { ManifestViolation } from '../diagnostics/rule';
import type { ClusterRule, RuleContext } from '../target/rule-context';
import { inwardOrder, known, nodesOf, NodeView, stepsOf, StepView } from './graph-view';
import { CalledService, calledService } from './service-protocol';

const NOT_CALLABLE: ClusterRule = {
  code: 'KSV2011',
  title: 'The router cannot talk to the service of a step',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'cmd/router/main.go callService: POST with a JSON body, whole answers; isvc utils GetPredictorEndpoint: paths for v1 and v2',
  explanation: 'The router sends JSON by HTTP/1 and waits for the whole answer. It has no gRPC and no streams, and it knows only the paths `/v1/models/<model>:predict` and `/v2/models/<model>/infer`.',
  * check(manifest, context) {
    for (const step of stepsOf(manifest)) {
      const service = calledService(step, context);
      const reason = service && reasonNotCallable(service);
      if (reason !== undefined) {
        yield { at: `${step.at}/serviceName`, value: step.step.serviceName, ...reason };
      }
    }
  },
};

/** Formats whose servers answer at OpenAI's paths only. */
const STREAMING_FORMATS = ['vLLM'];

function reasonNotCallable({ manifest, called, spoken }: CalledService): Pick<ManifestViolation, 'message' | 'fix'> | undefined {
  const { model } = manifest.spec.predictor;
  if (spoken?.startsWith('grpc')) {
    return { message: `speaks ${spoken} only, and the router knows no gRPC`, fix: 'let the service speak InferenceProtocol.V1 or InferenceProtocol.V2; or call it by a service of your own that translates.' };
  }
  if (STREAMING_FORMATS.includes(known<string>(model?.modelFormat?.name) ?? '')) {
    return { message: 'answers at OpenAI\'s paths and in streams, which the router does not call', fix: 'use Step.toUrl(`${service.internalUrl}/openai/v1/completions`) for answers that are not streamed.' };
  }
  if (called !== undefined && spoken !== undefined && called !== spoken) {
    return {
      message: `speaks ${spoken}, but the graph will call it by ${called}, the first protocol of its runtime '${model?.runtime}'`,
      fix: `leave runtime out, or let the service speak ${called}.`,
    };
  }
  return undefined;
}

const UNREADABLE: ClusterRule = {
  code: 'KSV2012',
  title: 'A service cannot read the previous answer',
  severity: 'warning',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'Answers are no requests: V1 answers `predictions` and asks for `instances`, V2 answers `outputs` and asks for `inputs`, an ensemble answers an object with a field for each member. Model servers refuse what they cannot read with 400.',
  * check(manifest, context) {
    const nodes = nodesOf(manifest);
    const answers = new Answers(nodes, context);
    for (const { type, steps } of nodes.values()) {
      if (type === 'Sequence') {
        for (const [index, step] of steps.entries()) {
          if (index > 0 && step.step.data === '$response') {
            yield* unreadable(step, steps[index - 1], answers, calledService(step, context));
          }
        }
      }
      if (type === 'Ensemble') {
        const kinds = new Set(steps.map((step) => answers.of(step)).filter((kind) => kind === 'v1' || kind === 'v2'));
        if (kinds.size > 1) {
          yield { at: steps[0].at.replace(/\/0$/, ''), message: 'answer in different protocols, v1 and v2, so a reader finds predictions in one member and outputs in another', fix: 'let all members speak one protocol.' };
        }
      }
    }
  },
};

function* unreadable(step: StepView, before: StepView, answers: Answers, reader: CalledService | undefined): Iterable<ManifestViolation> {
  const answer = answers.of(before);
  if (reader === undefined || !reader.plainModel || reader.called === undefined || answer === undefined) {
    return;
  }
  const mapped = step.step.mapPredictionsToInstances === true;
  if (reader.called === 'v1' && answer === 'v1' && mapped) {
    return;
  }
  yield {
    at: `${step.at}/data`,
    value: step.step.data,
    message: `gives ${step.label}, a model server that speaks ${reader.called}, ${NAMES_OF_ANSWERS[answer]} of ${before.label}, which it cannot read`,
    fix: answer === 'v1' && reader.called === 'v1' ? 'set mapPredictionsToInstances: true.' : 'put a service between them that translates (a transformer or an Aggregation), or give the step the original request.',
  };
}

type Answer = 'v1' | 'v2' | 'ensemble';

const NAMES_OF_ANSWERS: { [answer in Answer]: string } = { v1: 'the predictions (V1)', v2: 'the outputs (V2)', ensemble: 'the joined answers' };

/** In which form steps and nodes answer, where all their branches answer alike. */
class Answers {
  private readonly ofNode = new Map<string, Answer | undefined>();

  constructor(nodes: ReadonlyMap<string, NodeView>, private readonly context: RuleContext) {
    for (const { name, type, steps } of inwardOrder(nodes).order) {
      this.ofNode.set(name, this.ofSteps(type, steps));
    }
  }

  of(step: StepView): Answer | undefined {
    const service = step.step.nodeName ? undefined : calledService(step, this.context);
    return step.step.nodeName ? this.ofNode.get(step.step.nodeName) : service?.plainModel ? service.called as Answer : undefined;
  }

  private ofSteps(type: string, steps: readonly StepView[]): Answer | undefined {
    if (type === 'Ensemble') {
      return 'ensemble';
    }
    const last = type === 'Sequence' && !steps.some(({ step }) => step.condition) ? steps.slice(-1) : steps;
    const kinds = new Set(last.map((step) => this.of(step)));
    return kinds.size === 1 ? [...kinds][0] : undefined;
  }
}

const OTHER_MODE: ClusterRule = {
  code: 'KSV2016',
  title: 'A graph and its service run in different modes',
  severity: 'warning',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'Their addresses lead through different gateways: a Knative service answers through Knative\'s local gateway and may have to start from zero first, for which a router in Standard mode has no patience beyond routerTimeouts.',
  * check(manifest, context) {
    const mode = modeOf(manifest, context.target);
    for (const step of stepsOf(manifest)) {
      const service = calledService(step, context);
      const other = service && modeOf(service.manifest, context.target);
      if (other !== undefined && other !== mode) {
        yield { at: `${step.at}/serviceName`, value: step.step.serviceName, message: `runs in ${other} mode and the graph in ${mode} mode`, fix: 'give both one deploymentMode, or waive this if Knative\'s local gateway is reachable from the graph.' };
      }
    }
  },
};

const SAME_NAME_AS_SERVICE: ClusterRule = {
  code: 'KSV2024',
  individual: true,
  title: 'A graph takes the name of something else',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'inferencegraph controller: Deployment, Service and HPA, or Knative Service, called like the graph',
  explanation: 'KServe makes a Knative Service, or a Deployment and a Service, of the graph\'s own name. In Knative mode an InferenceService makes a Service of its name too.',
  * check(manifest, { neighbours, namespace, target }) {
    const { name } = manifest.metadata;
    if (known(name) === undefined) {
      return;
    }
    const knative = modeOf(manifest, target) === DeploymentMode.KNATIVE;
    const kinds = knative ? ['InferenceGraph', 'Service'] : ['InferenceGraph', 'Deployment', 'Service', 'HorizontalPodAutoscaler'];
    const others = kinds.flatMap((kind) => neighbours.named(kind, namespace, name))
      .concat(neighbours.named('InferenceService', namespace, name).filter((one) => modeOf(one.manifest, target) === DeploymentMode.KNATIVE));
    const graphs = others.filter(({ object }) => object.kind === 'InferenceGraph');
    const taken = graphs.length > 1 ? graphs : others.filter(({ object }) => object.kind !== 'InferenceGraph');
    if (taken.length > 0) {
      yield { at: '/metadata/name', value: name, message: `is the name of ${taken.map(({ path, object }) => `'${path}' (${object.kind})`).join(' and ')} as well`, fix: 'give each a name of its own by its id or the prop name.' };
    }
  },
};

/** Rules on the services that a graph calls and the objects beside it. */
export const SERVICE_RULES: ClusterRule[] = [NOT_CALLABLE, UNREADABLE, OTHER_MODE, SAME_NAME_AS_SERVICE];
