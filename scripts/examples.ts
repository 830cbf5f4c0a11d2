import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App } from 'cdk8s';

const FOLDER = resolve(__dirname, '../examples');

/** An example: a folder with a complete program. */
export interface Example {
  readonly name: string;
  /** What it shows, from the list in examples/README.md. */
  readonly description: string;
  readonly folder: string;
}

/** What an example did. */
export interface Run {
  /** The apps that it synthesized, or tried to. */
  readonly apps: App[];
  /** What it threw. */
  readonly error?: unknown;
}

/** All examples that run without an installation of their own. */
export function allExamples(): Example[] {
  const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
  const programs = readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entries(entry.name).includes('main.ts') && !entries(entry.name).includes('package.json'));
  return programs.map(({ name }) => ({
    name,
    description: new RegExp(`^- \\[${name}\\]\\(${name}/main.ts\\): (.+)$`, 'm').exec(readme)?.[1] ?? '',
    folder: join(FOLDER, name),
  }));
}

/** Runs an example in this process. Its files go to `outdir`. */
export function runExample(example: Example, outdir: string): Run {
  const apps: App[] = [];
  const { synth } = App.prototype;
  App.prototype.synth = function (this: App) { // the program keeps its app to itself, as users write it
    apps.push(this);
    synth.call(this);
  };
  process.env.CDK8S_OUTDIR = outdir;
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the program runs when it is loaded
    require(join(example.folder, 'main.ts'));
    return { apps };
  } catch (error) {
    return { apps, error };
  } finally {
    App.prototype.synth = synth;
    delete process.env.CDK8S_OUTDIR;
  }
}

function entries(name: string): string[] {
  return readdirSync(join(FOLDER, name));
}
