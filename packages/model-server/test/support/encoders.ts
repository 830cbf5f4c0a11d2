import { ELEMENT, writeOnnx } from '../../src/engine/onnx/onnx-model';

const WORDS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'good', 'bad', 'day'];
export const WIDTH = 4;
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

/** The embedder's vector of each word. */
export const table = Float32Array.from({ length: WORDS.length * WIDTH }, (_, i) => ((i * 7) % 11) - 5);
const ids = ['input_ids', 'attention_mask', 'token_type_ids'].map((name) => ({ name, type: ELEMENT.INT64, shape: ['N', 'L'] }));
/** Gives each token its vector. */
export const embedder = writeOnnx({
  inputs: ids,
  outputs: [{ name: 'last_hidden_state', type: ELEMENT.FLOAT, shape: ['N', 'L', WIDTH] }],
  weights: [{ name: 'table', shape: [WORDS.length, WIDTH], data: table }],
  nodes: [{ op: 'Gather', inputs: ['table', 'input_ids'], outputs: ['last_hidden_state'] }],
});
/** Counts good words against bad ones. */
export const ranker = writeOnnx({
  inputs: ids,
  outputs: [{ name: 'logits', type: ELEMENT.FLOAT, shape: ['N', 1] }],
  weights: [{ name: 'score', shape: [WORDS.length, 1], data: Float32Array.from([0, 0, 0, 0, 1, -1, 0]) }, { name: 'axes', shape: [1], data: BigInt64Array.from([1n]) }],
  nodes: [{ op: 'Gather', inputs: ['score', 'input_ids'], outputs: ['g'] }, { op: 'ReduceSum', inputs: ['g', 'axes'], outputs: ['logits'], attributes: { keepdims: 0n } }],
});

/** What stands beside an encoder's model in its folder. */
export const encoderFiles = (folder: string): { readonly [path: string]: string } => ({
  [`${folder}/tokenizer.json`]: TOKENIZER,
  [`${folder}/tokenizer_config.json`]: '{"model_max_length":8}',
  [`${folder}/config.json`]: '{"pad_token_id":0}',
});
