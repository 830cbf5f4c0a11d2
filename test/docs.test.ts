import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { format } from 'node:util';
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
  let printed: string[];
  beforeAll(() => {
    ({ app, objects, printed } = run(snippet));
  });

  test(snippet.refused.length > 0 ? 'is refused' : 'is accepted', () => {
    const errors = Diagnostics.of(app).errors();

    expect(errors.map(({ code }) => code).sort()).toEqual(snippet.refused);
  });

  if (snippet.prints.length > 0) {
    test('prints what is told beside it', () => {
      expect(printed).toEqual(expect.arrayContaining(snippet.prints));
    });
  }

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
  const links = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);

  const missing = links.filter((link) => {
    const [path, anchor] = link.split('#');
    const file = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path);
    return !/^https?:/.test(link) && (!existsSync(file) || (anchor !== undefined && !anchorsOf(file).includes(anchor)));
  });

  expect(missing).toEqual([]);
});

/** What links may name of a page: its headings, as GitHub writes them. */
function anchorsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title]) => title.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-'));
}

/** Runs a snippet and returns what it made. */
function run(snippet: Snippet): { app: App; objects: any[]; printed: string[] } {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk8s-kserve-docs-'));
  const printed: string[] = [];
  const silenced = [
    jest.spyOn(process.stderr, 'write').mockReturnValue(true),
    jest.spyOn(console, 'log').mockImplementation((...values) => void printed.push(format(...values))),
  ];
  const synthesized = jest.spyOn(App.prototype, 'synth');
  process.env.CDK8S_OUTDIR = outdir;
  const exported: { app?: App } = {};
  try {
    compiled(snippet)(require, exported);
    const app = exported.app ?? synthesized.mock.contexts[0] as App;
    return { app, objects: snippet.refused.length > 0 ? [] : synth(app), printed };
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
