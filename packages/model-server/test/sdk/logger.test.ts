import { lineLogger } from '../../src/sdk/logger';

/** The line that a model's log writes for these fields. */
function line(fields: object): { [key: string]: unknown } {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  lineLogger({ model: 'm' }).info('said', fields);
  const [[text]] = write.mock.calls as [[string]];
  write.mockRestore();
  return JSON.parse(text) as { [key: string]: unknown };
}

test('a line is the message beside the fields', () => {
  expect(line({ rows: 2 })).toEqual({ level: 30, time: expect.any(Number), model: 'm', rows: 2, msg: 'said' });
});

test('64-bit integers, of which INT64 inputs are made, are text', () => {
  expect(line({ id: 9007199254740993n })).toMatchObject({ id: '9007199254740993', msg: 'said' });
});

test('an error has its message, stack and code', () => {
  const error = Object.assign(new TypeError('broken'), { code: 'EBROKEN' });

  expect(line({ error })).toMatchObject({ error: { type: 'TypeError', message: 'broken', stack: error.stack, code: 'EBROKEN' } });
});

test('fields that no JSON can hold are told, and fail nobody', () => {
  const ring: { self?: object } = {};
  ring.self = ring;

  expect(line(ring)).toMatchObject({ model: 'm', fields: expect.stringContaining('[Circular'), msg: 'said' });
});
