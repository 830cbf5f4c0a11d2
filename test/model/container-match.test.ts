import { Manifest } from '../../src/core/manifest';
import { controllerRegExp, takes } from '../../src/model/container-match';

const container = (...supportedUriFormats: object[]) => ({ spec: { supportedUriFormats } }) as unknown as Manifest;

test('a prefix is the start of the URI', () => {
  expect(takes(container({ prefix: 's3://a' }), 's3://a/b')).toBe(true);
  expect(takes(container({ prefix: 's3://a' }), 'x s3://a/b')).toBe(false);
});

test('a regular expression may match anywhere', () => {
  expect(takes(container({ regex: 'https?://(.+)/(.+)' }), 'https://a/b')).toBe(true);
  expect(takes(container({ regex: '^registry://' }), 'x registry://')).toBe(false);
});

test('a prefix hides the regular expression beside it', () => {
  expect(takes(container({ prefix: 's3://', regex: '.*' }), 'gs://a')).toBe(false);
});

test('any of several formats suffices, none of none', () => {
  expect(takes(container({ prefix: 'a://' }, { regex: 'b' }), 'b://')).toBe(true);
  expect(takes(container(), 's3://a')).toBe(false);
});

test.each(['a(?=b)', 'a(?!b)', '(?<=a)b', '(?<!a)b', '(a)\\1', '(', '[', 'a{2}('])('%s does not compile in the controller', (pattern) => {
  expect(controllerRegExp(pattern)).toBeUndefined();
});

test.each<[string, string]>([['(?i)^S3://', 's3://a'], ['\\As3', 's3'], ['s3\\z', 's3'], ['(?P<bucket>a+)', 'aa'], ['[[:alpha:]]+', 'abc'], ['a.b', 'a/b']])(
  '%s compiles and matches %s', (pattern, text) => {
    expect(controllerRegExp(pattern)?.test(text)).toBe(true);
  });
