import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { chartOf, messageOf, stderrOf, Thing, TooMany } from './support';
import { Diagnostics } from '../../src/diagnostics';
import { synth, synthYaml } from '../support/manifests';

const ERROR = new TooMany('KSV9001', 'error', 8);
const WARNING = new TooMany('KSV9002', 'warning', 3);

/** An app with a wrong thing, a doubtful one and a right one. */
function program() {
  const chart = chartOf();
  const [wrong, doubtful, right] = [['wrong', 9], ['doubtful', 5], ['right', 1]]
    .map(([id, replicas]) => new Thing(chart, id as string, replicas as number, [ERROR, WARNING]));
  return { app: chart.node.root as App, chart, wrong, doubtful, right };
}

/** Codes with the ids of their constructs. */
function short(findings: { code: string; construct: string }[]): string[] {
  return findings.map(({ code, construct }) => `${code} ${construct.split('/').at(-1)}`);
}

describe('findings are read', () => {
  test('all at once, errors first', () => {
    expect(short(Diagnostics.of(program().app).all())).toEqual(['KSV9001 wrong', 'KSV9002 wrong', 'KSV9002 doubtful']);
  });

  test('by severity', () => {
    const diagnostics = Diagnostics.of(program().app);

    expect(short(diagnostics.errors())).toEqual(['KSV9001 wrong']);
    expect(short(diagnostics.warnings())).toEqual(['KSV9002 wrong', 'KSV9002 doubtful']);
  });

  test('of one construct and what is below it', () => {
    const { chart, doubtful, right } = program();

    expect(short(Diagnostics.of(doubtful).all())).toEqual(['KSV9002 doubtful']);
    expect(Diagnostics.of(right).all()).toEqual([]);
    expect(Diagnostics.of(chart).all()).toHaveLength(3);
  });

  test('as text', () => {
    const { chart, wrong, right } = program();

    expect(Diagnostics.of(wrong).toString()).toBe([
      `[${chart.node.path}/wrong] error KSV9001: replicas = 9 is too much. Allowed: at most 8.`,
      '      Fix: ask for less.',
      `[${chart.node.path}/wrong] warning KSV9002: replicas = 9 is too much. Allowed: at most 3.`,
      '      Fix: ask for less.',
    ].join('\n'));
    expect(Diagnostics.of(right).toString()).toBe('');
  });

  test('without throwing and without printing', () => {
    const { app } = program();

    expect(stderrOf(() => Diagnostics.of(app).all())).toBe('');
  });

  test('as they are now, after any change', () => {
    const { app, wrong } = program();
    Diagnostics.of(app).all();

    wrong.replicas = 1;

    expect(short(Diagnostics.of(app).all())).toEqual(['KSV9002 doubtful']);
  });
});

describe('synthesis', () => {
  test('stops with all errors of all charts in one message, each with the path of its construct', () => {
    const app = new App();
    const [first, second] = [chartOf(app), chartOf(app)];
    new Thing(first, 'a', 9, [ERROR, new TooMany('KSV9003')]);
    new Thing(second, 'b', 10, [ERROR]);

    const message = messageOf(() => stderrOf(() => synthYaml(app)));

    expect(message).toBe([
      'Validation failed with the following errors:',
      `  [${first.node.path}/a] KSV9001: replicas = 9 is too much. Allowed: at most 8.`,
      '      Fix: ask for less.',
      `  [${first.node.path}/a] KSV9003: replicas = 9 is too much. Allowed: at most 3.`,
      '      Fix: ask for less.',
      `  [${second.node.path}/b] KSV9001: replicas = 10 is too much. Allowed: at most 8.`,
      '      Fix: ask for less.',
    ].join('\n'));
  });

  test('of one chart stops as well', () => {
    const { chart } = program();

    expect(() => stderrOf(() => synth(chart))).toThrow('KSV9001');
  });

  test('writes nothing when it stops', () => {
    const outdir = join(mkdtempSync(join(tmpdir(), 'cdk8s-kserve-')), 'dist');
    const app = new App({ outdir });
    const good = new Thing(new Chart(app, 'good'), 'thing', 1, [ERROR]);
    const bad = new Thing(new Chart(app, 'bad'), 'thing', 9, [ERROR]);

    expect(() => app.synth()).toThrow('KSV9001');
    expect(existsSync(outdir) ? readdirSync(outdir) : []).toEqual([]);

    bad.replicas = good.replicas;
    Diagnostics.of(app).all();
    app.synth();
    expect(readdirSync(outdir).sort()).toEqual(['bad.k8s.yaml', 'good.k8s.yaml']);
    rmSync(join(outdir, '..'), { recursive: true });
  });

  test('goes on with warnings, and prints each once, however often cdk8s validates', () => {
    const app = new App();
    const charts = [chartOf(app), chartOf(app), chartOf(app)];
    charts.forEach((chart) => new Thing(chart, 'thing', 5, [WARNING]));

    const first = stderrOf(() => synthYaml(app));
    const second = stderrOf(() => synthYaml(app));

    expect(first.split('\n').filter((line) => line.includes('KSV9002'))).toEqual(
      charts.map((chart) => `[${chart.node.path}/thing] warning KSV9002: replicas = 5 is too much. Allowed: at most 3.`));
    expect(second).toBe('');
  });

  test('prints the warnings when it stops, too', () => {
    const { app } = program();

    const stderr = stderrOf(() => expect(() => synthYaml(app)).toThrow());

    expect(stderr.match(/warning KSV9002/g)).toHaveLength(2);
  });
});

describe('a waiver', () => {
  test('takes a warning from the findings, from stderr and from the text, and keeps it with the reason', () => {
    const { app, chart, doubtful, right } = program();
    Diagnostics.of(chart).waive('KSV9002', 'the cluster is large');
    stderrOf(() => expect(() => synthYaml(app)).toThrow('KSV9001'));

    expect(Diagnostics.of(doubtful).warnings()).toEqual([]);
    expect(Diagnostics.of(doubtful).toString()).toBe('');
    expect(Diagnostics.of(doubtful).waived()).toEqual([expect.objectContaining({ code: 'KSV9002', waivedBecause: 'the cluster is large' })]);
    expect(Diagnostics.of(right).waived()).toEqual([]);
    expect(stderrOf(() => expect(() => synthYaml(app)).toThrow())).toBe('');
  });

  test('holds for its scope and what is below, and for nothing else', () => {
    const { app, doubtful } = program();
    Diagnostics.of(doubtful).waive('KSV9002', 'small');

    expect(short(Diagnostics.of(app).warnings())).toEqual(['KSV9002 wrong']);
    expect(short(Diagnostics.of(app).waived())).toEqual(['KSV9002 doubtful']);
  });

  test('holds for its code only', () => {
    const { app } = program();
    Diagnostics.of(app).waive('KSV9009', 'another one');

    expect(Diagnostics.of(app).waived()).toEqual([]);
    expect(Diagnostics.of(app).warnings()).toHaveLength(2);
  });

  test('gives the reason of the nearest scope', () => {
    const { app, chart, doubtful } = program();
    Diagnostics.of(app).waive('KSV9002', 'far');
    Diagnostics.of(chart).waive('KSV9002', 'near');

    expect(Diagnostics.of(doubtful).waived()[0].waivedBecause).toBe('near');
  });

  test('does not reach errors', () => {
    const { app } = program();
    Diagnostics.of(app).waive('KSV9001', 'I insist');

    const errors = Diagnostics.of(app).errors();
    expect(short(errors)).toEqual(['KSV9001 wrong']);
    expect(errors[0].message).toMatch(/ It is waived \('I insist'\), but only warnings can be\.$/);
    expect(() => stderrOf(() => synthYaml(app))).toThrow('KSV9001');
  });

  test('counts after a synthesis, too', () => {
    const chart = chartOf();
    const thing = new Thing(chart, 'thing', 5, [WARNING]);
    Diagnostics.of(chart).strict();
    expect(() => synth(chart)).toThrow('KSV9002');

    Diagnostics.of(thing).waive('KSV9002', 'late');

    expect(() => synth(chart)).not.toThrow();
  });

  test.each(['', ' ', '\n\t'])('with the reason %p is refused', (reason) => {
    const { app, doubtful } = program();

    expect(() => Diagnostics.of(doubtful).waive('KSV9002', reason)).toThrow(
      `KSV1006: KSV9002 is waived at '${doubtful.node.path}' without a reason.\n      Fix: say why the warning is acceptable here.`);
    expect(() => Diagnostics.of(app).waive('KSV9002', reason)).toThrow('is waived at the app without a reason');
    expect(Diagnostics.of(app).waived()).toEqual([]);
  });
});

describe('strict', () => {
  test('makes the warnings of its scope errors', () => {
    const { app, chart, doubtful } = program();
    Diagnostics.of(doubtful).strict();

    expect(short(Diagnostics.of(app).errors())).toEqual(['KSV9001 wrong', 'KSV9002 doubtful']);
    expect(short(Diagnostics.of(app).warnings())).toEqual(['KSV9002 wrong']);
    expect(messageOf(() => stderrOf(() => synthYaml(app)))).toContain(
      `[${chart.node.path}/doubtful] KSV9002: replicas = 5 is too much. Allowed: at most 3.\n      Fix: ask for less.`);
  });

  test('does not print as warnings what stops synthesis', () => {
    const { app } = program();
    Diagnostics.of(app).strict();

    expect(stderrOf(() => expect(() => synthYaml(app)).toThrow('KSV9002'))).toBe('');
  });

  test('leaves waived warnings alone: they are warnings still, and stop nothing', () => {
    const chart = chartOf();
    new Thing(chart, 'thing', 5, [WARNING]);
    Diagnostics.of(chart).strict();
    Diagnostics.of(chart).waive('KSV9002', 'known');

    expect(Diagnostics.of(chart).all()).toEqual([]);
    expect(Diagnostics.of(chart).waived()).toEqual([expect.objectContaining({ severity: 'warning', waivedBecause: 'known' })]);
    expect(stderrOf(() => synth(chart))).toBe('');
  });
});
