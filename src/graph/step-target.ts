import type { IInferenceService } from '../inference';
import type { GraphNode } from './graph-node';
import type { IInferenceGraph } from './i-inference-graph';

/** What a step leads to. */
export type StepTarget =
  | { readonly kind: 'service'; readonly service: IInferenceService }
  | { readonly kind: 'node'; readonly node: GraphNode }
  | { readonly kind: 'nodeName'; readonly name: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'graph'; readonly graph: IInferenceGraph };
