export * from './pins';
export * from './release';
