import { join } from 'node:path';
import { readWeightFiles } from '../../src/engine/onnx/weight-files';
import { lenField, writeFields } from '../../src/protobuf/fields';
import { folderWith } from '../support/server';

/** A model with tensors in these files. */
function modelOf(...locations: string[]): Uint8Array {
  const tensors = locations.map((location) => lenField(5, writeFields([lenField(13, writeFields([lenField(1, 'location'), lenField(2, location)]))])));
  return writeFields([lenField(7, writeFields(tensors))]);
}

test('each file of weights is read once, by the name that the model has for it', () => {
  const folder = folderWith({ 'w.bin': 'abc', 'below/v.bin': 'de' });

  expect(readWeightFiles(modelOf('w.bin', './below/v.bin', 'w.bin'), folder)).toEqual([
    { path: 'w.bin', data: Buffer.from('abc') },
    { path: './below/v.bin', data: Buffer.from('de') },
  ]);
});

test('weights outside of the model\'s folder are refused', () => {
  const folder = folderWith({ 'm/model.onnx': '', 'secret': 'x' });

  expect(() => readWeightFiles(modelOf('../secret'), join(folder, 'm'))).toThrow(`the model keeps weights in ../secret, which leads out of ${join(folder, 'm')}`);
});
