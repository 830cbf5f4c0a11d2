export * from './container-options';
export * from './derived-name';
export * from './derived-names';
export * from './generated/pod-spec';
export * from './resources';
