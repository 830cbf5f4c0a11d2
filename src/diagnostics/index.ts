export * from './diagnostics';
export { Finding, Severity } from './finding';
