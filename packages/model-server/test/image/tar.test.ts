import { execFileSync } from 'node:child_process';
import { readTar, writeTar } from '../../image/tar';

const LONG = `${'folder-'.repeat(12)}x/${'file-'.repeat(18)}y`;

const entries = [
  { path: 'b/link', link: '../a.txt' },
  { path: 'a.txt', content: Buffer.from('hello'), mode: 0o755 },
  { path: LONG, content: Buffer.alloc(513, 1) },
  { path: 'empty', mode: 0o1777 },
];

test('reads back what it wrote, with the folders above', () => {
  const read = readTar(writeTar(entries));

  expect(read.map(({ path }) => path)).toEqual(['a.txt', 'b', 'b/link', 'empty', LONG.split('/')[0], LONG]);
  expect(read[0]).toEqual({ path: 'a.txt', mode: 0o755, content: Buffer.from('hello') });
  expect(read[2]).toEqual({ path: 'b/link', link: '../a.txt' });
  expect(read[3]).toEqual({ path: 'empty', mode: 0o1777 });
  expect(read[5]!.content).toHaveLength(513);
});

test('GNU tar reads it alike', () => {
  const listing = execFileSync('tar', ['-tvf', '-', '--numeric-owner', '--full-time'], { input: writeTar(entries), env: { ...process.env, TZ: 'UTC' } }).toString();

  expect(listing.split('\n').slice(0, 4)).toEqual([
    '-rwxr-xr-x 0/0               5 1970-01-01 00:00:00 a.txt',
    'drwxr-xr-x 0/0               0 1970-01-01 00:00:00 b/',
    'lrwxrwxrwx 0/0               0 1970-01-01 00:00:00 b/link -> ../a.txt',
    'drwxrwxrwt 0/0               0 1970-01-01 00:00:00 empty/',
  ]);
});

test('reads the long names of GNU tar and of pax', () => {
  for (const format of ['gnu', 'pax']) {
    const archive = execFileSync('sh', ['-c', 'd=$(mktemp -d) && cd "$d" && n=$(printf "n%.0s" $(seq 150)) && mkdir $n && echo hi > $n/$n && tar -cf - --format=$1 . ; rm -r "$d"', 'sh', format]);

    expect(readTar(archive).map(({ path }) => path)).toContain(`${'n'.repeat(150)}/${'n'.repeat(150)}`);
  }
});

test('the order of entries makes no difference', () => {
  expect(writeTar([...entries].reverse()).equals(writeTar(entries))).toBe(true);
});

test('refuses two files of one path', () => {
  expect(() => writeTar([entries[1]!, entries[1]!])).toThrow('two entries of the archive are named a.txt');
});

test('refuses what its format cannot hold', () => {
  expect(() => writeTar([{ path: 'x'.repeat(101), content: Buffer.alloc(0) }])).toThrow('too long for an archive');
  expect(() => writeTar([{ path: 'link', link: 'x'.repeat(101) }])).toThrow('leads too far');
});
