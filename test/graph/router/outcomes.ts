import { simulate } from '../../../src/graph/simulator/simulate';
import type { Simulation } from '../../../src/graph/simulation';
import type { SimulatedRequest, StepCall, StepResponse } from '../../../src/graph/simulation-props';
import type { RouterSpec } from '../../../src/graph/graph-spec';
import { Duration } from 'cdk8s';
import type { Call, ServicePlan } from './jobs';

/** One thing that the router may do with a request. */
export interface Possible {
  readonly answer: Simulation;
  readonly calls: Call[];
}

/** Draws at which some branch of the generated splitters begins; 100 exists before the splitter was fixed. */
const DRAWS = [0, 10, 25, 50, 100];
const MOST = 4000;

/** Everything that the simulator says the router may do, whatever chance decides; undefined if that is too much. */
export function possibleOutcomes(
  spec: RouterSpec, services: { [id: string]: ServicePlan }, request: SimulatedRequest, splitterExact: boolean, propagate: string[] = [],
): Possible[] | undefined {
  const found: Possible[] = [];
  const todo: number[][] = [[]];
  while (todo.length > 0) {
    if (found.length > MOST) {
      return undefined;
    }
    const choices = todo.pop()!;
    let used = 0;
    const random = (count: number) => {
      const options = count >= 100 ? DRAWS.filter((draw) => draw < count) : Array.from({ length: count }, (_, i) => i);
      if (used === choices.length) {
        options.slice(1).forEach((option) => todo.push([...choices, option]));
        choices.push(options[0]);
      }
      return choices[used++];
    };
    found.push(runOnce(spec, services, request, splitterExact, propagate, random));
  }
  return found;
}

function runOnce(
  spec: RouterSpec, services: { [id: string]: ServicePlan }, request: SimulatedRequest,
  splitterExact: boolean, propagatedHeaders: string[], random: (count: number) => number,
): Possible {
  const calls: Call[] = [];
  const handler = {
    handle(call: StepCall): StepResponse {
      const id = /^http:\/\/127\.0\.0\.1:9000\/(.+)$/.exec(call.target)?.[1];
      if (id === undefined) {
        return { failure: call.target.startsWith('http:') ? 'dial tcp 127.0.0.1:1: connect: connection refused' : 'unsupported protocol scheme ""' };
      }
      calls.push({ service: id, body: call.body, headers: lowerCase(call.headers) });
      const { status, body, delay, hangUp } = services[id];
      return { status, body, latency: Duration.millis(delay), ...hangUp && { failure: 'EOF' } };
    },
  };
  const answer = simulate(spec, request, { handler }, {
    splitterExact, knative: false, propagatedHeaders, urlOf: (name) => name, random,
  });
  return { answer, calls };
}

export function lowerCase(headers: { [name: string]: string }): { [name: string]: string } {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
