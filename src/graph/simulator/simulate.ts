import { DEFAULT_SERVER_WRITE, labelOf, RouterSpec, RouterStep } from '../graph-spec';
import { Simulation } from '../simulation';
import { SimulatedRequest, SimulateOptions, StepCall, StepResponse, StepTrace } from '../simulation-props';
import { goString, goValid } from './go-json';
import { compilePatterns, headersForStep, sniffedType } from './headers';
import { seeded } from './random';
import { Outcome, Router, RouterCall, RouterReply, StepRecord } from './router';

/** What a simulation needs to know of the cluster. */
export interface Surroundings {
  readonly splitterExact: boolean;
  /** Whether a Knative proxy in front of the router keeps the graph's `timeout`. */
  readonly knative: boolean;
  readonly propagatedHeaders: readonly string[];
  /** The URL that the controller will write for a service name. */
  urlOf(serviceName: string): string;
  /** Overrides the seeded source. */
  readonly random?: (count: number) => number;
}

/** Seconds that Knative allows a request unless the graph says otherwise. */
const KNATIVE_TIMEOUT = 300;

/** Runs one request through a graph. */
export function simulate(spec: RouterSpec, request: SimulatedRequest, options: SimulateOptions, surroundings: Surroundings): Simulation {
  const headers = headersForStep(request.headers ?? {}, compilePatterns(options.propagatedHeaders ?? surroundings.propagatedHeaders));
  const clientTimeout = (spec.routerTimeouts?.serviceClient || Infinity) * 1000;
  const router = new Router(spec, {
    splitterExact: surroundings.splitterExact,
    random: surroundings.random ?? seeded(options.seed ?? 1),
    call: (call) => reply(call, headers, options, clientTimeout, surroundings),
  });
  const outcome = router.run(textOf(request));
  const trace = router.records.map((record, order) => ({ record, order }))
    .sort((a, b) => a.record.at - b.record.at || a.order - b.order)
    .map(({ record }) => traced(record));
  return Simulation._of({ ...answer(limited(outcome, spec, surroundings)), trace });
}

function reply(
  call: RouterCall, headers: { [name: string]: string }, options: SimulateOptions, timeout: number, surroundings: Surroundings,
): RouterReply {
  const names = namesOf(call);
  const step = labelOf(call.step, call.index);
  const target = call.step.serviceName || call.step.serviceUrl || '';
  const known: StepCall = { node: call.node, step, target, body: call.body, headers: { ...headers } };
  const response: StepResponse = pick(options.responses, names) ?? options.handler?.handle(known)
    ?? { failure: `dial tcp: nobody answers for '${step}' in this simulation` };
  const latency = (response.latency ?? pick(options.latencies, names))?.toMilliseconds() ?? 0;
  const post = `Post "${call.step.serviceUrl || surroundings.urlOf(call.step.serviceName ?? '')}": `;
  if (latency >= timeout) {
    return { status: 500, body: '', latency: timeout, failure: `${post}context deadline exceeded (Client.Timeout exceeded while awaiting headers)` };
  }
  if (response.failure !== undefined) {
    return { status: 500, body: '', latency, failure: post + response.failure };
  }
  const status = response.status ?? 200;
  return { status, body: hasBody(status) ? textOf(response) : '', latency };
}

function namesOf({ node, step, index }: RouterCall): string[] {
  const label = labelOf(step, index);
  return [`${node}/${label}`, label, step.serviceName, step.serviceUrl].filter((name) => name !== undefined);
}

function pick<T>(values: { [name: string]: T } | undefined, names: string[]): T | undefined {
  const name = values && names.find((candidate) => Object.hasOwn(values, candidate));
  return name === undefined ? undefined : values![name];
}

function textOf({ json, body }: { readonly json?: any; readonly body?: string }): string {
  const text = body ?? (json === undefined ? '' : JSON.stringify(json));
  return /[\ud800-\udfff]/.test(text) ? Buffer.from(text).toString() : text; // halves of pairs do not travel
}

function hasBody(status: number): boolean {
  return status >= 200 && status !== 204 && status !== 304;
}

/** Ends what takes longer than the servers allow. */
function limited(outcome: Outcome, spec: RouterSpec, { knative }: Surroundings): Outcome {
  const write = (spec.routerTimeouts?.serverWrite ?? DEFAULT_SERVER_WRITE) * 1000 || Infinity;
  const proxy = knative ? (spec.timeout ?? KNATIVE_TIMEOUT) * 1000 : Infinity;
  if (outcome.at >= Math.min(write, proxy)) {
    return proxy < write
      ? { kind: 'answer', status: 504, body: 'request timeout', at: proxy }
      : { kind: 'crash', cause: `the answer took ${outcome.at} ms, longer than routerTimeouts.serverWrite (${write / 1000} s)`, at: outcome.at, process: false };
  }
  return outcome;
}

function answer(outcome: Outcome): { status: number; body: string; headers: { [name: string]: string }; millis: number; failure?: string } {
  const millis = outcome.at;
  switch (outcome.kind) {
    case 'answer': {
      if (outcome.status < 200 || outcome.status > 999) {
        return { status: 0, body: '', headers: {}, millis, failure: `${outcome.status} is no status to answer with: a sequence without steps was the last to run` };
      }
      const body = hasBody(outcome.status) ? outcome.body : '';
      const type = goValid(outcome.body) ? 'application/json' : sniffedType(body);
      return { status: outcome.status, body, headers: type === undefined ? {} : { 'Content-Type': type }, millis };
    }
    case 'error': return {
      status: outcome.status,
      body: `{"error":"Failed to process request","cause":${goString(outcome.cause)}}`,
      headers: { 'Content-Type': 'application/json' },
      millis,
      failure: outcome.cause,
    };
    case 'crash': return {
      status: 0,
      body: '',
      headers: {},
      millis,
      failure: outcome.process ? `${outcome.cause}; this ends the router's process and all requests in it` : outcome.cause,
    };
  }
}

function traced({ node, step, index, at, duration, input, output, status, reason }: StepRecord): StepTrace {
  return {
    node,
    step: labelOf(step, index),
    target: target(step),
    toNode: Boolean(step.nodeName),
    ran: duration !== undefined,
    startMillis: at,
    durationMillis: duration,
    request: input,
    response: output,
    status,
    reason,
  };
}

function target(step: RouterStep): string {
  return step.nodeName || step.serviceName || step.serviceUrl || '';
}
