import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, REPO } from './paths';

/** What a run has seen of one prop on one cluster. */
interface Row {
  readonly prop: string;
  readonly refused?: readonly string[];
  readonly warnings?: readonly string[];
  readonly changes: readonly string[];
}

const FOLDER = join(CACHE, 'verified');

/** Writes docs/verified.md from what the tests of all clusters have seen; without one of them nothing is written. */
export function writeVerified(clusters: readonly { readonly kserve: string; readonly mode: string }[]): void {
  const files = clusters.map(({ kserve, mode }) => ({ title: `${kserve}, ${mode}`, file: join(FOLDER, `${kserve}-${mode}.json`) }));
  if (!files.every(({ file }) => existsSync(file))) {
    return;
  }
  const columns = files.map(({ title, file }) => ({ title, rows: JSON.parse(readFileSync(file, 'utf8')) as Row[] }));
  const props = columns[0].rows.map(({ prop }) => prop);
  const lines = props.map((prop) => `| \`${prop}\` | ${columns.map(({ rows }) => cellOf(rows.find((row) => row.prop === prop))).join(' | ')} |`);
  writeFileSync(join(REPO, 'docs/verified.md'), `${[
    '# Verified on clusters',
    '',
    'Written by `npm run test:cluster`: what each prop changes in the objects that KServe\'s own controllers make, compared with the same service without it.',
    'A code in place of a field says that the library refuses the prop for that release and mode (error), or that it warns of having no effect (warning).',
    '',
    `| prop | ${columns.map(({ title }) => title).join(' | ')} |`,
    `| --- | ${columns.map(() => '---').join(' | ')} |`,
    ...lines,
    '',
    '## What stays behind',
    '',
    'Seen in all of them: KServe deletes nothing that a change of a live service makes superfluous. Delete these by hand, or delete the service and apply it anew:',
    '',
    '- the Deployment, Service, HorizontalPodAutoscaler and HTTPRoute (in Knative mode the Knative Service) of a transformer or explainer that the program no longer has;',
    '- the HorizontalPodAutoscaler of a component that changed to KEDA; both would scale it.',
  ].join('\n')}\n`);
}

/** The first field that changed: those of specifications before labels and annotations, those of workloads before those of pods. */
function cellOf(row: Row | undefined): string {
  if (row === undefined) {
    return '';
  }
  if (row.refused !== undefined) {
    return `error ${[...new Set(row.refused)].join(', ')}`;
  }
  if (row.changes.length === 0) {
    return `warning ${[...new Set(row.warnings)].join(', ')}`;
  }
  const rank = (change: string) => (/ \.spec/.test(change) ? 0 : 2) + (change.startsWith('Pod ') ? 1 : 0);
  const [first, ...others] = [...row.changes].sort((a, b) => rank(a) - rank(b));
  return `\`${first.replace(/ \./, ' ').replaceAll('|', '\\|')}\`${others.length > 0 ? ` and ${others.length} more` : ''}`;
}
