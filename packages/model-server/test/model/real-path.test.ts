import { ChildProcess, spawn } from 'node:child_process';
import { readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ELEMENT, writeOnnx } from '../../src/engine/onnx/onnx-model';
import { irisModel } from '../../src/examples/iris';
import { realPath } from '../../src/model/real-path';
import { lenField, readFields, varintField, writeFields } from '../../src/protobuf/fields';
import { folderWith, TestServer } from '../support/server';

/** Multiplies by weights that are in a file of their own. */
function splitModel(): { [path: string]: Uint8Array } {
  const value = (name: string) => ({ name, type: ELEMENT.FLOAT, shape: ['N', 2] });
  const whole = writeOnnx({ inputs: [value('x')], outputs: [value('y')], nodes: [{ op: 'Mul', inputs: ['x', 'w'], outputs: ['y'] }] });
  const location = writeFields([lenField(1, 'location'), lenField(2, 'weights/w.bin')]);
  const tensor = writeFields([varintField(1, 2), varintField(2, ELEMENT.FLOAT), lenField(8, 'w'), lenField(13, location), varintField(14, 1)]);
  const split = readFields(whole).map((field) => (field.no === 7 ? lenField(7, writeFields([...readFields(field.value as Uint8Array), lenField(5, tensor)])) : field));
  return { 'models/model.onnx': writeFields(split), 'models/weights/w.bin': new Uint8Array(Float32Array.of(2, 3).buffer) };
}

const TRIPLE = `
import { defineModel } from 'kserve-model-server';
import { factor } from './factor.ts';
export default defineModel({
  inputs: { x: { datatype: 'FP32', shape: [-1] } },
  outputs: { y: { datatype: 'FP32', shape: [-1] } },
  predict: ({ x }) => ({ y: Array.from(x.data, (value) => value * factor) }),
});
`;

let other: ChildProcess | undefined;
let server: TestServer | undefined;

afterEach(async () => {
  await server?.stop();
  other?.kill();
  server = undefined;
  other = undefined;
});

/** A process whose root is this folder, as that of another container of the pod is. */
async function processWithRoot(folder: string): Promise<ChildProcess> {
  const script = 'mount --bind "$0" "$0"; cd "$0"; mkdir old; pivot_root . old; echo there; read end';
  const child = spawn('unshare', [...(process.getuid!() === 0 ? [] : ['--map-root-user']), '--mount', 'sh', '-ec', script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => {
    child.stdout!.once('data', resolve);
    child.once('exit', (code) => reject(new Error(`no such process can be made: ${code}`)));
  });
  return child;
}

test.each<[string, { [path: string]: string | Uint8Array }, unknown, unknown]>([
  ['an ONNX model', { 'models/model.onnx': irisModel() }, [[5.1, 3.5, 1.4, 0.2]], ['setosa']],
  ['an ONNX model with its weights in another file', splitModel(), [[5, 6]], [[10, 18]]],
  ['versions', { 'models/1/model.onnx': irisModel(), 'models/2/model.onnx': irisModel() }, [[5.1, 3.5, 1.4, 0.2]], ['setosa']],
  ['code of several files', { 'models/model.ts': TRIPLE, 'models/factor.ts': 'export const factor: number = 3;' }, [5, 6], [15, 18]],
])('%s is served out of another container, by the link that KServe makes to its root', async (_, files, instances, predictions) => {
  other = await processWithRoot(folderWith(files));
  const mount = folderWith({});
  expect(readlinkSync(`/proc/${other.pid}/root`)).toBe('/');
  symlinkSync(`/proc/${other.pid}/root/models`, join(mount, 'models'));

  server = await TestServer.start([`--model_dir=${join(mount, 'models')}`, '--model_name=m']);
  const reply = await server.call('/v1/models/m:predict', { body: { instances } });

  expect(reply.json).toEqual({ predictions });
});

test('other links are followed, also one after the other and relative ones', () => {
  const folder = folderWith({ 'b/c/model.onnx': 'x' });
  symlinkSync('b', join(folder, 'a'));
  symlinkSync('../a/c/model.onnx', join(folder, 'b', 'link'));

  expect(realPath(join(folder, 'a', 'link'))).toBe(realPath(join(folder, 'b', 'c', 'model.onnx')));
  expect(realPath(join(folder, 'a', '..', 'b'))).toBe(join(realPath(folder), 'b'));
});

test('links in a circle are an error', () => {
  const folder = folderWith({});
  symlinkSync('b', join(folder, 'a'));
  symlinkSync('a', join(folder, 'b'));

  expect(() => realPath(join(folder, 'a'))).toThrow(/ELOOP/);
});
