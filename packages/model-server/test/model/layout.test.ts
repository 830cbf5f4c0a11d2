import fs, { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { irisModel } from '../../src/examples/iris';
import { readLayout } from '../../src/model/layout';
import { folderWith } from '../support/server';

const onnx = irisModel();
const shape = (folder: string, name?: string, multi = false): object => {
  const { kind, models, broken } = readLayout(folder, name, multi);
  return { kind, models: Object.fromEntries([...models].map(([key, sources]) => [key, sources.map(({ version, format }) => `${version ?? '-'} ${format}`)])), broken: [...broken.keys()] };
};

test.each<[string, { [path: string]: string | Uint8Array }, object]>([
  ['a model by content, whatever its name', { 'weights.bin': onnx, 'README.md': 'x', 'SUCCESS.abc': '' }, { kind: 'single', models: { model: ['- onnx'] } }],
  ['versions, the highest alone', { '1/model.onnx': onnx, '2/model.onnx': onnx, '10/model.onnx': onnx }, { kind: 'single', models: { model: ['10 onnx'] } }],
  ['all versions when asked', { '1/model.onnx': onnx, '2/model.onnx': onnx, 'model.json': '{"versions":"all"}' }, { kind: 'single', models: { model: ['1 onnx', '2 onnx'] } }],
  ['several models by folder', { 'a/model.onnx': onnx, 'b/1/m.onnx': onnx, 'lost+found/x': '' }, { kind: 'multi', models: { a: ['- onnx'], b: ['1 onnx'] } }],
  ['only complete models where an agent marks them', { 'a/model.onnx': onnx, 'a/SUCCESS.1': '', 'b/model.onnx': onnx }, { kind: 'multi', models: { a: ['- onnx'] } }],
  ['the layout of Hugging Face', { 'onnx/model.onnx': onnx, 'onnx/model_fp16.onnx': onnx, 'tokenizer.json': '{}' }, { kind: 'single', models: { model: ['- onnx'] } }],
  ['the file that model.json names', { 'a.onnx': onnx, 'b.onnx': onnx, 'model.json': '{"file":"b.onnx"}' }, { kind: 'single', models: { model: ['- onnx'] } }],
  ['a model in TypeScript', { 'model.ts': 'x', 'other.ts': 'y' }, { kind: 'single', models: { model: ['- user'] } }],
  ['nothing', {}, { kind: 'empty', models: {} }],
])('%s is found', (_, files, expected) => {
  expect(shape(folderWith(files))).toMatchObject(expected);
});

test.each<[string, { [path: string]: string | Uint8Array }, RegExp]>([
  ['two models in one folder', { 'a.onnx': onnx, 'b.onnx': onnx }, /has 2 models: a.onnx, b.onnx; keep one/],
  ['a pickle', { 'model.pkl': Uint8Array.from([0x80, 4, 0x95, 0]) }, /is a Python pickle.*skl2onnx/],
  ['a version in two folders', { '1/a.onnx': onnx, '01/a.onnx': onnx }, /has version 1 twice, in the folders 01 and 1; keep one/],
  ['no model', { 'notes.txt': 'hello' }, /has no model of a known format.*it has notes.txt/],
  ['a file that leads out', { 'model.json': '{"file":"../../etc/hostname"}' }, /leads out of|ENOENT/],
])('%s is refused with the reason', (_, files, message) => {
  expect(() => readLayout(folderWith(files), undefined, false)).toThrow(message);
});

test('a link that leads out of the model directory is refused', () => {
  const outside = folderWith({ 'secret.onnx': onnx });
  const folder = folderWith({});
  symlinkSync(join(outside, 'secret.onnx'), join(folder, 'model.onnx'));

  expect(() => readLayout(folder, undefined, false)).toThrow(/leads out of/);
});

test('a folder that cannot be read is told of, and keeps no other from being served', () => {
  const folder = folderWith({ 'a/model.onnx': onnx, 'shut/model.onnx': onnx, 'lost+found/x': '' });
  const read = fs.readdirSync;
  const reading = jest.spyOn(fs, 'readdirSync').mockImplementation(((path: string) => {
    if (/shut|lost/.test(path)) {
      throw new Error(`EACCES: permission denied, scandir '${path}'`);
    }
    return read(path);
  }) as typeof fs.readdirSync);
  const found = shape(folder);
  reading.mockRestore();

  expect(found).toEqual({ kind: 'multi', models: { a: ['- onnx'] }, broken: ['shut'] });
});

test('links within the directory, as Kubernetes makes them, are followed', () => {
  const folder = folderWith({ '..data/model.onnx': onnx });
  symlinkSync(join('..data', 'model.onnx'), join(folder, 'model.onnx'));
  writeFileSync(join(folder, 'README'), 'x');

  expect(shape(folder, 'm')).toMatchObject({ kind: 'single', models: { m: ['- onnx'] } });
});
