import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kept } from './bench/cache';

describe('a folder that is kept', () => {
  let parent: string;
  let folder: string;

  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'kept-'));
    folder = join(parent, 'tool');
  });

  afterEach(() => rmSync(parent, { recursive: true }));

  test('is made once by those that want it at the same time', async () => {
    const makers: string[] = [];
    const make = (maker: string) => kept(folder, async (unfinished) => {
      makers.push(maker);
      await new Promise((later) => setImmediate(later));
      writeFileSync(join(unfinished, 'program'), maker);
    });

    await Promise.all([make('a'), make('b'), make('c')]);

    expect(makers).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['program']);
  });

  test('has nothing of a run that was cut off, even where a program of that run writes on', async () => {
    const cutOff = `${folder}.new-1`;
    mkdirSync(cutOff);

    await kept(folder, async (unfinished) => {
      expect(existsSync(cutOff)).toBe(false);
      mkdirSync(cutOff);
      writeFileSync(join(cutOff, 'program'), 'half');
      writeFileSync(join(unfinished, 'other'), 'whole');
    });

    expect(readdirSync(folder)).toEqual(['other']);
  });

  test('is not there when making it fails, and is made anew', async () => {
    await expect(kept(folder, async (unfinished) => {
      writeFileSync(join(unfinished, 'program'), 'half');
      throw new Error('cut off');
    })).rejects.toThrow('cut off');
    expect(existsSync(folder)).toBe(false);

    await kept(folder, async (unfinished) => writeFileSync(join(unfinished, 'program'), 'whole'));

    expect(readdirSync(parent).sort()).toEqual(['tool', 'tool.lock']);
  });
});
