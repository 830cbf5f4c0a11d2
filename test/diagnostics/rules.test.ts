import { CASES } from './cases';
import { runProgram } from './run-program';
import { RULES } from '../../src/rules';
import { diagnose } from '../support/accepted';

test('every rule has a code of its own', () => {
  const codes = RULES.map(({ code }) => code);

  expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
  expect(codes.filter((code) => !/^KSV\d{4}$/.test(code))).toEqual([]);
});

test('every rule has a wrong and a right program, and no program is for a rule that is gone', () => {
  expect(Object.keys(CASES).sort()).toEqual(RULES.map(({ code }) => code));
});

test('every rule that is not ours says what it mirrors', () => {
  expect(RULES.filter(({ origin, mirrors }) => origin !== 'ours' && mirrors === undefined).map(({ code }) => code)).toEqual([]);
});

describe.each(Object.entries(CASES))('%s', (code, { wrong, right }) => {
  test('is found in the wrong program', () => {
    expect(runProgram(wrong).codes).toContain(code);
  });

  test('is not found in the right program', () => {
    const { codes, text } = runProgram(right);

    expect(codes.includes(code) ? text : 'nothing').toBe('nothing');
  });

  test('is in programs whose objects a cluster accepts, where they have no error', () => {
    for (const { app } of [runProgram(wrong), runProgram(right)]) {
      if (app !== undefined) diagnose(app);
    }
  });

  test('has a message that names the fix', () => {
    expect(runProgram(wrong).text).toMatch(new RegExp(`${code}: [^]+?\\n\\s+Fix: .+`));
  });
});
