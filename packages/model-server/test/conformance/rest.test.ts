import { gzipSync } from 'node:zlib';
import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { irisModel } from '../../src/examples/iris';
import { identityModel, tableModel, twoByTwo, zipMapModel } from '../support/models';
import { CallOptions, folderWith, HttpReply, TestServer } from '../support/server';

const TYPES = {
  bool: ELEMENT.BOOL,
  uint8: ELEMENT.UINT8,
  int8: ELEMENT.INT8,
  uint16: ELEMENT.UINT16,
  int16: ELEMENT.INT16,
  uint32: ELEMENT.UINT32,
  int32: ELEMENT.INT32,
  uint64: ELEMENT.UINT64,
  int64: ELEMENT.INT64,
  fp32: ELEMENT.FLOAT,
  fp64: ELEMENT.DOUBLE,
  bytes: ELEMENT.STRING,
};

const TABLE = 10;

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start([folderWith({
    'iris/model.onnx': irisModel(),
    'two/model.onnx': twoByTwo(),
    'zip/model.onnx': zipMapModel(),
    'scalar/model.onnx': identityModel(ELEMENT.FLOAT, []),
    'table/model.onnx': tableModel(TABLE),
    'table/model.json': '{"batching":{"maxSize":16}}',
    'half/model.onnx': identityModel(ELEMENT.FLOAT16),
    'brain/model.onnx': identityModel(ELEMENT.BFLOAT16),
    'versions/1/model.onnx': identityModel(ELEMENT.FLOAT),
    'versions/2/model.onnx': identityModel(ELEMENT.FLOAT),
    'versions/model.json': '{"versions":"all"}',
    ...Object.fromEntries(Object.entries(TYPES).map(([name, type]) => [`${name}/model.onnx`, identityModel(type)])),
  }), '--max_body_bytes=2000000', '--max_rows=100000']);
}, 60_000);

afterAll(async () => {
  await server.stop();
});

const infer = (model: string, body: CallOptions['body'], headers?: CallOptions['headers']): Promise<HttpReply> => server.call(`/v2/models/${model}/infer`, { body, headers });
const input = (datatype: string, shape: unknown, data: unknown, name = 'x'): object => ({ inputs: [{ name, datatype, shape, data }] });

/** A body of JSON and binary tensors. */
function binary(json: object, ...tensors: Uint8Array[]): [Uint8Array, { [name: string]: string }] {
  const head = Buffer.from(JSON.stringify(json));
  return [Buffer.concat([head, ...tensors]), { 'inference-header-content-length': String(head.length) }];
}

/** The rule of all negative tests: the next good request succeeds. */
async function stillServes(): Promise<void> {
  const good = await infer('fp32', input('FP32', [1, 2], [1, 2]));
  expect(good.json.outputs[0].data).toEqual([1, 2]);
}

async function refused(reply: Promise<HttpReply>, status: number, message: RegExp): Promise<void> {
  const { status: got, json, body } = await reply;
  expect({ got, error: json?.error ?? body.toString() }).toEqual({ got: status, error: expect.stringMatching(message) });
  await stillServes();
}

describe('1. routes', () => {
  test.each([
    ['/', { status: 'alive' }],
    ['/v2/health/live', { live: true }],
    ['/v2/health/ready', { ready: true }],
    ['/v2/', { name: 'kserve-model-server', version: '0.0.0', extensions: ['binary_tensor_data', 'model_repository', 'generate'] }],
    ['/v1/models/iris', { name: 'iris', ready: true }],
    ['/v2/models/iris/ready', { name: 'iris', ready: true }],
    ['/v2/models/versions/versions/1/ready', { name: 'versions', ready: true }],
    ['/v2/models/iris', {
      name: 'iris',
      platform: 'onnxruntime_onnx',
      inputs: [{ name: 'X', datatype: 'FP32', shape: [-1, 4] }],
      outputs: [{ name: 'output_label', datatype: 'BYTES', shape: [-1] }, { name: 'output_probability', datatype: 'FP32', shape: [-1, 3], parameters: { labels: ['setosa', 'versicolor', 'virginica'] } }],
    }],
  ])('GET %s', async (path, expected) => {
    expect(await server.call(path)).toMatchObject({ status: 200, json: expected });
    expect((await server.call(path.replace(/\/?$/, '/'))).status).toBe(200);
  });

  test('a version in the path chooses it, and the newest is the default', async () => {
    const one = await server.call('/v2/models/versions/versions/1/infer', { body: input('FP32', [1, 2], [1, 2]) });
    const newest = await infer('versions', input('FP32', [1, 2], [1, 2]));

    expect([one.json.model_version, newest.json.model_version]).toEqual(['1', '2']);
    expect((await server.call('/v2/models/versions')).json.versions).toEqual(['1', '2']);
    expect((await server.call('/v1/models/versions/versions/1:predict', { body: { instances: [[1, 2]] } })).json).toEqual({ predictions: [[1, 2]] });
  });

  test.each(['0x1', '1e0', '%201', '1.0', '3'])('%s is no version of it', async (version) => {
    expect((await server.call(`/v2/models/versions/versions/${version}/ready`)).status).toBe(404);
  });

  test('an unknown version or model is 404', async () => {
    await refused(server.call('/v2/models/versions/versions/3'), 404, /has no version '3'; loaded: 1, 2/);
    await refused(server.call('/v2/models/nothing/infer', { body: {} }), 404, /Model with name nothing does not exist/);
    await refused(server.call('/v1/models/nothing:predict', { body: {} }), 404, /does not exist/);
    await refused(server.call('/nowhere'), 404, /there is nothing at GET \/nowhere/);
  });

  test('a wrong method is 405 with the right one', async () => {
    expect(await server.call('/v2/models/iris/infer')).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });
});

describe('2. health', () => {
  test('replies carry the field of their name', async () => {
    expect((await server.call('/v2/health/live')).json).toEqual({ live: true });
    expect((await server.call('/v2/health/ready')).json).toEqual({ ready: true });
  });
});

describe('3. id and version', () => {
  test('id comes back only if given, model_name always, model_version only if there is one', async () => {
    expect(Object.keys((await infer('fp32', input('FP32', [1, 2], [1, 2]))).json)).toEqual(['model_name', 'outputs']);
    expect((await infer('fp32', { id: 'a"b', ...input('FP32', [1, 2], [1, 2]) })).json).toMatchObject({ id: 'a"b', model_name: 'fp32' });
  });

  test('an id that is no string is 400', () => refused(infer('fp32', { id: 1, ...input('FP32', [1, 2], [1, 2]) }), 400, /'id' must be a string/));
});

describe('4. shapes', () => {
  test('data may be flat or nested', async () => {
    const flat = await infer('fp32', input('FP32', [2, 2], [1, 2, 3, 4]));
    const nested = await infer('fp32', input('FP32', [2, 2], [[1, 2], [3, 4]]));

    expect(flat.json.outputs).toEqual([{ name: 'y', shape: [2, 2], datatype: 'FP32', data: [1, 2, 3, 4] }]);
    expect(nested.json).toEqual(flat.json);
  });

  test('[] is a scalar', async () => {
    expect((await infer('scalar', input('FP32', [], [5]))).json.outputs).toEqual([{ name: 'y', shape: [], datatype: 'FP32', data: [5] }]);
  });

  test('sizes may be 0', async () => {
    expect((await infer('fp32', input('FP32', [0, 2], []))).json.outputs).toEqual([{ name: 'y', shape: [0, 2], datatype: 'FP32', data: [] }]);
  });

  test.each([
    ['a size of -1', [-1, 2], [1, 2], /size -1 at position 0 is no integer of 0 or more/],
    ['a fraction', [1.5, 2], [1, 2, 3], /size 1.5 at position 0/],
    ['a count that differs', [2, 2], [1, 2], /needs 4 elements, 'data' has 2/],
    ['nesting that differs', [1, 4], [[1, 2], [3, 4]], /'data' is nested as \[2,2\], but 'shape' is \[1,4\]/],
    ['ragged data', [2, 2], [[1, 2], [3]], /ragged/],
    ['a product that overflows', [65536, 65536], [1], /more elements than a tensor can hold/],
    ['a size that no tensor has', [0, 4294967296], [], /size 4294967296 at position 1 exceeds 2147483647/],
    ['a product that would be vast', [2147483647, 1], [1], /needs 2147483647 elements, 'data' has 1/],
    ['a wrong rank', [2], [1, 2], /must have the shape \[-1,2\]/],
    ['a wrong inner size', [1, 3], [1, 2, 3], /must have the shape \[-1,2\] .*, but has \[1,3\]/],
    ['a shape that is no list', 'x', [1], /'shape' must be an array/],
    ['no data', [1, 2], undefined, /'data' is missing/],
  ])('%s is 400', (_, shape, data, message) => refused(infer('fp32', input('FP32', shape, data)), 400, message));

  test('the BOOL example of the specification, three elements of which one is given, is 400', () =>
    refused(infer('bool', input('BOOL', [3], [true])), 400, /needs 3 elements, 'data' has 1/));
});

describe('5. datatypes', () => {
  test.each([
    ['bool', 'BOOL', [true, false]], ['uint8', 'UINT8', [0, 255]], ['int8', 'INT8', [-128, 127]], ['uint16', 'UINT16', [0, 65535]], ['int16', 'INT16', [-32768, 32767]],
    ['uint32', 'UINT32', [0, 4294967295]], ['int32', 'INT32', [-2147483648, 2147483647]], ['fp32', 'FP32', [0.5, -2]], ['fp64', 'FP64', [0.1, 1e300]],
    ['bytes', 'BYTES', ['äöü', '']],
  ])('%s goes in and comes out', async (model, datatype, data) => {
    expect((await infer(model, input(datatype, [1, 2], data))).json.outputs[0]).toEqual({ name: 'y', shape: [1, 2], datatype, data });
  });

  test.each([['int64', 'INT64', '[-9223372036854775808,9223372036854775807]'], ['uint64', 'UINT64', '[0,18446744073709551615]']])('%s is exact beyond 2^53', async (model, datatype, data) => {
    const reply = await infer(model, `{"inputs":[{"name":"x","datatype":"${datatype}","shape":[1,2],"data":${data}}]}`);

    expect(reply.body.toString()).toContain(`"data":${data}`);
  });

  test('null is NaN both ways', async () => {
    expect((await infer('fp32', input('FP32', [1, 2], [null, 1]))).json.outputs[0].data).toEqual([null, 1]);
    expect((await server.call('/v1/models/fp32:predict', { body: { instances: [[null, 1]] } })).json).toEqual({ predictions: [[null, 1]] });
  });

  test('Infinity on output is 500 that suggests binary', async () => {
    const [body, headers] = binary({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 } }] }, new Uint8Array(Float32Array.from([Infinity, 1]).buffer));

    await refused(infer('fp32', body, headers), 500, /output 'y' holds Infinity, which JSON cannot express; ask for it as binary data/);
  });

  test('BOOL takes 0 and 1', async () => {
    expect((await infer('bool', input('BOOL', [1, 2], [1, false]))).json.outputs[0].data).toEqual([true, false]);
  });

  test('16-bit floats of a graph are FP32 to callers', async () => {
    expect((await infer('half', input('FP32', [1, 2], [0.5, 3]))).json.outputs[0]).toEqual({ name: 'y', shape: [1, 2], datatype: 'FP32', data: [0.5, 3] });
    expect((await infer('brain', input('FP32', [1, 2], [0.5, 3]))).json.outputs[0].data).toEqual([0.5, 3]);
  });

  test.each([
    ['FP16 as JSON', 'fp32', 'FP16', [1, 2], /FP16, which has no JSON form/],
    ['an unknown datatype', 'fp32', 'FP8', [1, 2], /datatype 'FP8'; known are BOOL/],
    ['another datatype than declared', 'fp32', 'FP64', [1, 2], /must be FP32, but is FP64/],
    ['a number beyond the type', 'uint8', 'UINT8', [256, 0], /no integer from 0 to 255/],
    ['a fraction for an integer', 'int32', 'INT32', [1.5, 0], /no integer/],
    ['a number beyond FP32', 'fp32', 'FP32', [1e39, 0], /exceeds its range/],
    ['null for an integer', 'int32', 'INT32', [null, 0], /holds null/],
    ['numbers for BYTES', 'bytes', 'BYTES', [1, 2], /takes strings, but holds numbers/],
    ['strings for numbers', 'fp32', 'FP32', ['1', '2'], /holds a string/],
    ['NUL in an ONNX string', 'bytes', 'BYTES', ['a\u0000b', ''], /contains a NUL byte/],
  ])('%s is 400', (_, model, datatype, data, message) => refused(infer(model, input(datatype, [1, 2], data)), 400, message));
});

describe('6. binary tensors', () => {
  const floats = new Uint8Array(Float32Array.from([1.5, -2]).buffer);
  const declared = { name: 'x', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 } };

  test('in and out', async () => {
    const [body, headers] = binary({ inputs: [declared], parameters: { binary_data_output: true } }, floats);
    const reply = await infer('fp32', body, headers);
    const length = Number(reply.headers['inference-header-content-length']);

    expect(reply.headers['content-type']).toBe('application/octet-stream');
    expect(JSON.parse(reply.body.subarray(0, length).toString())).toEqual({ model_name: 'fp32', outputs: [{ name: 'y', shape: [1, 2], datatype: 'FP32', parameters: { binary_data_size: 8 } }] });
    expect(new Uint8Array(reply.body.subarray(length))).toEqual(floats);
  });

  test.each([0, 1, 2, 3])('tensors may begin at any offset (%i)', async (shift) => {
    const [body, headers] = binary({ id: 'x'.repeat(shift), inputs: [declared] }, floats);

    expect((await infer('fp32', body, headers)).json.outputs[0].data).toEqual([1.5, -2]);
  });

  test('binary_data of an output beats binary_data_output', async () => {
    const body = { inputs: ['a', 'b'].map((name) => ({ name, datatype: 'FP32', shape: [1, 2], data: [1, 2] })), parameters: { binary_data_output: true }, outputs: [{ name: 'sum', parameters: { binary_data: false } }, { name: 'difference' }] };
    const reply = await infer('two', body);
    const json = JSON.parse(reply.body.subarray(0, Number(reply.headers['inference-header-content-length'])).toString());

    expect(json.outputs.map((output: object) => Object.keys(output).at(-1))).toEqual(['data', 'parameters']);
  });

  test('without a binary output there is no header', async () => {
    const [body, headers] = binary({ inputs: [declared] }, floats);

    expect((await infer('fp32', body, headers)).headers['inference-header-content-length']).toBeUndefined();
  });

  test('JSON and binary inputs mix', async () => {
    const [body, headers] = binary({ inputs: [{ name: 'a', datatype: 'FP32', shape: [1, 2], data: [1, 1] }, { ...declared, name: 'b' }] }, floats);

    expect((await infer('two', body, headers)).json.outputs[0].data).toEqual([2.5, -1]);
  });

  test('a header of 0 makes the body the single input and all outputs binary', async () => {
    const reply = await infer('fp32', floats, { 'inference-header-content-length': '0' });

    expect(new Uint8Array(reply.body.subarray(-8))).toEqual(floats);
  });

  test('BYTES are length-prefixed', async () => {
    const packed = Buffer.from([2, 0, 0, 0, 0x68, 0x69, 0, 0, 0, 0]);
    const [body, headers] = binary({ inputs: [{ name: 'x', datatype: 'BYTES', shape: [1, 2], parameters: { binary_data_size: 10 } }], parameters: { binary_data_output: true } }, packed);

    expect((await infer('bytes', body, headers)).body.subarray(-10)).toEqual(packed);
  });

  // by Node's own parser and streams: a body with a length comes another way
  const CHUNKED = { 'transfer-encoding': 'chunked' };

  test('a body in chunks is read like one with a length', async () => {
    const [body, headers] = binary({ inputs: [declared] }, floats);
    const replies = await Promise.all([infer('fp32', body, { ...headers, ...CHUNKED }), infer('fp32', floats, { 'inference-header-content-length': '0', ...CHUNKED }), infer('fp32', input('FP32', [1, 2], [1.5, -2]), CHUNKED)]);

    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(replies[0]!.json.outputs[0].data).toEqual([...new Float32Array(floats.buffer, floats.byteOffset, 2)]);
    expect(replies[2]!.json.outputs[0].data).toEqual([1.5, -2]);
  });

  test.each([['plain', {}], ['not plain', { te: 'trailers' }]])('a body of 80 kB in a request that is %s comes back whole', async (_, more) => {
    const numbers = Float64Array.from({ length: 10_000 }, (__, i) => i / 7);
    const [body, headers] = binary({ inputs: [{ name: 'x', datatype: 'FP64', shape: [5000, 2], parameters: { binary_data_size: numbers.byteLength } }], outputs: [{ name: 'y', parameters: { binary_data: true } }] }, new Uint8Array(numbers.buffer));
    const reply = await infer('fp64', body, { ...headers, ...more });

    expect(reply.status).toBe(200);
    expect(reply.body.subarray(Number(reply.headers['inference-header-content-length']))).toEqual(Buffer.from(numbers.buffer));
  });

  const sized = (size: unknown): object => ({ inputs: [{ ...declared, parameters: { binary_data_size: size } }] });
  test.each<[string, [Uint8Array | string, { [name: string]: string }?], RegExp]>([
    ['a missing header', [JSON.stringify({ inputs: [declared] })], /header Inference-Header-Content-Length is missing/],
    ['a header beyond the body', ['{}', { 'inference-header-content-length': '99' }], /is 99, but the body has 2 bytes/],
    ['a negative header', ['{}', { 'inference-header-content-length': '-1' }], /must be an integer of 0 or more/],
    ...['-Infinity', '-1e999', 'NaN', '9007199254740993'].flatMap((length): [string, [string, { [name: string]: string }], RegExp][] => [{}, { connection: 'close' }].map((more) =>
      [`a header of ${length} ${JSON.stringify(more)}`, ['{}', { 'inference-header-content-length': length, ...more } as { [name: string]: string }], /must be an integer of 0 or more/])),
    ['a header that is no number', ['{}', { 'inference-header-content-length': 'abc' }], /must be an integer of 0 or more/],
    ['a size beyond the body', binary(sized(12), floats), /binary_data_size is 12, but only 8 bytes follow/],
    ['a size that the shape contradicts', binary(sized(4), floats.subarray(4)), /needs 8 bytes, 4 are given/],
    ['a negative size', binary(sized(-8), floats), /must be an integer of 0 or more/],
    ['bytes left over', binary(sized(8), floats, floats), /8 bytes follow the last binary input/],
    ['data beside binary data', binary({ inputs: [{ ...declared, data: [1, 2] }] }, floats), /has both 'data' and a binary_data_size/],
  ])('%s is 400', (_, [body, headers], message) => refused(infer('fp32', body, headers), 400, message));

  test.each<[string, number[]]>([['truncated', [9, 0, 0, 0, 1]], ['overlong', [255, 255, 255, 255, 1]], ['followed by more', [0, 0, 0, 0, 0, 0, 0, 0, 7]]])('BYTES lengths that are %s are 400', (_, bytes) =>
    refused(infer('bytes', ...binary({ inputs: [{ name: 'x', datatype: 'BYTES', shape: [1, 2], parameters: { binary_data_size: bytes.length } }] }, Uint8Array.from(bytes))), 400, /BYTES element|BYTES elements/));
});

describe('7. names', () => {
  const both = { inputs: ['b', 'a'].map((name, i) => ({ name, datatype: 'FP32', shape: [1, 2], data: [i, 2] })) };

  test('outputs selects and orders', async () => {
    expect((await infer('two', { ...both, outputs: [{ name: 'difference' }, { name: 'sum' }] })).json.outputs.map((output: { name: string }) => output.name)).toEqual(['difference', 'sum']);
    expect((await infer('two', { ...both, outputs: [{ name: 'sum' }] })).json.outputs).toEqual([{ name: 'sum', shape: [1, 2], datatype: 'FP32', data: [1, 4] }]);
  });

  test.each([
    ['an unknown output', { ...both, outputs: [{ name: 'z' }] }, /no output 'z'; its outputs are sum, difference/],
    ['an output asked for twice', { ...both, outputs: [{ name: 'sum' }, { name: 'sum' }] }, /asked for twice/],
    ['an empty output name', { ...both, outputs: [{ name: '' }] }, /outputs\[0\] must have a 'name'/],
    ['an input given twice', { inputs: [...both.inputs, both.inputs[0]] }, /given twice/],
    ['a missing input', { inputs: [both.inputs[0]] }, /input 'a' \(FP32 \[-1,2\]\) is missing/],
    ['an extra input', { inputs: [...both.inputs, { ...both.inputs[0], name: 'c' }] }, /no input 'c'; its inputs are a, b/],
    ['no inputs', {}, /'inputs' must be an array/],
    ['an input that is no object', { inputs: [1] }, /'inputs' must be an array|inputs\[0\] must be an object/],
    ['no JSON', '{', /not valid JSON/],
    ['an empty body', '', /the body is empty/],
    ['a list', '[]', /must be an object/],
  ])('%s is 400', (_, body, message) => refused(infer('two', body), 400, message));
});

describe('9. limits', () => {
  test('a body beyond the limit is 413', () => refused(infer('fp32', 'x'.repeat(2_000_001)), 413, /larger than the 2000000 bytes/));

  test('a body that is too large only after decompression is 413', () =>
    refused(infer('fp32', gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' }), 413, /larger than the 2000000 bytes/));

  test.each(['gzip', 'GZip', 'x-gzip'])('a compressed body is read: %s', async (encoding) => {
    const reply = await infer('fp32', gzipSync(JSON.stringify(input('FP32', [1, 2], [3, 4]))), { 'content-encoding': encoding });

    expect(reply.json.outputs[0].data).toEqual([3, 4]);
  });

  test('damaged compression is 400 and an unknown one 415', async () => {
    await refused(infer('fp32', 'nothing', { 'content-encoding': 'gzip' }), 400, /not valid gzip data/);
    await refused(infer('fp32', 'nothing', { 'content-encoding': 'zstd' }), 415, /Content-Encoding must be/);
  });

  test('deep nesting is 400', () => refused(infer('fp32', '['.repeat(1000)), 400, /nested deeper than 64 levels/));

  test('the error does not echo the input', async () => {
    const { body } = await infer('fp32', input('x'.repeat(100_000), [1, 2], [1, 2]));

    expect(body.length).toBeLessThan(500);
  });

  test('more rows than admitted are 400', () => refused(server.call('/v1/models/uint8:predict', { body: { instances: Array.from({ length: 100_001 }, () => [1, 2]) } }), 400, /100001 rows, more than the 100000/));
});

describe('10. neighbours', () => {
  test('bad requests among good ones of the same moment fail alone', async () => {
    const bad = [20, 50];
    const replies = await Promise.all(Array.from({ length: 60 }, (_, i) => infer('table', input('INT64', [1], [bad.includes(i) ? TABLE : i % TABLE]))));

    expect(replies.map((reply) => reply.status)).toEqual(replies.map((_, i) => (bad.includes(i) ? 400 : 200)));
    expect(replies.map((reply) => reply.json.outputs?.[0].data)).toEqual(replies.map((_, i) => (bad.includes(i) ? undefined : [i % TABLE, 100 + (i % TABLE)])));
    // the others shared runs: requests of this moment do
    const [, runs] = /^model_server_batch_rows_count\{model_name="table"[^}]*\} (\d+)$/m.exec((await server.call('/metrics')).body.toString())!;
    expect(Number(runs)).toBeLessThan(58);
  });
});

describe('V1', () => {
  const predict = (model: string, body: CallOptions['body']): Promise<HttpReply> => server.call(`/v1/models/${model}:predict`, { body });

  test('a classifier answers its label', async () => {
    expect((await predict('iris', { instances: [[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3]] })).json).toEqual({ predictions: ['setosa', 'virginica'] });
    expect((await predict('zip', { instances: [[5, 1], [1, 5]] })).json).toEqual({ predictions: [7, 9] });
  });

  test('rows may stand under inputs, and columns by name too', async () => {
    expect((await predict('fp32', { inputs: [[1, 2]] })).json).toEqual({ predictions: [[1, 2]] });
    expect((await predict('two', { inputs: { a: [[1, 2]], b: [[3, 4]] } })).json).toEqual({ predictions: [{ sum: [4, 6], difference: [-2, -2] }] });
  });

  test('several inputs and outputs are objects', async () => {
    expect((await predict('two', { instances: [{ a: [1, 2], b: [3, 4] }, { a: [0, 0], b: [1, 1] }] })).json).toEqual({ predictions: [{ sum: [4, 6], difference: [-2, -2] }, { sum: [1, 1], difference: [-1, -1] }] });
  });

  test.each([
    ['no instances', {}, /must have 'instances' or 'inputs'/],
    ['instances that are no list', { instances: 'x' }, /'instances' must be a list/],
    ['a row of the wrong length', { instances: [[1, 2, 3]] }, /must have the shape/],
    ['rows that differ', { instances: [[1, 2], [1]] }, /ragged/],
  ])('%s is 400', (_, body, message) => refused(predict('fp32', body), 400, message));

  test('explain is 501 where the model does not explain', () => refused(server.call('/v1/models/iris:explain', { body: {} }), 501, /does not explain/));
});

test('a body above 1 MiB, decoded in the runner, is answered as a small one', async () => {
  const rows = 60_000;
  const data = Array.from({ length: rows * 2 }, (_, i) => i / 8 + 0.123);
  const reply = await infer('fp64', { id: 'large', ...input('FP64', [rows, 2], data) });

  expect(reply.json).toMatchObject({ id: 'large', outputs: [{ shape: [rows, 2] }] });
  expect(reply.json.outputs[0].data).toEqual(data);
});

test('a binary body above 1 MiB, forwarded in the pieces that came, is answered as a small one', async () => {
  const data = Float64Array.from({ length: 150_000 }, (_, i) => i / 8);
  const head = Buffer.from(JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP64', shape: [75_000, 2], parameters: { binary_data_size: data.byteLength } }], parameters: { binary_data_output: true } }));
  const reply = await server.call('/v2/models/fp64/infer', { body: Buffer.concat([head, Buffer.from(data.buffer)]), headers: { 'inference-header-content-length': String(head.length) } });

  expect(reply.status).toBe(200);
  expect(reply.body.subarray(Number(reply.headers['inference-header-content-length'])).equals(Buffer.from(data.buffer))).toBe(true);
});

test('every series starts at 0 and a request is counted', async () => {
  const text = (await server.call('/metrics')).body.toString();

  expect(text).toContain('model_server_requests_total{model_name="scalar",model_version="",protocol="grpc",outcome="timeout"} 0');
  expect(text).toMatch(/request_predict_seconds_bucket\{model_name="fp32",model_version="",le="0.25"\} [1-9]/);
});

test('a text that begins with a byte order mark comes back as it went', async () => {
  const reply = await infer('bytes', input('BYTES', [1, 2], ['\uFEFFa', '\uFEFF']));

  expect(reply.json.outputs[0].data).toEqual(['\uFEFFa', '\uFEFF']);
});
