import { readCloudEvent } from '../../src/protocol/cloud-event';

const BINARY = { 'ce-specversion': '1.0', 'ce-id': 'e1', 'ce-source': 'them', 'ce-type': 'in', 'ce-subject': 'about', 'ce-time': '2020-01-01T00:00:00Z', 'content-type': 'application/json' };
const STRUCTURED = { specversion: '1.0', id: 'e1', source: 'them', type: 'in', subject: 'about', time: '2020-01-01T00:00:00Z', dataschema: 'x', data: { instances: [] } };

/** Attributes of the reply in both modes. */
function replies(env: { readonly [name: string]: string }): { readonly [name: string]: unknown }[] {
  const binary = readCloudEvent(BINARY, [Buffer.from('{}')], { model: 'm', env })!.reply([Buffer.from('{}')]);
  const headers: { [name: string]: string } = {};
  for (let i = 0; i < binary.headers.length; i += 2) {
    headers[binary.headers[i]!.slice(3)] = binary.headers[i + 1]!;
  }
  const { data, datacontenttype, ...structured } = JSON.parse(String(Buffer.concat(readCloudEvent({ 'content-type': 'application/cloudevents+json' }, [Buffer.from(JSON.stringify(STRUCTURED))], { model: 'm', env })!.reply([Buffer.from('{}')]).body))) as { [name: string]: unknown };
  expect([data, datacontenttype]).toEqual([{}, 'application/json']);
  return [headers, structured];
}

const OWN = { specversion: '1.0', id: expect.not.stringMatching(/^e1$/), time: expect.stringMatching(/^2[0-9-]{9}T/) };

test.each<[string, { readonly [name: string]: string }, object]>([
  ['nothing is set', {}, { ...OWN, source: 'io.kserve.inference.m', type: 'io.kserve.inference.response' }],
  ['CE_TYPE and CE_SOURCE are set', { CE_TYPE: 't', CE_SOURCE: 's' }, { ...OWN, source: 's', type: 't' }],
  ['CE_MERGE is true', { CE_MERGE: 'true' }, { ...OWN, source: 'io.kserve.inference.m', type: 'io.kserve.inference.response', subject: 'about' }],
])('a reply where %s', (_, env, expected) => {
  expect(replies(env)).toEqual([expected, expected]);
});

test('an attribute that is nested, however deep, does not come back', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const event = `{"specversion":"1.0","id":"1","source":"s","type":"t","deep":${deep},"map":{"a":1},"none":null,"count":7,"data":{}}`;
  const reply = readCloudEvent({ 'content-type': 'application/cloudevents+json' }, [Buffer.from(event)], { model: 'm', env: { CE_MERGE: 'true' } })!.reply([Buffer.from('{}')]);

  expect(JSON.parse(Buffer.concat(reply.body).toString())).toEqual({ ...OWN, source: 'io.kserve.inference.m', type: 'io.kserve.inference.response', count: 7, datacontenttype: 'application/json', data: {} });
});

test('text beyond printable ASCII is percent-encoded in headers, and read so', () => {
  const reply = readCloudEvent({ ...BINARY, 'ce-subject': 'Euro%20%E2%82%AC', 'ce-note': '50%' }, [Buffer.from('{}')], { model: 'Modell "ä"', env: { CE_MERGE: 'true' } })!.reply([Buffer.from('{}')]);
  const value = (name: string): string | undefined => reply.headers[reply.headers.indexOf(name) + 1];

  expect([value('ce-source'), value('ce-subject'), value('ce-note')]).toEqual(['io.kserve.inference.Modell%20%22%C3%A4%22', 'Euro%20%E2%82%AC', '50%25']);
});

test('data in base64 and text is read', () => {
  const read = (more: object): unknown => readCloudEvent({ 'content-type': 'application/cloudevents+json' }, [Buffer.from(JSON.stringify({ ...STRUCTURED, data: undefined, ...more }))], { model: 'm', env: {} });

  expect(read({ data_base64: Buffer.from([1, 2]).toString('base64'), datacontenttype: 'image/png' })).toMatchObject({ data: [Buffer.from([1, 2])], isJson: false });
  expect(read({ data: 'plain', datacontenttype: 'text/plain' })).toMatchObject({ data: [Buffer.from('plain')], isJson: false });
  expect(read({ data: 'text' })).toMatchObject({ data: [Buffer.from('"text"')], isJson: true });
});

describe('JSON data of a structured event', () => {
  const dataOf = (event: string | Buffer): string => String(readCloudEvent({ 'content-type': 'application/cloudevents+json' }, [Buffer.from(event)], { model: 'm', env: {} })!.data[0]);
  const HEAD = '"specversion":"1.0","id":"e1","source":"them","type":"in"';

  test.each([
    ['a 64-bit integer', '{"instances":[9007199254740993]}'],
    ['a number that no double holds', '{"instances":[1e400]}'],
    ['texts with what else separates', String.raw`{"a":"\"}],:{[","b":["\\",{"data":2}]}`],
    ['text beyond ASCII', '["ä€😀"]'],
    ['a bare value', 'null'],
    ['deep nesting', '['.repeat(100_000) + ']'.repeat(100_000)],
  ])('stays as it came: %s', (_, data) => {
    expect(dataOf(`{${HEAD},"data":${data}}`) === data).toBe(true);
    expect(dataOf(`{"data":${data},${HEAD}}`) === data).toBe(true);
  });

  test('is found by its name however that is written, in the last place', () => {
    expect(dataOf(`{"x":"data","data":1 , ${HEAD}, "d\\u0061ta" : [2] ,"y":{"data":3}}`).trim()).toBe('[2]');
  });

  test('must be UTF-8', () => {
    expect(() => dataOf(Buffer.from(`{${HEAD},"data":["\xff"]}`, 'latin1'))).toThrow('the CloudEvent is not valid UTF-8');
  });
});
