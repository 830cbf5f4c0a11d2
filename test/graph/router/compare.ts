import { Call, callsOf, Job, RealAnswer } from './jobs';
import { Possible, possibleOutcomes, lowerCase } from './outcomes';
import type { RouterRooms } from './real-router';
import type { Scenario } from './arbitrary';

/** What a comparison gave. */
export interface Comparison {
  /** Requests whose answers were compared. */
  readonly compared: number;
  /** Requests with more possible outcomes than can be listed. */
  readonly skipped: number;
  /** How many outcomes the simulator allowed, over all requests. */
  readonly possible: number;
  readonly differences: string[];
}

/** Sends the requests of a scenario to the real router and looks for its answers among the possible ones. */
export async function compare(rooms: RouterRooms, router: string, splitterExact: boolean, scenario: Scenario): Promise<Comparison> {
  const { spec, services, propagate } = scenario;
  // an environment variable that is there but empty is one pattern that matches every name
  const patterns = propagate !== undefined && propagate.length === 0 ? [''] : propagate;
  const requests = scenario.requests.flatMap((request) => {
    const possible = possibleOutcomes(spec, services, request, splitterExact, patterns);
    return possible === undefined ? [] : [{ request, possible }];
  });
  const job: Job = {
    router,
    graph: spec,
    propagate,
    services,
    requests: requests.map(({ request, possible }) => ({
      body: request.body, headers: request.headers, possibleCalls: [...new Set(possible.map(({ calls }) => callsOf(calls)))],
    })),
  };
  const { answers, error } = await rooms.run(job);
  const differences = error === undefined ? [] : [`${error}: ${JSON.stringify(spec)}`];
  answers.forEach((real, i) => {
    const { request, possible } = requests[i];
    const cut = real.ended && possible.some(({ answer }) => answer.failure?.endsWith(ENDS_PROCESS));
    if (!possible.some((one) => agree(one, real, spec, cut))) {
      differences.push(JSON.stringify({ spec, services, request, patterns, real, possible: possible.slice(0, 3).map(shown) }, undefined, 1));
    }
  });
  return {
    compared: answers.length,
    skipped: scenario.requests.length - requests.length,
    possible: requests.reduce((sum, { possible }) => sum + possible.length, 0),
    differences,
  };
}

/** How the simulator ends what it says of a crash. */
const ENDS_PROCESS = "this ends the router's process and all requests in it";

/** `cut`: a member of an ensemble ended the process, maybe after another member's error had been answered and before all calls were made. */
function agree({ answer, calls }: Possible, real: RealAnswer, spec: Scenario['spec'], cut: boolean): boolean {
  return answer.status === real.status
    && answer.body === real.body
    && (answer.headers['Content-Type'] ?? '') === real.contentType
    && (answer.status === 0 || callsAgree(calls, real.calls, Object.values(spec.nodes).some(({ routerType }) => routerType === 'Ensemble'), cut));
}

const OF_NODE = new Set(['host', 'user-agent', 'content-length', 'accept-encoding', 'connection', 'transfer-encoding']);

/** Calls in order, or in any order where members of an ensemble run side by side. */
function callsAgree(expected: Call[], real: Call[], anyOrder: boolean, cut: boolean): boolean {
  const texts = (calls: Call[]) => calls.map(({ service, body, headers }) => JSON.stringify([
    service, body, Object.entries(lowerCase(headers)).filter(([name]) => !OF_NODE.has(name)).sort(([a], [b]) => a < b ? -1 : 1),
  ]));
  const [a, b] = [texts(expected), texts(real)].map((list) => anyOrder ? list.sort() : list);
  return cut ? isPart(b, a) : a.length === b.length && a.every((text, i) => text === b[i]);
}

/** Whether all of `some` are among `all`, each as often. */
function isPart(some: string[], all: string[]): boolean {
  const left = [...all];
  return some.every((text) => left.includes(text) && left.splice(left.indexOf(text), 1));
}

function shown({ answer, calls }: Possible): object {
  return { status: answer.status, body: answer.body, headers: answer.headers, failure: answer.failure, calls };
}
