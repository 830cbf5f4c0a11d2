import { MisuseError } from '../diagnostics/misuse';
import { UNREACHED_STEP } from './simulation-rules';
import type { SimulationFields } from './simulation-fields';
import { StepTrace } from './simulation-props';

/**
 * What a graph answered in a simulation, and how it came to it.
 *
 * @example
 * const graph = new InferenceGraph(chart, 'pets', {
 *   root: GraphNode.sequence([
 *     Step.toUrl('http://classifier.pets/', { name: 'classify' }),
 *     Step.toUrl('http://breeds.pets/', { name: 'breed' }),
 *   ]),
 * });
 * const answer = graph.simulate({ json: { instances: [[1, 2]] } }, {
 *   responses: { classify: { json: { predictions: ['dog'] } }, breed: { json: { predictions: ['beagle'] } } },
 * });
 * console.log(answer.status, answer.json.predictions, answer.calls); // 200 [ 'beagle' ] [ 'classify', 'breed' ]
 */
export class Simulation {
  /**
   * @internal
   */
  static _of(fields: SimulationFields): Simulation {
    return new Simulation(fields);
  }

  /** HTTP status; 0 if the connection was closed without an answer. */
  readonly status: number;
  /** The body. */
  readonly body: string;
  /** The headers that the router sets. */
  readonly headers: { [name: string]: string };
  /** How long the answer took. */
  readonly millis: number;
  /** Why the router gave up, if it did: the cause in its error body, or why it closed the connection. */
  readonly failure?: string;
  /** All steps of the nodes that were reached, those that did not run too, in order of time. */
  readonly trace: StepTrace[];

  private constructor(fields: SimulationFields) {
    this.status = fields.status;
    this.body = fields.body;
    this.headers = fields.headers;
    this.millis = fields.millis;
    this.failure = fields.failure;
    this.trace = fields.trace;
  }

  /** The body as a value; undefined if it is not JSON. */
  get json(): any {
    try {
      return JSON.parse(this.body);
    } catch {
      return undefined;
    }
  }

  /** The services that were called, by the names of their steps, in order. */
  get calls(): string[] {
    return this.trace.filter(({ ran, toNode }) => ran && !toNode).map(({ step }) => step);
  }

  /**
   * What became of a step.
   *
   * @param name name of the step, or `<node>/<step>`
   * @throws when no node that was reached has such a step
   */
  stepNamed(name: string): StepTrace {
    const found = this.trace.find(({ node, step }) => step === name || `${node}/${step}` === name);
    if (found === undefined) {
      const reached = this.trace.map((one) => `${one.node}/${one.step}`).join(', ');
      throw new MisuseError(UNREACHED_STEP, `no step '${name}' was reached in the simulation.`,
        reached === '' ? 'look at `failure`: no step was reached.' : `ask for one of ${reached}.`);
    }
    return found;
  }

  /** The trace as text, one line for each step, and the answer. */
  toString(): string {
    const lines = this.trace.map(({ node, step, ran, startMillis, durationMillis, status, reason }) => {
      const what = ran ? `${status ?? 'no answer'}${reason === undefined ? '' : ` (${reason})`}, ${durationMillis} ms` : `not run: ${reason}`;
      return `${String(startMillis).padStart(6)} ms  ${node}/${step}: ${what}`;
    });
    return [...lines, `${String(this.millis).padStart(6)} ms  ${this.status === 0 ? `closed: ${this.failure}` : `${this.status} ${this.body}`}`].join('\n');
  }
}
