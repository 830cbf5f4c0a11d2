import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NOTES, REPO } from './paths';

/** What a run has seen of one prop on one cluster. */
interface Row {
  readonly prop: string;
  readonly refused?: readonly string[];
  readonly warnings?: readonly string[];
  readonly changes: readonly string[];
}

/** What each cluster has shown, as the tests on it note it. */
export const VERIFIED = join(NOTES, 'verified');

/** Writes docs/verified.md from what the tests have seen since a moment (ms); unless that was on all clusters, nothing is written. */
export function writeVerified(clusters: readonly { readonly kserve: string; readonly mode: string }[], since: number): void {
  const files = clusters.map(({ kserve, mode }) => ({ title: `${kserve}, ${mode}`, file: join(VERIFIED, `${kserve}-${mode}.json`) }));
  if (!files.every(({ file }) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= since)) {
    return;
  }
  const columns = files.map(({ title, file }) => ({ title, rows: JSON.parse(readFileSync(file, 'utf8')) as Row[] }));
  const props = columns[0].rows.map(({ prop }) => prop);
  const lines = props.map((prop) => `| \`${prop}\` | ${columns.map(({ rows }) => cellOf(rows.find((row) => row.prop === prop))).join(' | ')} |`);
  writeFileSync(join(REPO, 'docs/verified.md'), `${[
    '# Verified on clusters',
    '',
    'Written by `npm run test:cluster`: what each prop changes in the objects that KServe\'s own controllers make, compared with the same service without it.',
    'A code in place of a field says that the library refuses the prop for that release and mode (error), or that it warns of having no effect (warning). `so in any case`: the prop asks for what this mode does anyway.',
    '',
    `| prop | ${columns.map(({ title }) => title).join(' | ')} |`,
    `| --- | ${columns.map(() => '---').join(' | ')} |`,
    ...lines,
  ].join('\n')}\n`);
}

/** The objects in which a change says most, before all others. */
const KINDS = ['Knative Service', 'Deployment', 'ScaledObject', 'HorizontalPodAutoscaler', 'HTTPRoute', 'VirtualService', 'Service'];

/** The field that says most of what changed. How many did depends on the moment, so it is not told: the page is the same after each run. */
function cellOf(row: Row | undefined): string {
  if (row === undefined) {
    return '';
  }
  if (row.refused !== undefined) {
    return `error ${[...new Set(row.refused)].join(', ')}`;
  }
  if (row.changes.length === 0) {
    const codes = [...new Set(row.warnings)];
    return codes.length > 0 ? `warning ${codes.join(', ')}` : 'so in any case';
  }
  const [first] = [...row.changes].sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
  return `\`${first.replace(/ \./, ' ').replaceAll('|', '\\|')}\``;
}

/** Specifications, then labels and annotations of pods, then those of objects and the status; in each by kind. */
function rankOf(change: string): number {
  const [, kind, path] = /^(.*?) (?:\(\w+\) )?\.(.*)/.exec(change)!;
  const part = !path.startsWith('spec') ? 2 : /^spec\.template\.metadata/.test(path) ? 1 : 0;
  return part * 100 + (KINDS.indexOf(kind) + 1 || 50);
}
