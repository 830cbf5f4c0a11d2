import { App, Chart } from 'cdk8s';
import { Deferred } from '../../src/core/deferred';
import { Finding, Severity } from '../../src/diagnostics';
import { describe as textOf, locate, nameOf, quote, withoutDeferred } from '../../src/diagnostics/finding-text';

const FINDING: Finding = { code: 'KSV9001', severity: Severity.WARNING, construct: 'chart/iris', message: 'is wrong.', fix: 'change it.' };

test('the text of a finding has its code and message, and the fix on a line of its own', () => {
  expect(textOf(FINDING)).toBe('KSV9001: is wrong.\n      Fix: change it.');
});

test('a finding is located by the path of its construct', () => {
  expect(locate(FINDING)).toBe('[chart/iris] warning KSV9001: is wrong.\n      Fix: change it.');
});

test('a finding about the root has no path', () => {
  expect(locate({ ...FINDING, construct: '', severity: Severity.ERROR })).toBe('error KSV9001: is wrong.\n      Fix: change it.');
});

describe('a quoted value', () => {
  test.each<[string, unknown, string]>([
    ['a string stands in quotes', 'text', "'text'"],
    ['an empty string is visible', '', "''"],
    ['a number is bare', 1.5, '1.5'],
    ['a boolean is bare', false, 'false'],
    ['null is bare', null, 'null'],
    ['a list is JSON', ['a', 1], '["a",1]'],
    ['an object is JSON', { a: 1 }, '{"a":1}'],
  ])('%s', (_, value, text) => {
    expect(quote(value)).toBe(text);
  });

  test('is cut at 120 characters', () => {
    expect(quote('x'.repeat(118))).toBe(`'${'x'.repeat(118)}'`);
    expect(quote('x'.repeat(119))).toBe(`'${'x'.repeat(116)}…`);
  });

  test.each<[string, unknown]>([
    ['a deferred value', new Deferred('secret')],
    ['a string with a deferred part', `s3://${new Deferred('secret')}`],
    ['a list with a deferred value', ['a', new Deferred('secret')]],
    ['an object with a deferred part', { uri: `s3://${new Deferred('secret')}` }],
    ['a long string with a deferred part at its end', `${'x'.repeat(200)}${new Deferred('secret')}`],
  ])('that is %s is not shown', (_, value) => {
    expect(quote(value)).toBe('(known at deployment)');
  });
});

test('a text of a rule loses its deferred parts, and keeps the rest', () => {
  expect(withoutDeferred(`wants '${new Deferred('secret')}' here`)).toBe("wants '(known at deployment)' here");
  expect(withoutDeferred('plain')).toBe('plain');
});

test('a construct is named by its path, the root as the app', () => {
  const app = new App();

  expect(nameOf(new Chart(app, 'chart'))).toBe("'chart'");
  expect(nameOf(app)).toBe('the app');
});
