import fs, { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { irisModel } from '../../src/examples/iris';
import { ModelSource, readLayout } from '../../src/model/layout';
import { folderWith } from '../support/server';
import { xgboostModel } from '../trees/models';

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
  ['versions before the layout of Hugging Face', { '1/model.onnx': onnx, 'onnx/model.onnx': onnx, 'config.json': '{}' }, { kind: 'single', models: { model: ['1 onnx'] } }],
  ['versions before a file that model.json names', { '1/model.onnx': onnx, 'a/b.onnx': onnx, 'model.json': '{"file":"a/b.onnx"}' }, { kind: 'single', models: { model: ['1 onnx'] } }],
  ['a model file before versions', { '1/model.onnx': onnx, 'a.onnx': onnx }, { kind: 'single', models: { model: ['- onnx'] } }],
  ['an XGBoost model called model.json before versions', { '1/model.onnx': onnx, 'model.json': xgboostModel() }, { kind: 'single', models: { model: ['- trees'] } }],
  ['an XGBoost model called model.json before code', { 'model.ts': 'x', 'model.json': xgboostModel() }, { kind: 'single', models: { model: ['- trees'] } }],
  ['the file that model.json names before code', { 'model.ts': 'x', 'a.onnx': onnx, 'model.json': '{"file":"a.onnx"}' }, { kind: 'single', models: { model: ['- onnx'] } }],
  ['code before other model files', { 'model.mjs': 'x', 'a.onnx': onnx, 'b.onnx': onnx }, { kind: 'single', models: { model: ['- user'] } }],
  ['a model file before the layout of Hugging Face', { 'model.ts': 'x', 'onnx/model.onnx': onnx, 'tokenizer.json': '{}' }, { kind: 'single', models: { model: ['- user'] } }],
  ['the layout of Hugging Face before several models', { 'onnx/model.onnx': onnx, 'config.json': '{}', 'b/model.onnx': onnx }, { kind: 'single', models: { model: ['- onnx'] } }],
  ['a model file before several models', { 'a.onnx': onnx, 'b/model.onnx': onnx }, { kind: 'single', models: { model: ['- onnx'] } }],
  ['nothing', {}, { kind: 'empty', models: {} }],
])('%s is found', (_, files, expected) => {
  expect(shape(folderWith(files))).toMatchObject(expected);
});

test('where several models are asked for, only sub-folders are looked at', () => {
  expect(shape(folderWith({ 'a.onnx': onnx, 'b/model.onnx': onnx }), undefined, true)).toMatchObject({ kind: 'multi', models: { b: ['- onnx'] } });
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

/** What a server takes that is given one of the files. */
const given = (files: { [path: string]: string | Uint8Array }, file: string, name?: string): object => {
  const [key, [source]] = [...readLayout(join(folderWith(files), file), name, false).models][0]! as [string, [ModelSource]];
  return { name: key, same: source.name === key, format: source.format, config: source.config, ignored: source.ignored };
};

test.each<[string, { [path: string]: string | Uint8Array }, string, object]>([
  ['the file alone', {}, 'a.onnx', { name: 'a', config: {}, ignored: [] }],
  ['the settings beside it', { 'model.json': '{"deterministic":true}' }, 'a.onnx', { name: 'a', config: { deterministic: true }, ignored: [] }],
  ['the name that model.json has', { 'model.json': '{"name":"fraud"}' }, 'a.onnx', { name: 'fraud', config: { name: 'fraud' }, ignored: [] }],
  ['settings that name this very file', { 'model.json': '{"file":"./a.onnx","cacheMiB":2}' }, 'a.onnx', { name: 'a', config: { file: './a.onnx', cacheMiB: 2 }, ignored: [] }],
  ['no settings of another file', { 'model.json': '{"file":"b.onnx","cacheMiB":2}', 'b.onnx': onnx }, 'a.onnx', { name: 'a', config: {}, ignored: ['model.json'] }],
  ['an XGBoost model that is called model.json', { 'model.json': xgboostModel() }, 'model.json', { name: 'model', format: 'trees', config: {}, ignored: [] }],
  ['the file beside an XGBoost model called model.json', { 'model.json': xgboostModel() }, 'a.onnx', { name: 'a', config: {}, ignored: ['model.json'] }],
])('a model given as a file: %s', (_, files, file, expected) => {
  expect(given({ 'a.onnx': onnx, ...files }, file)).toEqual({ format: 'onnx', same: true, ...expected });
});

test('--model_name goes before the name in model.json, for a file as for a folder', () => {
  const files = { 'a.onnx': onnx, 'model.json': '{"name":"fraud"}' };

  expect(given(files, 'a.onnx', 'flag')).toMatchObject({ name: 'flag', same: true });
  expect(given(files, '.', 'flag')).toMatchObject({ name: 'flag', same: true });
});

test.each<[string, string | undefined, RegExp]>([
  ['has a mistake', '{"limits":{"queue":0}}', /model\.json: \/limits\/queue must be at least 1/],
  ['leads out', undefined, /model\.json leads out of/],
])('a model.json beside a model given as a file that %s is refused', (_, text, message) => {
  const folder = folderWith({ 'a.onnx': onnx, ...(text === undefined ? {} : { 'model.json': text }) });
  if (text === undefined) {
    symlinkSync(join(folderWith({ 'secret.json': '{}' }), 'secret.json'), join(folder, 'model.json'));
  }

  expect(() => readLayout(join(folder, 'a.onnx'), undefined, false)).toThrow(message);
});
