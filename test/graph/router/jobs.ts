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
  /** How many calls to wait for, beyond the answer. */
  readonly expectedCalls: number;
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

export interface RealAnswer {
  /** 0 if the connection was closed. */
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
  readonly calls: Call[];
}

export interface JobResult {
  readonly answers: RealAnswer[];
  readonly error?: string;
}
