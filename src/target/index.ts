export * from './cluster-components';
export * from './deployment-mode';
export * from './ingress';
export * from './protocol';
export * from './runtime-facts';
export * from './serving-target';
export * from './serving-target-props';
