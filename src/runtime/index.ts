export * from './built-in-runtimes';
export * from './built-in-runtimes-props';
export * from './cluster-serving-runtime';
export * from './i-serving-runtime';
export * from './runtime-choice';
export * from './runtime-props';
export * from './server-type';
export * from './serving-runtime';
