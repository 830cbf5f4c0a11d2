import type { Duration } from 'cdk8s';

/** A request to a graph. */
export interface SimulatedRequest {
  /**
   * The body as a value, which becomes JSON.
   *
   * @default - see `body`
   */
  readonly json?: any;
  /**
   * The body as text, JSON or not.
   *
   * @default - the JSON of `json`; without that, no body
   */
  readonly body?: string;
  /**
   * Headers by name, in any case.
   *
   * @default - none
   */
  readonly headers?: { [name: string]: string };
}

/** How a service answers in a simulation. */
export interface StepResponse {
  /**
   * HTTP status.
   *
   * @default 200
   */
  readonly status?: number;
  /**
   * The body as a value, which becomes JSON.
   *
   * @default - see `body`
   */
  readonly json?: any;
  /**
   * The body as text, JSON or not.
   *
   * @default - the JSON of `json`; without that, no body
   */
  readonly body?: string;
  /**
   * Why there is no answer at all, such as `connection refused`.
   *
   * @default - there is one
   */
  readonly failure?: string;
  /**
   * How long the service takes.
   *
   * @default - what the options of the simulation say
   */
  readonly latency?: Duration;
}

/** A call of a step to its service, in a simulation. */
export interface StepCall {
  /** The node that the step belongs to. */
  readonly node: string;
  /** The step: its name, else its target. */
  readonly step: string;
  /** Name of the InferenceService, or the URL, that is called. */
  readonly target: string;
  /** The body that the service gets. */
  readonly body: string;
  /** The headers that the service gets, by their canonical names. */
  readonly headers: { [name: string]: string };
}

/** Answers the calls of a simulated graph in place of its services. */
export interface IStepHandler {
  /** The answer to a call. */
  handle(call: StepCall): StepResponse;
}

/** Options of `InferenceGraph.simulate`. */
export interface SimulateOptions {
  /**
   * What services answer, by `<node>/<step>`, by name of the step, or by name
   * or URL of the service; the first that is there counts.
   *
   * @default - see `handler`
   */
  readonly responses?: { [step: string]: StepResponse };
  /**
   * Answers the calls that `responses` does not.
   *
   * @default - such calls fail: nobody listens there
   */
  readonly handler?: IStepHandler;
  /**
   * Decides what the router leaves to chance: the draws of splitters, and which
   * of two results an ensemble sees first when both are there at once.
   *
   * @default 1
   */
  readonly seed?: number;
  /**
   * How long services take, by the same names as `responses`.
   *
   * @default - no time
   */
  readonly latencies?: { [step: string]: Duration };
  /**
   * Patterns of headers that the router passes on to steps, as regular
   * expressions on names such as `X-Request-Id` (`router.headers.propagate` of
   * KServe's ConfigMap).
   *
   * @default - what the target says
   */
  readonly propagatedHeaders?: string[];
}

/** What became of a step in a simulation. */
export interface StepTrace {
  /** The node that the step belongs to. */
  readonly node: string;
  /** The step: its name, else its target. */
  readonly step: string;
  /** What the step leads to: a node, an InferenceService, or a URL. */
  readonly target: string;
  /** Whether the step is a node, whose own steps follow. */
  readonly toNode: boolean;
  /** Whether the step ran. */
  readonly ran: boolean;
  /** Milliseconds from the request to the beginning of the step. */
  readonly startMillis: number;
  /**
   * Milliseconds that the step took.
   *
   * @default - it did not run
   */
  readonly durationMillis?: number;
  /**
   * The body that the step got.
   *
   * @default - it did not run
   */
  readonly request?: string;
  /**
   * The body that the step answered.
   *
   * @default - it did not answer
   */
  readonly response?: string;
  /**
   * The status that the step answered.
   *
   * @default - it did not answer
   */
  readonly status?: number;
  /**
   * Why the step did not run, or why it did not answer.
   *
   * @default - it answered
   */
  readonly reason?: string;
}
