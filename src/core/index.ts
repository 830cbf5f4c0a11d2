export * from './container-options';
export * from './derived-names';
export * from './derived-names-props';
export * from './generated/pod-spec';
export * from './resources';
