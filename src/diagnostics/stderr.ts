import { Finding } from './finding';
import { locate } from './finding-text';

const printed = new Set<string>();

/** Prints warnings to stderr, each once in the life of the process: cdk8s validates once per chart and once more. */
export function printOnce(warnings: Finding[]): void {
  for (const warning of warnings) {
    const text = `${locate(warning)}\n`;
    if (!printed.has(text)) {
      printed.add(text);
      process.stderr.write(text);
    }
  }
}
