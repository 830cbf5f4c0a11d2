import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { caused } from '../../src/core/cause';
import { ManifestObject } from '../../src/core/manifest';
import { ManifestRule, ProgramViolation, Rule } from '../../src/diagnostics/rule';
import { watch } from '../../src/diagnostics/watch';

/** A rule of the tests; all that is not given is of no matter. */
export function ruleOf(rule: Partial<Rule> = {}): Rule {
  return { code: 'KSV9001', title: 'A test', severity: 'error', origin: 'ours', bites: 'synthesis', explanation: 'A test.', ...rule };
}

/** A rule that refuses more replicas than `most`, and counts how often it is asked. */
export class TooMany implements ManifestRule<undefined> {
  readonly title = 'Too many replicas';
  readonly origin = 'ours';
  readonly bites = 'create';
  readonly explanation = 'A test.';
  asked = 0;

  constructor(readonly code = 'KSV9001', readonly severity: Rule['severity'] = 'error', private readonly most = 3) {}

  * check({ spec }: any) {
    this.asked++;
    if (spec.replicas > this.most) {
      yield { at: '/spec/replicas', value: spec.replicas, message: 'is too much', allowed: `at most ${this.most}`, fix: 'ask for less.' };
    }
  }
}

/** An object with `replicas` that rules judge. */
export class Thing extends ManifestObject {
  renderings = 0;

  constructor(
    scope: Construct, id: string, public replicas: number, rules: ManifestRule<undefined>[] = [], program?: () => Iterable<ProgramViolation>,
  ) {
    super(scope, id, { apiVersion: 'acme.org/v1', kind: 'Thing', labels: { team: 'ml' } });
    watch(this, { object: this, rules, program });
  }

  _fields() {
    this.renderings++;
    return { spec: { replicas: caused('replicas', this.replicas) } };
  }
}

let charts = 0;

/** A chart in an app of its own; no two have the same path, as warnings are printed once for each path. */
export function chartOf(app = new App()): Chart {
  return new Chart(app, `chart${++charts}`);
}

/** What is written to stderr while `action` runs. */
export function stderrOf(action: () => void): string {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    action();
    return write.mock.calls.map(([text]) => text).join('');
  } finally {
    write.mockRestore();
  }
}

/** The message of the error that `action` throws. */
export function messageOf(action: () => void): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}
