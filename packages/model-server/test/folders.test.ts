import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

const SRC = join(__dirname, '..', 'src');
/** What only the front process runs, and what only runners run; all else is for both. */
const FRONT = ['front', 'pool', 'registry', 'cache', 'metrics', 'logging', 'cli', 'serve.ts', 'main.ts'];
const RUNNER = ['runner'];

const roomOf = (path: string): string => relative(SRC, path).split(sep)[0]!.replace(/^(serve|main)$/, '$1.ts');
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts')).map((path) => join(SRC, path));
const imports = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/(?:from|import\() ?'(\.[^']*)'/g)].map((match) => [file, join(dirname(file), match[1]!)] as const));
const between = (from: (room: string) => boolean, to: readonly string[]): string[] =>
  imports.filter(([file, other]) => from(roomOf(file)) && to.includes(roomOf(other))).map(([file, other]) => `${relative(SRC, file)} imports ${relative(SRC, other)}`);

test('the front imports nothing of the runner, the runner nothing of the front, and what both share nothing of either', () => {
  expect(imports.length).toBeGreaterThan(200);
  expect(between((room) => room !== 'runner', RUNNER)).toEqual([]);
  expect(between((room) => !FRONT.includes(room), FRONT)).toEqual([]);
});
