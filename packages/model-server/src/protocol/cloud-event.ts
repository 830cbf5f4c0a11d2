import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { invalid, ServerError } from '../errors';

/** A request that came as a CloudEvent. */
export interface CloudEvent {
  /** The event's data, in the chunks that came. */
  readonly data: readonly Buffer[];
  readonly isJson: boolean;
  /** Puts the reply into an event of the same mode. */
  reply(body: readonly Uint8Array[]): { readonly body: readonly Uint8Array[]; readonly type: string; readonly headers: readonly string[] };
}

export interface CloudEventSettings {
  readonly model: string;
  /** CE_TYPE, CE_SOURCE and CE_MERGE. */
  readonly env: { readonly [name: string]: string | undefined };
}

type Attributes = { [name: string]: unknown };

const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';
const REQUIRED = ['specversion', 'id', 'source', 'type'];

/** curl's default type counts as JSON: few mean it. */
const isJsonType = (type: string | undefined): boolean => type === undefined || /[/+]json\b|x-www-form-urlencoded/i.test(type);

function check(attributes: Attributes, where: string): void {
  for (const name of REQUIRED) {
    if (typeof attributes[name] !== 'string' || attributes[name] === '') {
      throw invalid(`the CloudEvent lacks ${where}${name}`);
    }
  }
  if (attributes.specversion !== '1.0' && attributes.specversion !== '0.3') {
    throw invalid(`the CloudEvent's ${where}specversion must be 1.0, but is '${String(attributes.specversion).slice(0, 20)}'`);
  }
}

/** What an event does not hand on to its reply. */
const OWN = new Set(['data', 'data_base64', 'datacontenttype', 'dataschema', 'time']);

/** Attributes of the reply: with CE_MERGE those of the request, which are texts, numbers or truth values and nothing nested, then our own. */
function replyAttributes(request: Attributes, settings: CloudEventSettings): Attributes {
  const { env, model } = settings;
  const merged = env.CE_MERGE === 'true' ? Object.entries(request).filter(([name, value]) => typeof value !== 'object' && !OWN.has(name)) : [];
  return {
    ...Object.fromEntries(merged),
    specversion: '1.0',
    id: randomUUID(),
    source: env.CE_SOURCE ?? `io.kserve.inference.${model}`,
    type: env.CE_TYPE ?? 'io.kserve.inference.response',
    time: new Date().toISOString(),
  };
}

/** Text as the value of a header: printable ASCII, the rest percent-encoded as the HTTP binding says. */
const toHeader = (text: string): string => text.toWellFormed().replace(/[^\x21\x23\x24\x26-\x7e]+/g, encodeURIComponent);

/** The text that a header's value stands for; one that is not rightly encoded stands for itself. */
function fromHeader(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Headers of a request, by their names in lower case. */
export type Headers = { readonly [name: string]: string | string[] | undefined };

/** Whether headers announce an event within the body, which must be decoded to get at its data. */
export function isStructuredEvent(headers: Headers): boolean {
  return (headers['content-type'] as string | undefined)?.startsWith('application/cloudevents') === true;
}

/** Reads a body as a CloudEvent in binary or structured mode; undefined where it is none. */
export function readCloudEvent(headers: Headers, body: readonly Buffer[], settings: CloudEventSettings): CloudEvent | undefined {
  if (!isStructuredEvent(headers) && headers['ce-specversion'] === undefined && headers['ce-type'] === undefined) {
    return undefined;
  }
  const type = headers['content-type'] as string | undefined;
  if (type?.startsWith(BATCH) === true) {
    throw new ServerError('unsupported-media', 'CloudEvents in batches are not served; send one event for each request');
  }
  if (type?.startsWith(STRUCTURED) === true) {
    return structured(Buffer.concat(body), settings);
  }
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('ce-')) {
      attributes[name.slice(3)] = fromHeader(String(value));
    }
  }
  check(attributes, 'header ce-');
  return {
    data: body,
    isJson: isJsonType(type),
    reply: (reply) => ({
      body: reply,
      type: 'application/json',
      headers: Object.entries(replyAttributes(attributes, settings)).flatMap(([name, value]) => [`ce-${name}`, toHeader(String(value))]),
    }),
  };
}

/**
 * The text of a member of a JSON object that JSON.parse has taken; of several with one name
 * the last, as there. Parsed and written again, numbers would not be what they were.
 */
function memberText(json: Buffer, name: string): Buffer | undefined {
  let found: Buffer | undefined;
  let depth = 0;
  let string: [from: number, to: number] = [0, 0];
  let key: unknown;
  let start = 0;
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case 0x22: {
        const open = at++;
        while (json[at] !== 0x22) {
          at += json[at] === 0x5c ? 2 : 1;
        }
        string = depth === 1 ? [open, at + 1] : string;
        break;
      }
      case 0x3a:
        if (depth === 1) {
          key = JSON.parse(json.toString('utf8', ...string));
          start = at + 1;
        }
        break;
      case 0x5b: case 0x7b: depth++; break;
      case 0x2c: case 0x5d: case 0x7d:
        if (depth === 1 && key === name) {
          found = json.subarray(start, at);
        }
        depth -= json[at] === 0x2c ? 0 : 1;
    }
  }
  return found;
}

function structured(body: Buffer, settings: CloudEventSettings): CloudEvent {
  let event: Attributes;
  if (!isUtf8(body)) {
    throw invalid('the CloudEvent is not valid UTF-8');
  }
  try {
    event = JSON.parse(body.toString()) as Attributes;
  } catch {
    throw invalid('the CloudEvent is not valid JSON');
  }
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw invalid('the CloudEvent must be a JSON object');
  }
  check(event, '');
  const { data, data_base64: encoded, datacontenttype } = event;
  if (data === undefined && typeof encoded !== 'string') {
    throw invalid('the CloudEvent has no data');
  }
  const isJson = isJsonType(datacontenttype as string | undefined);
  const bytes = typeof encoded === 'string' ? Buffer.from(encoded, 'base64')
    : typeof data === 'string' && !isJson ? Buffer.from(data) : memberText(body, 'data')!;
  return {
    data: [bytes],
    isJson,
    reply: (reply) => {
      const attributes = JSON.stringify({ ...replyAttributes(event, settings), datacontenttype: 'application/json' });
      return { body: [Buffer.from(`${attributes.slice(0, -1)},"data":`), ...reply, Buffer.from('}')], type: STRUCTURED, headers: [] };
    },
  };
}
