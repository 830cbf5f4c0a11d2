import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { synth } from './support/manifests';
import { compiled, ROOT, Snippet, snippetsOf, typeErrors } from './support/snippets';
import { Diagnostics } from 'cdk8s-kserve';

const PAGES = [
  'README.md', 'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md') && file !== 'diagnostics.md').map((file) => `docs/${file}`),
];
const SNIPPETS = PAGES.flatMap(snippetsOf);

test('all snippets type-check', () => {
  expect(typeErrors(SNIPPETS)).toEqual([]);
});

describe.each(SNIPPETS.map((snippet) => ({ at: snippet.at, snippet })))('$at', ({ snippet }) => {
  let app: App;
  let objects: any[];
  beforeAll(() => {
    ({ app, objects } = run(snippet));
  });

  test(snippet.refused.length > 0 ? 'is refused' : 'is accepted', () => {
    const errors = Diagnostics.of(app).errors();

    expect(errors.map(({ code }) => code).sort()).toEqual(snippet.refused);
  });

  if (snippet.manifests !== undefined) {
    test('makes the manifests beside it', () => {
      const shown = parseAllDocuments(snippet.manifests!).map((document) => document.toJS());

      for (const manifest of shown) {
        expect(objects).toContainEqual(expect.objectContaining(within(manifest)));
      }
    });
  }

  if (snippet.refused.length > 0 && snippet.findings !== undefined) {
    test('gets the message beside it', () => {
      const findings = app.charts.map((chart) => Diagnostics.of(chart).toString()).join('\n');

      expect(findings.split(/\n(?=\[)/).sort()).toEqual(snippet.findings!.trimEnd().split(/\n(?=\[)/).sort());
    });
  }
});

test.each(PAGES)('the links of %s lead somewhere', (page) => {
  const links = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link]) => link);

  const missing = links.filter((link) => !/^https?:/.test(link) && !existsSync(join(ROOT, dirname(page), link)));

  expect(missing).toEqual([]);
});

/** Runs a snippet and returns what it made. */
function run(snippet: Snippet): { app: App; objects: any[] } {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk8s-kserve-docs-'));
  const silenced = [jest.spyOn(process.stderr, 'write').mockReturnValue(true), jest.spyOn(console, 'log').mockReturnValue()];
  const synthesized = jest.spyOn(App.prototype, 'synth');
  process.env.CDK8S_OUTDIR = outdir;
  const exported: { app?: App } = {};
  try {
    compiled(snippet)(require, exported);
    const app = exported.app ?? synthesized.mock.contexts[0] as App;
    return { app, objects: snippet.refused.length > 0 ? [] : synth(app) };
  } finally {
    delete process.env.CDK8S_OUTDIR;
    rmSync(outdir, { recursive: true });
    [synthesized, ...silenced].forEach((spy) => spy.mockRestore());
  }
}

/** A page may leave out fields of objects, but not items of lists. */
function within(shown: any): any {
  if (Array.isArray(shown)) return shown.map(nested);
  return Object.fromEntries(Object.entries(shown).map(([key, value]) => [key, nested(value)]));
}

function nested(value: any): any {
  return Array.isArray(value) ? value.map(nested)
    : typeof value === 'object' && value !== null ? expect.objectContaining(within(value)) : value;
}
