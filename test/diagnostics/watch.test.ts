import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { chartOf, messageOf, ruleOf, stderrOf, Thing, TooMany } from './support';
import { changed } from '../../src/core/changes';
import { Deferred } from '../../src/core/deferred';
import { manifestOf } from '../../src/core/manifest';
import { Diagnostics } from '../../src/diagnostics';
import { ProgramViolation, violationOf } from '../../src/diagnostics/rule';
import { findingsOf, watch } from '../../src/diagnostics/watch';
import { synth, synthYaml } from '../support/manifests';

/** The findings about a construct with one violation of a rule about the program. */
function findingOf(violation: Partial<ProgramViolation>) {
  const construct = new Construct(chartOf(), 'thing');
  watch(construct, { program: () => [{ rule: ruleOf(), message: 'is wrong', fix: 'change it.', ...violation }] });
  return findingsOf(construct)[0];
}

describe('a finding of a rule on manifests', () => {
  test('has code, severity, construct, prop, pointer, message and fix', () => {
    const thing = new Thing(chartOf(), 'thing', 5, [new TooMany()]);

    expect(findingsOf(thing)).toEqual([{
      code: 'KSV9001',
      severity: 'error',
      construct: thing.node.path,
      prop: 'replicas',
      pointer: '/spec/replicas',
      message: 'replicas = 5 is too much. Allowed: at most 3.',
      fix: 'ask for less.',
    }]);
  });

  test('is not there when the rule allows the manifest', () => {
    expect(findingsOf(new Thing(chartOf(), 'thing', 3, [new TooMany()]))).toEqual([]);
  });

  test('about a path that a JSON patch wrote has no prop and says so', () => {
    const thing = new Thing(chartOf(), 'thing', 1, [new TooMany()]);

    ApiObject.of(thing).addJsonPatch(JsonPatch.replace('/spec/replicas', 9));

    const [finding] = findingsOf(thing);
    expect(finding.prop).toBeUndefined();
    expect(finding.pointer).toBe('/spec/replicas');
    expect(finding.message).toBe('spec.replicas (written by JsonPatch) = 9 is too much. Allowed: at most 3.');
  });

  test('comes with the findings of all other rules', () => {
    const thing = new Thing(chartOf(), 'thing', 9, [new TooMany('KSV9001'), new TooMany('KSV9002', 'warning', 5), new TooMany('KSV9003', 'error', 9)]);

    expect(findingsOf(thing).map(({ code, severity }) => [code, severity])).toEqual([['KSV9001', 'error'], ['KSV9002', 'warning']]);
  });
});

describe('a finding of a rule about the program', () => {
  test('names prop, value, what is allowed and the fix', () => {
    expect(findingOf({ prop: 'source', value: 's3:/x', message: 'is no URI', allowed: 's3://bucket/key', fix: 'add a slash.' })).toMatchObject({
      prop: 'source',
      message: "source = 's3:/x' is no URI. Allowed: s3://bucket/key.",
      fix: 'add a slash.',
    });
  });

  test.each<[string, Partial<ProgramViolation>, string]>([
    ['without a value names the prop', { prop: 'source' }, 'source is wrong.'],
    ['without a prop is about the construct', {}, 'is wrong.'],
    ['without a prop leaves the value out', { value: 1 }, 'is wrong.'],
    ['without what is allowed has one sentence', { prop: 'source', value: 1 }, 'source = 1 is wrong.'],
    ['shows a value of false or zero', { prop: 'source', value: 0 }, 'source = 0 is wrong.'],
  ])('%s', (_, violation, message) => {
    expect(findingOf(violation).message).toBe(message);
  });

  test('has no pointer', () => {
    expect(findingOf({ prop: 'source' }).pointer).toBeUndefined();
  });

  test('stands among those of rules on manifests by its code', () => {
    const thing = new Thing(chartOf(), 'thing', 9, [new TooMany()], () => [violationOf(ruleOf({ code: 'KSV9009' }), undefined, { message: 'x', fix: 'y' })]);

    expect(findingsOf(thing).map(({ code }) => code)).toEqual(['KSV9001', 'KSV9009']);
  });
});

describe('a deferred value', () => {
  const secret = new Deferred('secret');

  test('is never quoted', () => {
    expect(findingOf({ prop: 'source', value: `s3://${secret}` }).message).toBe('source = (known at deployment) is wrong.');
  });

  test('does not stand in any text that a rule made with it', () => {
    const { message, fix } = findingOf({ prop: `env.${secret}`, message: `names '${secret}'`, allowed: `${secret}`, fix: `use ${secret}.` });

    expect(message).toBe("env.(known at deployment) names '(known at deployment)'. Allowed: (known at deployment).");
    expect(fix).toBe('use (known at deployment).');
  });
});

describe('a construct that is watched twice', () => {
  test('is judged by both', () => {
    const construct = new Construct(chartOf(), 'thing');
    watch(construct, { program: () => [violationOf(ruleOf({ code: 'KSV9001' }), 'a', { message: 'is wrong', fix: 'change it.' })] });
    watch(construct, { program: () => [violationOf(ruleOf({ code: 'KSV9002' }), 'b', { message: 'is wrong', fix: 'change it.' })] });

    expect(findingsOf(construct).map(({ code }) => code)).toEqual(['KSV9001', 'KSV9002']);
  });

  test('reports each finding once', () => {
    const thing = new Thing(chartOf(), 'thing', 9, [new TooMany()]);
    watch(thing, { program: () => [] });

    expect(messageOf(() => thing.node.root instanceof App && synthYaml(thing.node.root)).match(/KSV9001/g)).toHaveLength(1);
  });
});

describe('a construct that is judged', () => {
  test('is asked by its node again after each change', () => {
    const thing = new Thing(chartOf(), 'thing', 3, [new TooMany()]);
    expect(thing.node.validate()).toEqual([]);

    ApiObject.of(thing).addJsonPatch(JsonPatch.replace('/spec/replicas', 9));

    expect(thing.node.validate()).toHaveLength(1);
    expect(thing.node.validate()).toHaveLength(1);
  });

  test('keeps the validators of others, which are asked each time', () => {
    const thing = new Thing(chartOf(), 'thing', 3, [new TooMany()]);
    const errors: string[] = [];
    expect(thing.node.validate()).toEqual([]);
    thing.node.addValidation({ validate: () => errors });
    expect(thing.node.validate()).toEqual([]);

    errors.push('is not to be had on a Sunday');

    expect(thing.node.validate()).toEqual(['is not to be had on a Sunday']);
  });
});

test('a construct that nobody watches has no findings', () => {
  expect(findingsOf(new Construct(chartOf(), 'thing'))).toEqual([]);
});

describe('rules are evaluated', () => {
  /** Fifty charts with a right thing in each, and the rule that all of them share. */
  function fifty(): { app: App; things: Thing[]; rule: TooMany } {
    const [app, rule] = [new App(), new TooMany()];
    const things = Array.from({ length: 50 }, (_, i) => new Thing(new Chart(app, `chart-${i}`), 'thing', 1, [rule]));
    return { app, things, rule };
  }

  test('once for each object in a synthesis, with fifty charts as well', () => {
    const { app, rule } = fifty();

    synthYaml(app);

    expect(rule.asked).toBe(50);
  });

  test('no more in a second synthesis when nothing has changed', () => {
    const { app, rule } = fifty();
    synthYaml(app);

    synthYaml(app);

    expect(rule.asked).toBe(50);
  });

  test('once for each object by each question for diagnostics', () => {
    const { app, rule } = fifty();

    Diagnostics.of(app).all();
    expect(rule.asked).toBe(50);

    Diagnostics.of(app).errors();
    expect(rule.asked).toBe(100);
  });

  test('again after a construct of ours was made or changed', () => {
    const { app, things, rule } = fifty();
    synthYaml(app);

    changed(things[0]);
    synthYaml(app);

    expect(rule.asked).toBe(100);
  });

  test.each<[string, (object: ApiObject) => void]>([
    ['a JSON patch', (object) => object.addJsonPatch(JsonPatch.replace('/spec/replicas', 2))],
    ['a label', (object) => object.metadata.addLabel('new', 'x')],
    ['another value of a label', (object) => object.metadata.addLabel('team', 'x')],
    ['an annotation', (object) => object.metadata.addAnnotation('new', 'x')],
  ])('again after an object got %s', (_, change) => {
    const { app, things, rule } = fifty();
    synthYaml(app);

    change(ApiObject.of(things[7]));
    synthYaml(app);

    expect(rule.asked).toBe(100);
  });

  test('on what a later JSON patch of a neighbour made wrong, and on what it made right, wherever the neighbour is', () => {
    const chart = chartOf();
    const [before, after] = ['a', 'z'].map((id) => new Thing(chart, id, 1));
    const rule = new TooMany();
    new Thing(chart, 'm', 1, [{ ...rule, ...ruleOf(), check: () => [before, after].flatMap((one) => [...rule.check(manifestOf(ApiObject.of(one)))]) }]);
    const app = chart.node.root as App;
    synthYaml(app);

    for (const neighbour of [before, after]) {
      ApiObject.of(neighbour).addJsonPatch(JsonPatch.replace('/spec/replicas', 9));
      expect(() => synthYaml(app)).toThrow('KSV9001');

      ApiObject.of(neighbour).addJsonPatch(JsonPatch.replace('/spec/replicas', 2));
      expect(() => synthYaml(app)).not.toThrow();
    }
  });

  test('on what a later JSON patch made wrong, and on what it made right', () => {
    const thing = new Thing(chartOf(), 'thing', 1, [new TooMany()]);
    const app = thing.node.root as App;
    synthYaml(app);

    ApiObject.of(thing).addJsonPatch(JsonPatch.replace('/spec/replicas', 9));
    expect(() => synthYaml(app)).toThrow('KSV9001');

    ApiObject.of(thing).addJsonPatch(JsonPatch.replace('/spec/replicas', 2));
    expect(() => synthYaml(app)).not.toThrow();
  });

  test('on one rendering; another one for the causes only when there is a finding', () => {
    const [right, wrong] = [new Thing(chartOf(), 'thing', 1, [new TooMany()]), new Thing(chartOf(), 'thing', 9, [new TooMany(), new TooMany('KSV9002')])];

    findingsOf(right);
    findingsOf(wrong);

    expect(right.renderings).toBe(1);
    expect(wrong.renderings).toBe(2);
  });
});

test('a warning is printed when the construct is synthesized, and does not stop it', () => {
  const chart = chartOf();
  new Thing(chart, 'thing', 9, [new TooMany('KSV9002', 'warning')]);

  const stderr = stderrOf(() => expect(synth(chart)).toHaveLength(1));

  expect(stderr).toBe(`[${chart.node.path}/thing] warning KSV9002: replicas = 9 is too much. Allowed: at most 3.\n      Fix: ask for less.\n`);
});
