import * as cdk8s from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as ts from 'typescript';
import * as kserve from '../../src';

/** What a program gave: the codes it found or threw, and all of its messages. */
export interface Outcome {
  readonly codes: string[];
  readonly text: string;
  /** What it made, unless it threw. */
  readonly app?: cdk8s.App;
}

/**
 * Runs a program as users write it. Everything of the library, of cdk8s and
 * `kplus` is in scope, and `app` and `chart` unless the program makes its own.
 */
export function runProgram(source: string): Outcome {
  const app = new cdk8s.App();
  const needsTarget = !/ServingTarget\.attach\(app|new App\(/.test(source);
  if (needsTarget) {
    kserve.ServingTarget.attach(app, { release: kserve.KServeRelease.V0_20 });
  }
  const chart = /new Chart\(app/.test(source) ? undefined : new cdk8s.Chart(app, 'models', { namespace: 'models' });
  const scope: { [name: string]: unknown } = { ...cdk8s, ...kserve, kplus };
  const body = ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2022 } }).outputText;
  // a block, so that the program may declare names that are in scope already
  const program = new Function(...Object.keys(scope), 'app', 'chart', `{ ${body}\n return app; }`);
  try {
    const made = program(...Object.values(scope), app, chart) as cdk8s.App;
    const findings = kserve.Diagnostics.of(made).all();
    return { codes: findings.map(({ code }) => code), text: kserve.Diagnostics.of(made).toString(), app: made };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === undefined) {
      throw error;
    }
    return { codes: [code], text: message };
  }
}
