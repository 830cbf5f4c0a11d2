import { labelOf, ROOT, RouterNode, RouterSpec, RouterStep } from '../graph-spec';
import { asGoMap, predictionsAsInstances } from './go-json';
import { JsonNode, readJson } from './json';
import { valueAt } from './path';

/** One call of a step to its service. */
export interface RouterCall {
  readonly node: string;
  readonly step: RouterStep;
  readonly index: number;
  readonly body: string;
  /** Milliseconds since the request came in. */
  readonly at: number;
}

/** How a service answered a call, or why it did not. */
export interface RouterReply {
  readonly status: number;
  readonly body: string;
  /** The reason why there is no answer. */
  readonly failure?: string;
  /** Milliseconds until the answer, or until the failure. */
  readonly latency: number;
}

/** What the router cannot decide by itself. */
export interface RouterWorld {
  /** Whether every draw of a splitter finds a branch. */
  readonly splitterExact: boolean;
  call(call: RouterCall): RouterReply;
  /** A whole number from 0 to `count` - 1. */
  random(count: number): number;
}

/** What became of one step of one run of a node. */
export interface StepRecord {
  readonly node: string;
  readonly step: RouterStep;
  readonly index: number;
  readonly at: number;
  /** Milliseconds; undefined for a step that did not run. */
  duration?: number;
  input?: string;
  output?: string;
  status?: number;
  /** Why it did not run, or why it gave no answer. */
  reason?: string;
}

/** The end of a node or step: an answer, an error of the router, or a crash. */
export type Outcome =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string; readonly at: number }
  | { readonly kind: 'error'; readonly status: number; readonly cause: string; readonly at: number }
  | { readonly kind: 'crash'; readonly cause: string; readonly at: number; readonly process: boolean };

const NO_ROUTE = 'no route was selected by the splitter';
const NO_BRANCH = 'None of the routes matched with the switch condition';
const NOT_JSON = 'invalid response';

/** Nodes within nodes; in practice only a cycle gets there. */
const DEEPEST = 400;

/** Ends the whole run: with several steps at each turn it would take for ever to come back. */
class Endless extends Error {
  constructor(readonly outcome: Outcome) {
    super();
  }
}

/** KServe's router: evaluates a graph for one request, in virtual time. */
export class Router {
  readonly records: StepRecord[] = [];
  private depth = 0;
  private readonly read = new Map<string, JsonNode | undefined>();

  constructor(private readonly spec: RouterSpec, private readonly world: RouterWorld) {}

  run(body: string): Outcome {
    try {
      return this.node(ROOT, body, 0);
    } catch (error) {
      if (error instanceof Endless) {
        return error.outcome;
      }
      throw error;
    }
  }

  private node(name: string, input: string, at: number): Outcome {
    if (this.depth === DEEPEST) {
      throw new Endless({ kind: 'crash', cause: `node '${name}' calls itself without end`, at, process: true });
    }
    this.depth++;
    const node = Object.hasOwn(this.spec.nodes, name) ? this.spec.nodes[name] : undefined;
    const outcome = this.routed(name, node, input, at);
    this.depth--;
    return outcome;
  }

  private routed(name: string, node: RouterNode | undefined, input: string, at: number): Outcome {
    switch (node?.routerType) {
      case 'Sequence': return this.sequence(name, node.steps ?? [], input, at);
      case 'Switch': return this.switch(name, node.steps ?? [], input, at);
      case 'Splitter': return this.splitter(name, node.steps ?? [], input, at);
      case 'Ensemble': return this.ensemble(name, node.steps ?? [], input, at);
      default: return { kind: 'error', status: 500, cause: `invalid route type: ${node?.routerType ?? ''}`, at };
    }
  }

  private sequence(node: string, steps: readonly RouterStep[], input: string, at: number): Outcome {
    let last = { status: 0, body: '' }; // what a sequence without steps ends with
    let now = at;
    for (const [index, step] of steps.entries()) {
      let request = step.data === '$response' && index > 0 ? last.body : input;
      if (step.mapPredictionsToInstances) {
        request = predictionsAsInstances(request) ?? request;
      }
      if (step.condition) {
        const previous = this.parsed(last.body);
        if (previous === undefined) {
          this.skip(node, steps, index, now, index === 0 ? 'the first step of a sequence has no previous answer to look at' : 'the previous answer is not JSON');
          return { kind: 'error', status: 500, cause: NOT_JSON, at: now };
        }
        if (valueAt(previous, step.condition) === undefined) {
          this.skip(node, steps, index, now, 'its condition does not hold for the previous answer', 'the sequence stopped before it');
          return { kind: 'answer', status: 200, body: last.body, at: now };
        }
      }
      const outcome = this.step(node, step, index, request, now);
      if (outcome.kind !== 'answer') {
        this.skip(node, steps, index + 1, outcome.at, `'${labelOf(step, index)}' failed`);
        return fromChild(outcome);
      }
      now = outcome.at;
      last = outcome;
      if (step.dependency === 'Hard' && !isSuccess(outcome.status)) {
        this.skip(node, steps, index + 1, now, `'${labelOf(step, index)}' answered ${outcome.status}`);
        return outcome;
      }
    }
    return { kind: 'answer', status: last.status, body: last.body, at: now };
  }

  private switch(node: string, steps: readonly RouterStep[], input: string, at: number): Outcome {
    const body = this.parsed(input);
    const chosen = body === undefined ? -1 : steps.findIndex(({ condition }) => valueAt(body, condition ?? '') !== undefined);
    for (const [index, step] of steps.entries()) {
      if (index !== chosen) {
        const reason = chosen >= 0 && index > chosen ? `'${labelOf(steps[chosen], chosen)}' was taken` : 'its condition does not hold for the request';
        this.records.push({ node, step, index, at, reason: body === undefined ? 'the request is not JSON' : reason });
      }
    }
    return chosen < 0
      ? { kind: 'error', status: 404, cause: NO_BRANCH, at }
      : fromChild(this.step(node, steps[chosen], chosen, input, at));
  }

  private splitter(node: string, steps: readonly RouterStep[], input: string, at: number): Outcome {
    const draw = this.world.random(this.world.splitterExact ? 100 : 101);
    let end = 0;
    const chosen = steps.findIndex(({ weight }) => draw < (end += weight ?? 0));
    for (const [index, step] of steps.entries()) {
      if (index !== chosen) {
        this.records.push({ node, step, index, at, reason: `the draw was ${draw}` });
      }
    }
    if (chosen >= 0) {
      return fromChild(this.step(node, steps[chosen], chosen, input, at));
    }
    return this.world.splitterExact
      ? { kind: 'error', status: 500, cause: NO_ROUTE, at }
      : { kind: 'crash', cause: `splitter '${node}' drew ${draw}, for which there is no branch`, at, process: false };
  }

  private ensemble(node: string, steps: readonly RouterStep[], input: string, at: number): Outcome {
    const members = steps.map((step, index) => asMember(this.step(node, step, index, input, at)));
    const crash = members.filter((member) => member.kind === 'crash').sort((a, b) => a.at - b.at)[0];
    if (crash !== undefined) {
      return { ...crash, process: true }; // outside the request's own goroutine nothing catches it
    }
    const errors = members.filter((member) => member.kind === 'error').sort((a, b) => a.at - b.at);
    const first = errors.filter(({ at: when }) => when === errors[0].at);
    const error = first.length > 1 ? first[this.world.random(first.length)] : errors[0];
    const merged = new Map<string, string>();
    let now = at;
    for (const [index, member] of members.entries()) {
      const own = member.kind === 'answer' ? member.at : Infinity;
      const taken = error !== undefined && this.errorFirst(own, error.at, now) ? error : member;
      now = Math.max(now, taken.at);
      if (taken.kind !== 'answer') {
        return { ...fromChild(taken), at: now };
      }
      if (!isSuccess(taken.status) && steps[index].dependency === 'Hard') {
        return { ...taken, at: now };
      }
      merged.set(steps[index].name || String(index), taken.body);
    }
    const fields = [...merged].map(([key, body]) => `${JSON.stringify(key)}:${body}`).join(',');
    const answer = asGoMap(`{${fields}}`);
    return { kind: 'answer', status: 200, body: 'text' in answer ? answer.text : '', at: now };
  }

  /** Whether an ensemble that waits for a member hears of another's error first; when both are there, the router picks one. */
  private errorFirst(member: number, error: number, now: number): boolean {
    return Math.max(member, now) === Math.max(error, now) ? this.world.random(2) === 1 : error < member;
  }

  private step(node: string, step: RouterStep, index: number, input: string, at: number): Outcome {
    const record: StepRecord = { node, step, index, at, input };
    this.records.push(record);
    const outcome = step.nodeName ? this.node(step.nodeName, input, at) : this.service(node, step, index, input, at);
    record.duration = outcome.at - at;
    if (outcome.kind === 'answer') {
      record.status = outcome.status;
      record.output = outcome.body;
    } else {
      record.reason = outcome.cause;
    }
    return outcome;
  }

  private service(node: string, step: RouterStep, index: number, body: string, at: number): Outcome {
    const reply = this.world.call({ node, step, index, body, at });
    const end = at + reply.latency;
    return reply.failure === undefined
      ? { kind: 'answer', status: reply.status, body: reply.body, at: end }
      : { kind: 'error', status: 500, cause: reply.failure, at: end };
  }

  private skip(node: string, steps: readonly RouterStep[], from: number, at: number, reason: string, later = reason): void {
    for (let index = from; index < steps.length; index++) {
      this.records.push({ node, step: steps[index], index, at, reason: index === from ? reason : later });
    }
  }

  private parsed(body: string): JsonNode | undefined {
    if (!this.read.has(body)) {
      const reading = readJson(body);
      this.read.set(body, 'root' in reading ? reading.root : undefined);
    }
    return this.read.get(body);
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** Whatever status an inner node failed with, the outer one fails with 500. */
function fromChild(outcome: Outcome): Outcome {
  return outcome.kind === 'error' ? { ...outcome, status: 500 } : outcome;
}

/** A member of an ensemble must answer with a JSON object or null. */
function asMember(outcome: Outcome): Outcome {
  if (outcome.kind !== 'answer') {
    return outcome;
  }
  const read = asGoMap(outcome.body);
  return 'text' in read
    ? { ...outcome, body: read.text }
    : { kind: 'error', status: 500, cause: read.error, at: outcome.at };
}
