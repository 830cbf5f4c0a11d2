import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { measureAll } from './scenes';

/** `npm run bench -- [rounds] [seconds]`: writes docs/performance.md. */
async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 5);
  const seconds = Number(process.argv[3] ?? 3);
  const before = loadavg()[0]!;
  const figures = await measureAll(rounds, seconds, (line) => process.stderr.write(`${line}\n`));
  const table = [
    '| What | Placement | Target | Measured |',
    '| --- | --- | --- | --- |',
    ...figures.map(({ name, placement, target, value }) => `| ${name} | ${placement} | ${target} | ${value >= 100 ? Math.round(value) : value.toFixed(2)} |`),
  ].join('\n');
  process.stdout.write(`${table}\n`);
  writeFileSync(join(__dirname, '..', 'docs', 'performance.md'), `# Performance

Ratios within one run, medians of ${rounds} interleaved rounds of ${seconds} s each; \`npm run bench\` makes this page. ${availableParallelism()} cores shared by server and client, load average ${before.toFixed(1)} before the run (above 0 other programs took part of the cores, and ratios between one process and several are then too low).

${table}
`);
}

void main();
