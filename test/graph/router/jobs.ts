import type { RouterSpec } from '../../../src/graph/graph-spec';

/** How a service behaves. */
export interface ServicePlan {
  readonly status: number;
  readonly body: string;
  /** Milliseconds. */
  readonly delay: number;
  /** Closes the connection instead of answering. */
  readonly hangUp: boolean;
}

export interface PlannedRequest {
  readonly body: string;
  readonly headers: { [name: string]: string };
  /** The calls that may have come when all is done, each possibility as `callsOf` writes it. */
  readonly possibleCalls: readonly string[];
}

/** One graph and the requests to send to it. */
export interface Job {
  readonly router: string;
  readonly graph: RouterSpec;
  readonly propagate?: string[];
  readonly services: { [id: string]: ServicePlan };
  readonly requests: PlannedRequest[];
}

export interface Call {
  readonly service: string;
  readonly body: string;
  readonly headers: { [name: string]: string };
}

/** Which services were called how often, in whatever order. */
export function callsOf(calls: readonly Pick<Call, 'service'>[]): string {
  return calls.map(({ service }) => service).sort().join(' ');
}

export interface RealAnswer {
  /** 0 if the connection was closed. */
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
  readonly calls: Call[];
  /** Whether the router's process has ended. */
  readonly ended: boolean;
}

export interface JobResult {
  readonly answers: RealAnswer[];
  readonly error?: string;
}
