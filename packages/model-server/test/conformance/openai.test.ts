import { ELEMENT, writeOnnx } from '../../src/examples/onnx-model';
import { folderWith, HttpReply, TestServer } from '../support/server';

const WORDS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'good', 'bad', 'day'];
const WIDTH = 4;
const TOKENIZER = JSON.stringify({
  version: '1.0',
  added_tokens: WORDS.slice(0, 4).map((content, id) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true })),
  normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '[CLS]', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '[SEP]', type_id: 0 } }],
    pair: [{ SpecialToken: { id: '[CLS]', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '[SEP]', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }, { SpecialToken: { id: '[SEP]', type_id: 1 } }],
    special_tokens: { '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] }, '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] } },
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])) },
});

const table = Float32Array.from({ length: WORDS.length * WIDTH }, (_, i) => ((i * 7) % 11) - 5);
const ids = ['input_ids', 'attention_mask', 'token_type_ids'].map((name) => ({ name, type: ELEMENT.INT64, shape: ['N', 'L'] }));
const embedder = writeOnnx({
  inputs: ids,
  outputs: [{ name: 'last_hidden_state', type: ELEMENT.FLOAT, shape: ['N', 'L', WIDTH] }],
  weights: [{ name: 'table', shape: [WORDS.length, WIDTH], data: table }],
  nodes: [{ op: 'Gather', inputs: ['table', 'input_ids'], outputs: ['last_hidden_state'] }],
});
const ranker = writeOnnx({
  inputs: ids,
  outputs: [{ name: 'logits', type: ELEMENT.FLOAT, shape: ['N', 1] }],
  weights: [{ name: 'score', shape: [WORDS.length, 1], data: Float32Array.from([0, 0, 0, 0, 1, -1, 0]) }, { name: 'axes', shape: [1], data: BigInt64Array.from([1n]) }],
  nodes: [{ op: 'Gather', inputs: ['score', 'input_ids'], outputs: ['g'] }, { op: 'ReduceSum', inputs: ['g', 'axes'], outputs: ['logits'], attributes: { keepdims: 0n } }],
});

let server: TestServer;

beforeAll(async () => {
  const files = { 'tokenizer.json': TOKENIZER, 'tokenizer_config.json': '{"model_max_length":8}', 'config.json': '{"pad_token_id":0}' };
  const at = (folder: string): { [path: string]: string } => Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));
  server = await TestServer.start([folderWith({
    ...at('plain'),
    'plain/model.onnx': embedder,
    ...at('unit'),
    'unit/onnx/model.onnx': embedder,
    'unit/modules.json': '[{"type":"sentence_transformers.models.Normalize"}]',
    'unit/1_Pooling/config.json': '{"pooling_mode_cls_token":true}',
    ...at('ranker'),
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

test('token ids, base64 and dimensions are taken', async () => {
  const { json } = await post('embeddings', { model: 'plain', input: [[4], [5]], encoding_format: 'base64' });
  const bytes = Buffer.from(json.data[1].embedding, 'base64');

  expect(Array.from(new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + 16)))).toEqual(row(5));
  expect((await post('embeddings', { model: 'plain', input: [4], dimensions: 2 })).json.data[0].embedding).toHaveLength(2);
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
