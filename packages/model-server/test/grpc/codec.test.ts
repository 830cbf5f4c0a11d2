import fc from 'fast-check';
import { decodeInferRequest, decodeInferResponse, encodeInferResponse } from '../../src/grpc/infer-codec';
import { FILES, MESSAGES } from '../../src/grpc/schema';
import { decodeMessage, encodeMessage } from '../../src/protobuf/message';
import { infoOf } from '../../src/tensor/datatypes';
import { Datatype, Tensor } from '../../src/tensor/tensor';
import { referenceRoot, typeOf } from '../support/protobuf';

const root = referenceRoot();
const Request = typeOf(root, 'inference.ModelInferRequest');
const Response = typeOf(root, 'inference.ModelInferResponse');

const CONTENTS: { readonly [datatype: string]: readonly [field: string, values: fc.Arbitrary<unknown>] } = {
  BOOL: ['bool_contents', fc.boolean()],
  UINT8: ['uint_contents', fc.nat(255)],
  UINT16: ['uint_contents', fc.nat(65535)],
  UINT32: ['uint_contents', fc.integer({ min: 0, max: 0xffffffff })],
  UINT64: ['uint64_contents', fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
  INT8: ['int_contents', fc.integer({ min: -128, max: 127 })],
  INT16: ['int_contents', fc.integer({ min: -32768, max: 32767 })],
  INT32: ['int_contents', fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })],
  INT64: ['int64_contents', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  FP32: ['fp32_contents', fc.float()],
  FP64: ['fp64_contents', fc.double()],
  BYTES: ['bytes_contents', fc.uint8Array({ maxLength: 5 })],
};

/** protobufjs wants its Long or strings for 64 bits. */
const plain = (value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value instanceof Uint8Array ? Buffer.from(value) : value);
const text = (value: unknown): string => (ArrayBuffer.isView(value) ? Buffer.from(value as Uint8Array).toString('hex') : Object.is(value, -0) ? '-0' : String(value));

const typed = fc.constantFrom(...Object.keys(CONTENTS)).chain((datatype) => fc.tuple(fc.constant(datatype as Datatype), fc.array(CONTENTS[datatype]![1], { maxLength: 20 })));

test('typed requests that protobufjs wrote are read back', () => {
  fc.assert(fc.property(typed, fc.string({ unit: 'binary' }), fc.option(fc.string({ minLength: 1 }), { nil: undefined }), ([datatype, values], name, id) => {
    const message = { model_name: name, id, inputs: [{ name: 'x', datatype, shape: [values.length], contents: { [CONTENTS[datatype]![0]]: values.map(plain) } }] };
    const call = decodeInferRequest(Request.encode(Request.fromObject(message)).finish());

    expect(call).toMatchObject({ model: name, id, raw: false, inputs: [{ name: 'x', datatype, shape: [values.length] }] });
    expect(Array.from(call.inputs[0]!.data as Iterable<unknown>, text)).toEqual(values.map((value) => text(typeof value === 'boolean' ? Number(value) : value)));
  }), { numRuns: 1000 });
});

test('replies are read by protobufjs as they were meant', () => {
  fc.assert(fc.property(typed, fc.boolean(), ([datatype, values], raw) => {
    const info = infoOf(datatype);
    const data = info.kind === 'bytes' ? values as Uint8Array[] : Object.assign(new info.array(values.length), values.map((value) => (typeof value === 'boolean' ? Number(value) : value)));
    const output: Tensor = { name: 'y', datatype, shape: [values.length], data };
    const decoded = Response.decode(encodeInferResponse('m', '3', { id: 'i', raw }, [output])) as never as { outputs: { shape: unknown[]; contents: { [field: string]: unknown[] } }[]; raw_output_contents: Uint8Array[] };

    expect(decoded).toMatchObject({ model_name: 'm', model_version: '3', id: 'i', outputs: [{ name: 'y', datatype }] });
    expect(String(decoded.outputs[0]!.shape[0])).toBe(String(values.length));
    if (!raw) {
      expect(decoded.outputs[0]!.contents[CONTENTS[datatype]![0]]!.map(text)).toEqual(values.map((value) => text(value)));
    } else if (info.kind !== 'bytes') {
      expect(Buffer.from(decoded.raw_output_contents[0]!).toString('hex')).toBe(Buffer.from((data as Float32Array).buffer).toString('hex'));
    }
  }), { numRuns: 1000 });
});

test('the parameters of a reply are read back', () => {
  const parameters = { text: 'a', yes: true, whole: 3, large: 2n ** 60n, part: 0.5 };

  expect(decodeInferResponse(encodeInferResponse('m', undefined, { raw: true }, [], parameters)).parameters).toEqual(parameters);
  expect(decodeInferResponse(encodeInferResponse('m', undefined, { raw: true }, [])).parameters).toBeUndefined();
});

test('unpacked numbers are accepted as packed ones', () => {
  // field 6 of the contents, one number at a time
  const one = (value: number): Buffer => Buffer.concat([Buffer.from([0x35]), Buffer.from(Float32Array.of(value).buffer)]);
  const contents = Buffer.concat([one(1), one(2)]);
  const input = Buffer.concat([Buffer.from([0x0a, 1, 0x78, 0x12, 4]), Buffer.from('FP32'), Buffer.from([0x18, 2, 0x2a, contents.length]), contents]);
  const call = decodeInferRequest(Buffer.concat([Buffer.from([0x2a, input.length]), input]));

  expect(call.inputs[0]).toMatchObject({ shape: [2], data: Float32Array.of(1, 2) });
});

test.each([
  ['raw contents beside typed ones', { inputs: [{ name: 'x', datatype: 'FP32', shape: [1], contents: { fp32_contents: [1] } }], raw_input_contents: [Buffer.alloc(4)] }, /must be empty when raw_input_contents/],
  ['too few raw contents', { inputs: [{ name: 'x', datatype: 'FP32', shape: [1] }, { name: 'y', datatype: 'FP32', shape: [1] }], raw_input_contents: [Buffer.alloc(4)] }, /1 entries for 2 inputs/],
  ['contents of another type', { inputs: [{ name: 'x', datatype: 'FP32', shape: [1], contents: { fp64_contents: [1] } }] }, /data stands in fp32_contents, but fp64_contents/],
  ['a count that differs', { inputs: [{ name: 'x', datatype: 'FP32', shape: [2], contents: { fp32_contents: [1] } }] }, /needs 2 elements, fp32_contents has 1/],
  ['FP16 as typed contents', { inputs: [{ name: 'x', datatype: 'FP16', shape: [1], contents: { fp32_contents: [1] } }] }, /only raw_input_contents can carry/],
  ['a negative size', { inputs: [{ name: 'x', datatype: 'FP32', shape: [-1] }] }, /size -1/],
  ['a size beyond what a tensor can hold', { inputs: [{ name: 'x', datatype: 'FP32', shape: [0, '4294967296'] }] }, "input 'x': the shape's size 4294967296 at position 1 exceeds 2147483647"],
  ['the same beside raw data', { inputs: [{ name: 'x', datatype: 'BYTES', shape: ['9223372036854775807', 0] }], raw_input_contents: [Buffer.alloc(0)] }, /at position 0 exceeds 2147483647/],
  ['a number out of range', { inputs: [{ name: 'x', datatype: 'UINT8', shape: [1], contents: { uint_contents: [256] } }] }, /out of its range/],
  ['raw data of a wrong length', { inputs: [{ name: 'x', datatype: 'FP32', shape: [2] }], raw_input_contents: [Buffer.alloc(7)] }, /needs 8 bytes, 7 are given/],
])('%s is refused', (_, message, error) => {
  expect(() => decodeInferRequest(Request.encode(Request.fromObject(message)).finish())).toThrow(error);
});

test('random bytes are refused as malformed or read, never anything else', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
    try {
      decodeInferRequest(bytes);
    } catch (error) {
      expect(error).toMatchObject({ name: 'ServerError', code: 'invalid' });
    }
  }), { numRuns: 5000 });
});

const value = (type: string, depth: number): fc.Arbitrary<unknown> => {
  switch (type) {
    case 'string': return fc.string();
    case 'bytes': return fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes));
    case 'bool': return fc.boolean();
    case 'int32': return fc.integer();
    case 'uint32': return fc.integer({ min: 0, max: 0xffffffff });
    case 'int64': return fc.maxSafeInteger();
    case 'uint64': return fc.maxSafeNat();
    case 'float': return fc.float({ noNaN: true });
    case 'double': return fc.double({ noNaN: true });
    default: return MESSAGES[type as '.x'] === undefined ? fc.integer({ min: 0, max: 3 }) : anyMessage(type as `.${string}`, depth + 1);
  }
};
function anyMessage(name: `.${string}`, depth = 0): fc.Arbitrary<object> {
  const { fields } = MESSAGES[name]!;
  return fc.record(Object.fromEntries(fields.filter(() => depth < 4).map((field) => {
    const one = value(field.type, depth);
    return [field.name, field.map === true ? fc.dictionary(fc.string().filter((key) => key !== '__proto__'), one, { maxKeys: 3 }) : field.repeated === true ? fc.array(one, { maxLength: 3 }) : one];
  })), { requiredKeys: [] }).map((record) => {
    const seen = new Set<string>();
    return Object.fromEntries(Object.entries(record).filter(([key]) => {
      const { oneof } = fields.find((field) => field.name === key)!;
      return oneof === undefined || !seen.has(oneof) && seen.add(oneof) !== undefined;
    }));
  });
}

test.each(FILES.flatMap((file) => Object.keys(file.messages)))('%s is written and read as protobufjs does', (name) => {
  const reference = typeOf(root, name.slice(1));
  fc.assert(fc.property(anyMessage(name as '.x'), (sample) => {
    const ours = encodeMessage(MESSAGES, name as '.x', sample);
    const theirs = reference.encode(reference.fromObject(sample)).finish();
    const options = { longs: Number, bytes: String, defaults: true } as const;

    expect(reference.toObject(reference.decode(ours), options)).toEqual(reference.toObject(reference.decode(theirs), options));
    const back = reference.fromObject(decodeMessage(MESSAGES, name as '.x', theirs));
    expect(reference.toObject(back, options)).toEqual(reference.toObject(reference.decode(theirs), options));
  }), { numRuns: 60 });
});
