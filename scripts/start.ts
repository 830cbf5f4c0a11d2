/**
 * Synthesizes an example and prints what it made.
 *
 *   npm start                 the fraud-detection example
 *   npm start -- <example>    another one
 *   npm start -- --list       all of them
 */
import { readdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import { Diagnostics, InferenceService, ServingTarget } from 'cdk8s-kserve';
import { allExamples, Example, runExample } from './examples';

const DEFAULT = 'fraud-detection';

function main([name = DEFAULT]: string[]): number {
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
    console.error(`${name} is wrong, so nothing is written:\n\n${refused.join('\n') || String(error)}`);
    return 1;
  }
  console.log(`${name}: ${example.description}\n`);
  for (const app of apps) {
    app.charts.forEach((chart) => console.log(tableOf(chart)));
    console.log(warningsOf(app));
  }
  console.log(`\nWritten: ${readdirSync(outdir).map((file) => relative('', join(outdir, file))).join(', ')}`);
  return 0;
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
  const objects = chart.apiObjects;
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

/** What a reader wants to know of a service, and cannot see in its manifest. */
function detailsOf(object: ApiObject): [label: string, text: string][] {
  const service = object.node.scope;
  if (!(service instanceof InferenceService)) {
    return [];
  }
  const { runtime } = service.predictor;
  return [
    ['mode', service.deploymentMode],
    ['runtime', runtime === undefined ? 'a container of its own' : [runtime.name ?? 'not known', runtime.protocol].filter(Boolean).join(', protocol ')],
    ['outside', service.url ?? 'not reachable'],
    ['inside', service.internalUrl],
  ];
}

function warningsOf(app: App): string {
  const warnings = Diagnostics.of(app).warnings();
  return warnings.length === 0 ? 'No warnings.' : [
    `${warnings.length} warning${warnings.length > 1 ? 's' : ''}:`,
    ...warnings.map(({ code, construct, message, fix }) => `  ${code} ${construct}\n      ${message}\n      Fix: ${fix}`),
  ].join('\n');
}

process.exitCode = main(process.argv.slice(2));
