import { App, Chart } from 'cdk8s';
import { violationOf } from '../../src/diagnostics/rule';
import { findingsOf } from '../../src/diagnostics/watch';
import { ServingTarget } from '../../src/target';
import { Neighbours } from '../../src/target/neighbours';
import { ClusterRule, judgeBy, RuleContext } from '../../src/target/rule-context';
import { ruleOf } from '../diagnostics/support';
import { MadeObject } from '../support/made-object';

/** The context in which a rule sees the object of a construct. */
function contextOf(chart: Chart, clusterScoped = false): RuleContext {
  const object = new MadeObject(chart, 'thing', { clusterScoped });
  let seen: RuleContext | undefined;
  const rule: ClusterRule = { ...ruleOf(), check: (_, context) => { seen = context; return []; } };
  judgeBy(object, () => [rule]);
  findingsOf(object);
  return seen!;
}

test('a rule sees target and neighbours of the construct', () => {
  const chart = new Chart(new App(), 'chart');
  const target = ServingTarget.attach(chart, { cluster: 'eu' });

  const context = contextOf(chart);

  expect(context.target).toBe(target);
  expect(context.neighbours).toBe(Neighbours.of(chart));
  expect(context.neighbours.ofKind('Thing')).toHaveLength(1);
});

test('a rule sees the namespace that the object will have', () => {
  function namespaceOf(ofChart: string | undefined, ofTarget: string | undefined, clusterScoped = false): string | undefined {
    const app = new App();
    ServingTarget.attach(app, { namespace: ofTarget });
    return contextOf(new Chart(app, 'chart', { namespace: ofChart }), clusterScoped).namespace;
  }

  expect(namespaceOf('of-chart', 'of-target')).toBe('of-chart');
  expect(namespaceOf(undefined, 'of-target')).toBe('of-target');
  expect(namespaceOf(undefined, undefined)).toBeUndefined();
  expect(namespaceOf('of-chart', 'of-target', true)).toBeUndefined();
});

test('rules about the program are judged, too', () => {
  const object = new MadeObject(new Chart(new App(), 'chart'), 'thing');

  judgeBy(object, () => [], () => [violationOf(ruleOf(), 'source', { message: 'is wrong', fix: 'change it.' })]);

  expect(findingsOf(object).map(({ code, prop }) => [code, prop])).toEqual([['KSV9001', 'source']]);
});
