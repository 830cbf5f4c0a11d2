export * from './condition';
export { GraphNode, GraphNodeOptions } from './graph-node';
export * from './inference-graph';
export * from './inference-graph-props';
export { Simulation } from './simulation';
export * from './simulation-props';
export { IInferenceGraph, OnError, Step, StepInput, StepOptions } from './step';
