import { invalid, ServerError } from '../../errors';
import { IndexedTensor, Op } from '../../frames/frame';
import type { TokenizeRequest } from '../../frames/meta';
import { Encoder, normalized } from '../../openai/encoder';
import { cut, Tokens } from '../../openai/tokenizer';
import { Job } from '../../pool/job';
import { ServedModel } from '../../registry/served';
import { FrontContext } from '../context';
import { infer, submit } from '../infer';
import { Exchange, JSON_TYPE } from './exchange';
import { deadlineOf, logRequest, observe } from './predict';

/** Texts in one run of the model; longer lists take several. */
const BATCH = 32;
const MOST_TEXTS = 2048;

type Body = { [key: string]: unknown };

const TYPES: { readonly [status: number]: string } = { 401: 'authentication_error', 404: 'not_found_error', 429: 'rate_limit_error' };
const errorBody = (error: ServerError, status: number): string =>
  JSON.stringify({ error: { message: error.message, type: TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error'), param: null, code: status } });

function need({ name, encoder }: ServedModel): Encoder {
  if (encoder === undefined) {
    throw new ServerError('unimplemented', `Model with name ${name} is no encoder: it needs tokenizer.json beside it and the inputs input_ids and attention_mask`);
  }
  return encoder;
}

/** Reads the body and finds the model, with OpenAI's form for errors. */
function begin(context: FrontContext, exchange: Exchange, work: (body: Body, model: ServedModel, encoder: Encoder) => Promise<readonly Uint8Array[]>): void {
  exchange.errorBody = errorBody;
  exchange.readBody((bytes) => {
    let body: Body;
    try {
      body = JSON.parse(bytes.toString()) as Body;
    } catch {
      throw invalid('the body is not valid JSON');
    }
    if (typeof body !== 'object' || body === null || typeof body.model !== 'string') {
      throw invalid("the body must be an object with 'model'");
    }
    const model = context.registry.ready(body.model);
    observe(context, exchange, model, 'openai');
    logRequest(exchange, bytes);
    work(body, model, need(model)).then((reply) => exchange.bytes(200, reply, JSON_TYPE), (error: unknown) => exchange.fail(error));
  });
}

/** What is to be embedded or ranked: texts, and tokens that the caller has found. */
interface Inputs {
  readonly all: readonly (string | Tokens)[];
  /** What each text is paired with. */
  readonly query?: string;
  readonly truncate: number | undefined;
  /** What an input is called in errors. */
  readonly nameOf: (index: number) => string;
}

/** The tokens of texts, from the runner: to find those of 1 MiB may take half a second. */
async function tokenize(exchange: Exchange, model: ServedModel, encoder: Encoder, request: TokenizeRequest): Promise<readonly Tokens[]> {
  return encoder.tokenize?.(request) ?? new Promise((resolve, reject) => {
    const job = new Job({ op: Op.TOKENIZE, rows: -1, key: 'tokenize', meta: request }, (error, result) => (error === undefined ? resolve(result!.meta as Tokens[]) : reject(error)), deadlineOf(exchange));
    exchange.onGone = () => job.abandon();
    submit(model, job);
  });
}

/** The tokens of some inputs, none with more than the model takes. */
async function tokensOf(exchange: Exchange, model: ServedModel, encoder: Encoder, { query, truncate }: Inputs, some: readonly (string | Tokens)[]): Promise<readonly Tokens[]> {
  const most = encoder.mostTokens(truncate);
  const texts = some.filter((input) => typeof input === 'string');
  const found = (texts.length === 0 ? [] : await tokenize(exchange, model, encoder, { texts, query, most })).values();
  return some.map((input) => (typeof input === 'string' ? found.next().value! : cut(input.ids, undefined, most)));
}

/** Runs the model on all inputs, a batch at a time; gives their number of tokens. */
async function runAll(exchange: Exchange, model: ServedModel, encoder: Encoder, inputs: Inputs, take: (tensor: IndexedTensor, batch: readonly Tokens[]) => void): Promise<number> {
  const { all, truncate, nameOf } = inputs;
  let total = 0;
  for (let at = 0; at < all.length; at += BATCH) {
    const batch = await tokensOf(exchange, model, encoder, inputs, all.slice(at, at + BATCH));
    batch.forEach((tokens, i) => {
      encoder.check(tokens, truncate, nameOf(at + i));
      total += tokens.ids.length;
    });
    const tensors = await new Promise<readonly IndexedTensor[]>((resolve, reject) => {
      const bound = { call: { inputs: [] }, inputs: encoder.inputs(batch), outputs: [encoder.outputIndex] };
      const wait = infer(model, bound, undefined, deadlineOf(exchange), (error, result) => (error === undefined ? resolve(result!) : reject(error)));
      exchange.onGone = () => wait.abandon();
    });
    take(tensors[0]!, batch);
  }
  return total;
}

function truncation(body: Body): number | undefined {
  const value = body.truncate_prompt_tokens;
  if (value === undefined || value === null) {
    return undefined;
  }
  if (!Number.isInteger(value) || ((value as number) < 1 && value !== -1)) {
    throw invalid("'truncate_prompt_tokens' must be an integer of 1 or more, or -1 for the model's length");
  }
  return value as number;
}

/** A larger one would be another where the model takes 32-bit integers. */
const MOST_ID = 2 ** 31 - 1;

const isIds = (value: unknown): value is number[] => Array.isArray(value) && value.length > 0 && value.every((id) => Number.isInteger(id) && id >= 0 && id <= MOST_ID);

/** What the caller has found. */
const tokensIn = (ids: readonly number[]): Tokens => ({ ids, count: ids.length });

function inputsOf(input: unknown): readonly (string | Tokens)[] {
  if (typeof input === 'string') {
    return [input];
  }
  if (isIds(input)) {
    return [tokensIn(input)];
  }
  if (Array.isArray(input) && input.length > 0 && input.length <= MOST_TEXTS) {
    return input.map((entry, i) => {
      if (typeof entry === 'string') {
        return entry;
      }
      if (isIds(entry)) {
        return tokensIn(entry);
      }
      throw invalid(`input[${i}] must be a text or a list of token ids`);
    });
  }
  throw invalid(`'input' must be a text, a list of 1 to ${MOST_TEXTS} texts, token ids or a list of such`);
}

const usage = (tokens: number): object => ({ prompt_tokens: tokens, total_tokens: tokens });

export function embeddings(context: FrontContext, exchange: Exchange): void {
  begin(context, exchange, async (body, model, encoder) => {
    const format = body.encoding_format ?? 'float';
    if (format !== 'float' && format !== 'base64') {
      throw invalid("'encoding_format' must be float or base64");
    }
    const dimensions = body.dimensions ?? undefined;
    if (dimensions !== undefined && (!Number.isInteger(dimensions) || (dimensions as number) < 1)) {
      throw invalid("'dimensions' must be an integer of 1 or more");
    }
    const truncate = truncation(body);
    const inputs: Inputs = { all: inputsOf(body.input), truncate, nameOf: (i) => `input[${i}]` };
    let index = 0;
    // written batch by batch: numbers of thousands of vectors at once would hold up others
    const data: Buffer[] = [];
    const tokens = await runAll(exchange, model, encoder, inputs, (tensor, batch) => {
      const entries = encoder.vectors(tensor, batch).map((whole) => {
        if (dimensions !== undefined && (dimensions as number) > whole.length) {
          throw invalid(`'dimensions' is ${String(dimensions)}, but the model gives ${whole.length}`);
        }
        const vector = dimensions === undefined ? whole : normalized(whole.slice(0, dimensions as number));
        return JSON.stringify({ object: 'embedding', index: index++, embedding: format === 'base64' ? Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64') : Array.from(vector) });
      });
      data.push(Buffer.from(`${data.length === 0 ? '' : ','}${entries.join(',')}`));
    });
    const rest = JSON.stringify({ model: model.name, usage: usage(tokens) });
    return [Buffer.from('{"object":"list","data":['), ...data, Buffer.from(`],${rest.slice(1)}`)];
  });
}

export function rerank(context: FrontContext, exchange: Exchange): void {
  begin(context, exchange, async (body, model, encoder) => {
    const { query, documents } = body;
    if (typeof query !== 'string') {
      throw invalid("'query' must be a text");
    }
    if (!Array.isArray(documents) || documents.length === 0 || documents.length > MOST_TEXTS) {
      throw invalid(`'documents' must be a list of 1 to ${MOST_TEXTS} texts`);
    }
    const texts = documents.map((document: unknown, i) => {
      const text = typeof document === 'string' ? document : (document as { text?: unknown } | null)?.text;
      if (typeof text !== 'string') {
        throw invalid(`documents[${i}] must be a text or an object with 'text'`);
      }
      return text;
    });
    const top = body.top_n ?? texts.length;
    if (!Number.isInteger(top) || (top as number) < 1) {
      throw invalid("'top_n' must be an integer of 1 or more");
    }
    const truncate = truncation(body);
    const inputs: Inputs = { all: texts, query, truncate, nameOf: (i) => `documents[${i}] with the query` };
    const scores: number[] = [];
    const tokens = await runAll(exchange, model, encoder, inputs, (tensor) => scores.push(...encoder.scores(tensor)));
    const results = scores
      .map((score, index) => ({ index, relevance_score: score, ...(body.return_documents === true ? { document: { text: texts[index] } } : {}) }))
      .sort((a, b) => b.relevance_score - a.relevance_score || a.index - b.index)
      .slice(0, top as number);
    return [Buffer.from(JSON.stringify({ model: model.name, results, usage: usage(tokens) }))];
  });
}

const modelJson = (name: string): object => ({ id: name, object: 'model', created: 0, owned_by: 'kserve-model-server' });

export function listModels(context: FrontContext, exchange: Exchange): void {
  exchange.json(200, { object: 'list', data: context.registry.names.map(modelJson) });
}

export function oneModel(context: FrontContext, exchange: Exchange): void {
  exchange.errorBody = errorBody;
  exchange.json(200, modelJson(context.registry.find(exchange.params[0]!).name));
}

/** The routes' prefix, as KServe's variable sets it. */
export function openAiPrefix(env: NodeJS.ProcessEnv): string {
  const prefix = (env.KSERVE_OPENAI_ROUTE_PREFIX ?? '/openai').replace(/^\/+|\/+$/g, '');
  return prefix === '' ? '' : `/${prefix}`;
}
