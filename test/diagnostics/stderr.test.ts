import { stderrOf } from './support';
import { Finding, Severity } from '../../src/diagnostics';
import { printOnce } from '../../src/diagnostics/stderr';

function warning(construct: string, message = 'is wrong.'): Finding {
  return { code: 'KSV9001', severity: Severity.WARNING, construct, message, fix: 'change it.' };
}

test('a warning is printed with path, severity, code, message and fix', () => {
  expect(stderrOf(() => printOnce([warning('stderr/a')]))).toBe('[stderr/a] warning KSV9001: is wrong.\n      Fix: change it.\n');
});

test('a warning is printed once in the life of the process', () => {
  printed(warning('stderr/b'));

  expect(printed(warning('stderr/b'), warning('stderr/b'))).toBe('');
});

test('equal warnings about two constructs are two, and so are two about one', () => {
  expect(printed(warning('stderr/c'), warning('stderr/d'))).toMatch(/stderr\/c[^]+stderr\/d/);
  expect(printed(warning('stderr/c', 'is other.'))).toBe('[stderr/c] warning KSV9001: is other.\n      Fix: change it.\n');
});

function printed(...warnings: Finding[]): string {
  return stderrOf(() => printOnce(warnings));
}
