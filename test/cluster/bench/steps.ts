/** The times of a run, one line as each step ends and a table at its end. */
const taken: { label: string; seconds: number }[] = [];

const print = (line: string) => void process.stderr.write(`${line}\n`);

export function say(line: string): void {
  print(line);
}

/** Runs a step and prints how long it took, also when it fails. */
export async function step<T>(label: string, run: () => Promise<T> | T): Promise<T> {
  const start = performance.now();
  let outcome = 'failed after';
  try {
    const result = await run();
    outcome = '';
    return result;
  } finally {
    const seconds = (performance.now() - start) / 1000;
    taken.push({ label, seconds });
    print(`  ${label} ${'.'.repeat(Math.max(2, 56 - label.length))} ${outcome}${`${seconds.toFixed(1)} s`.padStart(8)}`);
  }
}

/** The longest steps, for the end of a run. */
export function printTimes(title: string): void {
  print(`\n${title}`);
  for (const { label, seconds } of taken) {
    print(`  ${label.padEnd(60)}${seconds.toFixed(1).padStart(8)} s`);
  }
}
