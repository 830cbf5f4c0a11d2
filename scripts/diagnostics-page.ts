/**
 * Writes docs/diagnostics.md from the rules and from the programs that the
 * tests run for each of them.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Rule } from '../src/diagnostics/rule';
import { RULES } from '../src/rules';
import { CASES } from '../test/diagnostics/cases';

const AREAS: [prefix: string, title: string][] = [
  ['KSV10', 'Target and diagnostics'],
  ['KSV11', 'Names'],
  ['KSV12', 'Models and their sources'],
  ['KSV13', 'Credentials'],
  ['KSV14', 'Components, resources, protocols'],
  ['KSV15', 'Scaling'],
  ['KSV16', 'Logging and batching'],
  ['KSV17', 'Runtimes'],
  ['KSV18', 'Trained models and storage containers'],
  ['KSV19', 'Deployment modes'],
  ['KSV20', 'Graphs'],
];

const WHO = {
  schema: 'refused by the CRD\'s schema',
  webhook: 'refused by a webhook',
  controller: 'refused or ignored by a controller',
  ours: 'known to this library only',
};
const WHEN = { synthesis: 'at synthesis', create: 'when the object is created', update: 'when the object is changed', runtime: 'at run time' };

function page(): string {
  const sections = AREAS.flatMap(([prefix, title]) => {
    const rules = RULES.filter(({ code }) => code.startsWith(prefix));
    return rules.length === 0 ? [] : [`## ${title}`, ...rules.map(section)];
  });
  return [INTRODUCTION, ...sections].join('\n\n') + '\n';
}

function section(rule: Rule): string {
  const { wrong, right } = CASES[rule.code];
  const facts = [
    `${rule.severity === 'error' ? 'Error' : 'Warning'}`,
    `${WHO[rule.origin]}, ${WHEN[rule.bites]}`,
    ...rule.mirrors === undefined ? [] : [`mirrors: ${rule.mirrors}`],
  ];
  return [
    `### ${rule.code}: ${rule.title}`,
    `${facts.join(' · ')}`,
    rule.explanation,
    `Wrong:\n\n\`\`\`ts\n${wrong.trim()}\n\`\`\``,
    `Right:\n\n\`\`\`ts\n${right.trim()}\n\`\`\``,
  ].join('\n\n');
}

const INTRODUCTION = `# Diagnostics

<!-- Written by \`npm run docs:diagnostics\` from the rules; change those. -->

Every finding has a code. Errors stop \`cdk8s synth\`, all of them at once;
warnings are printed and can be waived with a reason:

\`\`\`ts
Diagnostics.of(chart).waive('KSV1204', 'the bucket is versioned by the nightly job');
\`\`\`

\`Diagnostics.of(app).strict()\` makes warnings errors. \`Diagnostics.of(app).all()\`
gives all findings as data, without throwing. The programs below are run by the tests.`;

writeFileSync(join(__dirname, '..', 'docs', 'diagnostics.md'), page());
