/** An InferenceGraph's `spec` as far as the router reads it. */
export interface RouterSpec {
  readonly nodes: { readonly [name: string]: RouterNode };
  readonly routerTimeouts?: { readonly serverWrite?: number; readonly serviceClient?: number };
  readonly timeout?: number;
}

/** A node of a graph in the manifest. */
export interface RouterNode {
  readonly routerType: string;
  readonly steps?: readonly RouterStep[];
}

/** A step of a node in the manifest. */
export interface RouterStep {
  readonly name?: string;
  readonly nodeName?: string;
  readonly serviceName?: string;
  readonly serviceUrl?: string;
  readonly data?: string;
  readonly mapPredictionsToInstances?: boolean;
  readonly weight?: number;
  readonly condition?: string;
  readonly dependency?: string;
}

/** Name of the node where every request begins. */
export const ROOT = 'root';

/** Seconds that a request may take unless `routerTimeouts.serverWrite` says otherwise. */
export const DEFAULT_SERVER_WRITE = 60;

/** What people call a step: its name, else its target, else its position. */
export function labelOf(step: RouterStep, index: number): string {
  return step.name || step.serviceName || step.nodeName || step.serviceUrl || `#${index}`;
}
