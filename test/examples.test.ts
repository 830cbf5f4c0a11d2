import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allExamples, Run, runExample } from '../scripts/examples';
import { Diagnostics } from '../src';
import { expectClusterAccepts } from './support/accepted';
import { itWithCrds } from './support/crds';

const EXAMPLES = allExamples();
const OUT = mkdtempSync(join(tmpdir(), 'cdk8s-kserve-examples-'));
afterAll(() => rmSync(OUT, { recursive: true }));

describe.each(EXAMPLES)('$name', (example) => {
  const outdir = join(OUT, example.name);
  let run: Run;
  beforeAll(() => {
    run = runExample(example, outdir);
  });

  test('runs without errors or warnings', () => {
    expect(run.error).toBeUndefined();
    expect(run.apps).not.toEqual([]);
    expect(run.apps.map((app) => Diagnostics.of(app).toString())).toEqual(run.apps.map(() => ''));
  });

  test('writes the manifests that are kept beside it', () => {
    const written = filesIn(outdir);
    if (process.env.UPDATE_EXAMPLES) {
      manifestsOf(example.folder).forEach((file) => rmSync(join(example.folder, file)));
      Object.entries(written).forEach(([file, text]) => writeFileSync(join(example.folder, file), text));
    }

    expect(written).toEqual(filesIn(example.folder));
  });

  test('writes the same once more', () => {
    const written = filesIn(outdir);

    run.apps.forEach((app) => app.synth());

    expect(filesIn(outdir)).toEqual(written);
  });

  itWithCrds('makes objects that a cluster of its release accepts', () => {
    run.apps.forEach((app) => expectClusterAccepts(app));
  });

  test('has a line in the list of examples', () => {
    expect(example.description).not.toBe('');
  });
});

// a caret range below 1.0 would leave later releases out; a release is built with its own number, so this sees 1.0.0 before it is out
test('the starter takes the releases that come from here', () => {
  const [{ version }, { dependencies }] = ['..', '../examples/starter'].map((folder) => JSON.parse(readFileSync(join(__dirname, folder, 'package.json'), 'utf8')));

  expect(dependencies['cdk8s-kserve']).toBe(`${version.split('.')[0]}.x`);
});

function manifestsOf(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder).filter((file) => file.endsWith('.k8s.yaml'));
}

function filesIn(folder: string): { [file: string]: string } {
  return Object.fromEntries(manifestsOf(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}
