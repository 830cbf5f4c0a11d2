import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelMetadata } from '../../src/model/metadata';
import { Encoder, readEncoder } from '../../src/openai/encoder';
import { embedder, encoderFiles, ranker, table, WIDTH } from '../support/encoders';
import { folderWith, HttpReply, TestServer } from '../support/server';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start([folderWith({
    ...encoderFiles('plain'),
    'plain/model.onnx': embedder,
    ...encoderFiles('unit'),
    'unit/onnx/model.onnx': embedder,
    'unit/modules.json': '[{"type":"sentence_transformers.models.Normalize"}]',
    'unit/1_Pooling/config.json': '{"pooling_mode_cls_token":true}',
    ...encoderFiles('ranker'),
    'ranker/model.onnx': ranker,
  })]);
}, 60_000);

afterAll(async () => {
  await server.stop();
});

const post = (path: string, body: object): Promise<HttpReply> => server.call(`/openai/v1/${path}`, { body });
const row = (id: number): number[] => Array.from(table.subarray(id * WIDTH, (id + 1) * WIDTH));
const mean = (rows: number[][]): number[] => rows[0]!.map((_, j) => Math.fround(rows.reduce((sum, entry) => sum + entry[j]!, 0) / rows.length));

test('a text becomes the mean of its tokens where the model says nothing else', async () => {
  const { json } = await post('embeddings', { model: 'plain', input: 'Good day' });

  expect(json).toEqual({ object: 'list', model: 'plain', data: [{ object: 'embedding', index: 0, embedding: mean([row(2), row(4), row(6), row(3)]) }], usage: { prompt_tokens: 4, total_tokens: 4 } });
});

test('pooling and normalisation are those of the model\'s own files, and stand in the metadata', async () => {
  const { json } = await post('embeddings', { model: 'unit', input: ['good'] });
  const length = Math.hypot(...row(2));

  expect(json.data[0].embedding.map((value: number) => value.toFixed(5))).toEqual(row(2).map((value) => (value / length).toFixed(5)));
  expect((await server.call('/v2/models/unit')).json.parameters).toEqual({ pooling: 'cls', normalize: true, max_tokens: 8 });
});

test('texts of different length share a batch without touching each other', async () => {
  const single = await Promise.all(['good', 'bad bad day', ''].map((input) => post('embeddings', { model: 'plain', input })));
  const together = await post('embeddings', { model: 'plain', input: ['good', 'bad bad day', ''] });

  expect(together.json.data.map((entry: { embedding: number[] }) => entry.embedding)).toEqual(single.map(({ json }) => json.data[0].embedding));
});

test('texts of many batches come back in their order', async () => {
  const input = Array.from({ length: 70 }, (_, i) => (i % 3 === 0 ? [4, 5] : ['good', 'bad day'][i % 2]!));
  const { json } = await post('embeddings', { model: 'plain', input });
  const good = mean([row(2), row(4), row(3)]);
  const badDay = mean([row(2), row(5), row(6), row(3)]);

  expect(json.data).toEqual(input.map((_, index) => ({ object: 'embedding', index, embedding: index % 3 === 0 ? mean([row(4), row(5)]) : [good, badDay][index % 2] })));
  expect(json.usage.total_tokens).toBe(24 * 2 + 23 * 3 + 23 * 4);
});

test('pooling takes the largest, the last or the mean of the tokens, without those of padding', () => {
  const hidden = { name: 'h', datatype: 'FP32', shape: [2, 3, 2], data: Float32Array.of(1, -6, 3, -2, 2, -4, 5, 1, 9, 9, 9, 9) } as const;
  const batch = [{ ids: [1, 2, 3], count: 3 }, { ids: [1], count: 1 }];
  const metadata: ModelMetadata = { platform: 'onnx', inputs: [{ name: 'input_ids', datatype: 'INT64', shape: [-1, -1] }], outputs: [{ name: 'h', datatype: 'FP32', shape: [-1, -1, 2] }] };
  const settings = (mode: string) => readEncoder(folderWith({ 'tokenizer.json': '{}', '1_Pooling/config.json': JSON.stringify({ [`pooling_mode_${mode}`]: true }) }), metadata)!;
  const pooled = (mode: string): number[][] => new Encoder(metadata, settings(mode)).vectors(hidden, batch).map((vector) => [...vector]);

  expect([pooled('max_tokens'), pooled('lasttoken'), pooled('mean_tokens'), pooled('cls_token')]).toEqual([[[3, -2], [5, 1]], [[2, -4], [5, 1]], [[2, -4], [5, 1]], [[1, -6], [5, 1]]]);
});

test('an encoder placed inline answers alike', async () => {
  const inline = await TestServer.start([folderWith({ ...encoderFiles('quick'), 'quick/model.onnx': embedder, 'quick/model.json': '{"placement":"inline"}' }), '--multi_model']);
  const { json } = await inline.call('/openai/v1/embeddings', { body: { model: 'quick', input: 'good' } });
  await inline.stop();

  expect(json.data).toEqual([{ object: 'embedding', index: 0, embedding: mean([row(2), row(4), row(3)]) }]);
});

test('token ids, base64 and dimensions are taken', async () => {
  const { json } = await post('embeddings', { model: 'plain', input: [[4], [5]], encoding_format: 'base64' });
  const bytes = Buffer.from(json.data[1].embedding, 'base64');

  expect(Array.from(new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + 16)))).toEqual(row(5));
  expect((await post('embeddings', { model: 'plain', input: [4], dimensions: 2 })).json.data[0].embedding).toHaveLength(2);
});

test('options that are null are as if they were not there', async () => {
  expect((await post('embeddings', { model: 'plain', input: [4], dimensions: null, encoding_format: null })).json.data[0].embedding).toHaveLength(WIDTH);
  expect((await post('rerank', { model: 'ranker', query: 'day', documents: ['bad', 'good'], top_n: null })).json.results).toHaveLength(2);
});

test.each([2 ** 31, 2 ** 64 + 4096, 1e300, -1, 1.5])('%s is no token id', async (id) => {
  const { status, json } = await post('embeddings', { model: 'plain', input: [[2, id]] });

  expect([status, json.error.message]).toEqual([400, 'input[0] must be a text or a list of token ids']);
});

test('a text that is too long is 400, unless it may be cut', async () => {
  const input = 'good '.repeat(20);

  expect(await post('embeddings', { model: 'plain', input })).toMatchObject({ status: 400, json: { error: { message: expect.stringContaining('has 22 tokens, more than the 8'), type: 'invalid_request_error', code: 400 } } });
  expect((await post('embeddings', { model: 'plain', input, truncate_prompt_tokens: -1 })).json.usage.prompt_tokens).toBe(8);
});

test('rerank orders documents by relevance', async () => {
  const { json } = await post('rerank', { model: 'ranker', query: 'day', documents: ['bad', 'good good', { text: 'day' }], top_n: 2, return_documents: true });

  expect(json.results).toEqual([
    { index: 1, relevance_score: expect.closeTo(1 / (1 + Math.exp(-2)), 5), document: { text: 'good good' } },
    { index: 2, relevance_score: 0.5, document: { text: 'day' } },
  ]);
});

test('models are listed, errors have the shape that OpenAI\'s clients read', async () => {
  expect((await server.call('/openai/v1/models')).json.data.map((model: { id: string }) => model.id).sort()).toEqual(['plain', 'ranker', 'unit']);
  expect(await post('embeddings', { model: 'nothing', input: 'x' })).toMatchObject({ status: 404, json: { error: { type: 'not_found_error' } } });
  expect(await post('embeddings', { model: 'plain', input: 5 })).toMatchObject({ status: 400, json: { error: { type: 'invalid_request_error' } } });
});

test.each([
  ['tokenizer.json', 'no json', 'tokenizer.json is not valid JSON: '],
  ['tokenizer.json', '{}', 'tokenizer.json is no tokenizer that can be used: '],
  ['config.json', '{', 'config.json is not valid JSON: '],
])('a %s that holds %s is told when the model is loaded', async (file, text, message) => {
  for (const placement of ['runner', 'inline']) {
    const odd = folderWith({ ...encoderFiles('odd'), 'odd/model.onnx': embedder, 'odd/model.json': JSON.stringify({ placement }), [`odd/${file}`]: text });
    const broken = await TestServer.start([odd, '--multi_model']);
    const { json } = await broken.call('/v2/repository/index', { method: 'POST' });
    await broken.stop();

    expect(json).toEqual([{ name: 'odd', state: 'UNAVAILABLE', reason: expect.stringContaining(message) }]);
  }
}, 30_000);

test('a folder that is replaced changes nothing until the model is loaded again', async () => {
  const folder = folderWith({ ...encoderFiles('m'), 'm/model.onnx': embedder });
  const own = await TestServer.start([folder, '--multi_model']);
  const ask = async (): Promise<unknown> => (await own.call('/openai/v1/embeddings', { body: { model: 'm', input: 'good' } })).json.data[0].embedding;
  const tokenizer = join(folder, 'm', 'tokenizer.json');
  const text = readFileSync(tokenizer, 'utf8');
  // the words change their places
  writeFileSync(tokenizer, text.replace('"good":4', '"good":5').replace('"bad":5', '"bad":4'));
  writeFileSync(join(folder, 'm', 'tokenizer_config.json'), '{"model_max_length":7}');
  const before = [await ask(), (await own.call('/v2/models/m')).json.parameters.max_tokens];
  await own.call('/v2/repository/models/m/load', { method: 'POST' });
  const after = [await ask(), (await own.call('/v2/models/m')).json.parameters.max_tokens];
  await own.stop();

  expect([before, after]).toEqual([[mean([row(2), row(4), row(3)]), 8], [mean([row(2), row(5), row(3)]), 7]]);
}, 30_000);
