import { MisuseError } from '../../src/diagnostics/misuse';
import { Rule } from '../../src/diagnostics/rule';

const RULE: Rule = { code: 'KSV9001', title: 'A test', severity: 'error', origin: 'ours', bites: 'synthesis', explanation: 'A test.' };

test('misuse is an error with the code of its rule, what is wrong, and the fix', () => {
  const error = new MisuseError(RULE, 'it is wrong.', 'change it.');

  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe('MisuseError');
  expect(error.code).toBe('KSV9001');
  expect(error.message).toBe('KSV9001: it is wrong.\n      Fix: change it.');
});
