/**
 * Synthesizes an example and prints what it made.
 *
 *   npm start                 the fraud-detection example
 *   npm start -- <example>    another one
 *   npm start -- <example> --picture   and draws its graphs as SVG
 *   npm start -- --list       all of them
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import { allExamples, Example, runExample } from './examples';
import { Diagnostics, InferenceGraph, InferenceService, ServingTarget } from 'cdk8s-kserve';

const DEFAULT = 'fraud-detection';
const PICTURE = '--picture';

function main(args: string[]): number {
  const [name = DEFAULT] = args.filter((arg) => arg !== PICTURE);
  const examples = allExamples();
  if (name === '--list') {
    console.log(listOf(examples));
    return 0;
  }
  const example = examples.find((one) => one.name === name);
  if (example === undefined) {
    console.error(`There is no example '${name}'. These are there:\n\n${listOf(examples)}`);
    return 1;
  }

  const outdir = resolve(__dirname, '../out', name);
  rmSync(outdir, { recursive: true, force: true });
  const { apps, error } = silently(() => runExample(example, outdir));

  if (error !== undefined) {
    const refused = apps.map((app) => Diagnostics.of(app)).filter((diagnostics) => diagnostics.errors().length > 0);
    console.error(`${name} is wrong, so nothing is written:\n\n${refused.join('\n') || messageOf(error, example)}`);
    return 1;
  }
  console.log(`${name}: ${example.description}\n`);
  for (const app of apps) {
    app.charts.forEach((chart) => console.log(tableOf(chart)));
    console.log(warningsOf(app));
  }
  const files = readdirSync(outdir).map((file) => join(outdir, file));
  if (releasesOf(apps).size === 2 && files.length === 2) {
    console.log(`\nWhat the second release changes:\n\n${differences(...files.map(linesOf) as [string[], string[]])}`);
  }
  if (args.includes(PICTURE)) {
    files.push(...apps.flatMap((app) => picturesOf(app, outdir)));
  }
  console.log(`\nWritten: ${files.map((file) => relative('', file)).join(', ')}`);
  return 0;
}

/** Draws the graphs of an app. */
function picturesOf(app: App, outdir: string): string[] {
  return app.node.findAll().filter((construct) => construct instanceof InferenceGraph).map((graph) => {
    const file = join(outdir, `${graph.name}.svg`);
    writeFileSync(file, graph.toSvg());
    return file;
  });
}

/** What was thrown, and where in the program. */
function messageOf(error: unknown, { folder }: Example): string {
  const places = error instanceof Error ? error.stack?.split('\n').filter((line) => /^ +at /.test(line) && line.includes(folder)) : [];
  return [String(error), ...places ?? []].join('\n');
}

/** The library prints its warnings while it synthesizes; here they have a place of their own. */
function silently<T>(action: () => T): T {
  const { write } = process.stderr;
  process.stderr.write = () => true;
  try {
    return action();
  } finally {
    process.stderr.write = write;
  }
}

function listOf(examples: Example[]): string {
  const width = Math.max(...examples.map(({ name }) => name.length));
  return examples.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`).join('\n');
}

function tableOf(chart: Chart): string {
  const target = ServingTarget.of(chart);
  const objects = chart.node.findAll().filter((construct) => ApiObject.isApiObject(construct)) as ApiObject[];
  const rows = objects.map((object) => ({
    cells: [object.kind, object.name, object.metadata.namespace ?? '-'],
    details: detailsOf(object),
  }));
  const headings = ['KIND', 'NAME', 'NAMESPACE'];
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map(({ cells }) => cells[i].length)));
  const line = (cells: string[]) => cells.map((cell, i) => cell.padEnd(widths[i])).join('   ').trimEnd();
  return [
    `${chart.node.id}, for KServe ${target.release.version}`,
    '',
    ...[{ cells: headings, details: [] }, ...rows].flatMap(({ cells, details }) => [
      `  ${line(cells)}`,
      ...details.map(([label, text]) => `     ${label.padEnd(9)} ${text}`),
    ]),
    '',
  ].join('\n');
}

/** What a reader wants to know of an object that takes requests, and cannot see in its manifest. */
function detailsOf(object: ApiObject): [label: string, text: string][] {
  if (object instanceof InferenceService) {
    return [['mode', object.deploymentMode], ['runtime', runtimeOf(object)], ...addressesOf(object)];
  }
  if (object instanceof InferenceGraph) {
    return [['mode', object.deploymentMode], ...addressesOf(object)];
  }
  return [];
}

function runtimeOf({ predictor: { runtime } }: InferenceService): string {
  return runtime === undefined ? 'a container of its own' : [runtime.name ?? 'not known', runtime.protocol].filter(Boolean).join(', protocol ');
}

function addressesOf({ url, internalUrl }: InferenceService | InferenceGraph): [label: string, text: string][] {
  return [['outside', url ?? 'not reachable'], ['inside', internalUrl]];
}

function releasesOf(apps: App[]): Set<string> {
  return new Set(apps.flatMap((app) => app.charts).map((chart) => ServingTarget.of(chart).release.version));
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

/** The lines that only one of two files has, by their longest common subsequence. */
function differences(before: string[], after: string[]): string {
  const common = before.map(() => after.map(() => 0));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i][j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: string[] = [];
  for (let i = 0, j = 0; i < before.length || j < after.length;) {
    if (before[i] === after[j]) {
      i++;
      j++;
    } else if (j >= after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push(`  - ${before[i++]}`);
    } else {
      lines.push(`  + ${after[j++]}`);
    }
  }
  return lines.join('\n');
}

function warningsOf(app: App): string {
  const warnings = Diagnostics.of(app).warnings();
  return warnings.length === 0 ? 'No warnings.' : [
    `${warnings.length} warning${warnings.length > 1 ? 's' : ''}:`,
    ...warnings.map(({ code, construct, message, fix }) => `  ${code} ${construct}\n      ${message}\n      Fix: ${fix}`),
  ].join('\n');
}

process.exitCode = main(process.argv.slice(2));
