import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Effort, Figure, reached, tableOf } from './figure';
import { image } from './scenes/image';
import { liveness } from './scenes/liveness';
import { peers } from './scenes/peers';
import { scanner } from './scenes/scanner';
import { tensors } from './scenes/tensors';

const SCENES: { readonly [name: string]: (effort: Effort) => Promise<Figure[]> } = { peers, tensors, scanner, liveness, image };

const USAGE = `Measures the server against others and against itself, all in one run.

  npm run bench -w kserve-model-server -- [options]

  --quick          short slices and few rounds: to see that it works, not to quote
  --only SCENES    some of ${Object.keys(SCENES).join(',')}
  --write          writes docs/performance.md
`;

const FULL = { rounds: 7, seconds: 1, memorySeconds: 60 };
const QUICK = { rounds: 2, seconds: 0.5, memorySeconds: 5 };

function page(figures: readonly Figure[], effort: Effort, loadBefore: number): string {
  const gib = (totalmem() / 2 ** 30).toFixed(0);
  return `# Performance

\`npm run bench -w kserve-model-server -- --write\` makes this page. All of it is one run: contestants take turns in slices of ${effort.seconds} s, a ratio is the median of ${effort.rounds} rounds. Load comes from a process of its own on the same cores, by raw sockets: it sends prepared bytes and counts replies. Liveness is probed by one more process, which gets a core before all others (SCHED_FIFO): a prober elsewhere would not wait for the server's cores. FastAPI and MLServer run with their defaults, one worker each, and answer the same model.

Measured on ${new Date().toISOString().slice(0, 10)}: ${availableParallelism()} cores of ${cpus()[0]!.model.trim()}, ${gib} GiB, Linux, Node.js ${process.versions.node}; load average before the run ${loadBefore.toFixed(1)} (other programs make ratios between one process and several too low).

${tableOf(figures)}
`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string' }, write: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return;
  }
  const names = values.only?.split(',') ?? Object.keys(SCENES);
  const unknown = names.find((name) => !Object.hasOwn(SCENES, name));
  if (unknown !== undefined) {
    throw new Error(`--only names '${unknown}'; there are ${Object.keys(SCENES).join(', ')}`);
  }
  if (values.write === true && (values.quick === true || values.only !== undefined)) {
    throw new Error('--write needs a full run: leave out --quick and --only');
  }
  const loadBefore = loadavg()[0]!;
  const effort: Effort = { ...(values.quick === true ? QUICK : FULL), log: (line) => process.stderr.write(`${line}\n`) };
  const figures: Figure[] = [];
  for (const name of names) {
    figures.push(...await SCENES[name]!(effort));
  }
  // what has a goal first
  figures.sort((a, b) => Number(a.goal === undefined) - Number(b.goal === undefined));
  process.stdout.write(`${tableOf(figures)}\n`);
  if (values.write === true) {
    writeFileSync(join(__dirname, '..', 'docs', 'performance.md'), page(figures, effort, loadBefore));
  }
  const missed = figures.filter((figure) => reached(figure) === false);
  process.stderr.write(missed.length === 0 ? 'every goal that was measured is reached\n' : `missed: ${missed.map(({ name, placement }) => `${name} (${placement})`).join('; ')}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
});
