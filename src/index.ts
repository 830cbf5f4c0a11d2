export * from './core';
export * from './diagnostics';
export * from './graph';
export * from './inference';
export * from './model';
export * from './release';
export * from './runtime';
export * from './target';
