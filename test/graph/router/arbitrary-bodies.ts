import * as fc from 'fast-check';

const scalar = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, 1, 2, 5, 10, -1, 0.5, 'dog', 'cat', '', '1', '5', 'true', 'false', 't', 'a<b>&c', '~x', 'beagle*', 'zoë 🐕', '\u2028'),
  fc.integer({ min: -20, max: 20 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

const KEYS = ['predictions', 'instances', 'a', 'b', 'label', 'score', 'error', 'x.y', '', 'Predictions', '@this', 'z*', 'é'];

const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 4 }),
  ),
})).value;

const object = fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 5 });

const answer = fc.record({ predictions: fc.array(fc.oneof(scalar, object), { maxLength: 3 }) }, { requiredKeys: [] });

/** Text that JSON.stringify would never give: spaces, doubled keys, numbers and escapes of every form. */
const ODD = [
  '', ' ', 'null', 'true', '7', '"dog"', '[]', '{}', 'not json', '{', '{"a"', '{"a":', '{"a":1', '{"a":1,}', '{a:1}', '[1,]', '[1 2]', '{"a" 1}', '{"a":1 "b":2}',
  'tru', 'nul', 'falsy', 'nope', '01', '-', '1.', '1e', '1e+', '.5', '+1', '-x', '1.x', '1ex', '"\\x"', '"\\u12G4"', '"abc', '"a\nb"', '\u00e9', '{"a":\u00e9}', '{"a":1}x', "{'a':1}", '\\', '\u0007', '\u007f', '[\u00a0]', '\ufeff{}',
  '{"a":1e400}', '[1e400]', '{"predictions":[1e400]}', '{"x":1e400,"predictions":[1]}', '{"instances":1,"predictions":[1]}', '{"PREDICTIONS":[1],"other":2}', '{"predictionſ":[3]}',
  '{"predictions":[1],"Predictions":[2,3]}', '{"predictions":[1],"predictions":null}', '{"predictions":{"a":1}}', '{"predictions":"dog"}', '{"predictions":[]}',
  '{"a":1,"a":2}', '{"a":{"b":1},"a":{"c":2}}', ' { "a" : [ 1 , 2.50 , -0 , -0.0 , 1E3 , 1e-7 , 1e21 , 123456789012345678901234567890 , 0.000001 , 5e-324, 1e-400 ] } ',
  '{"s":"\\u003c\\u0041\\ud83d\\ude00\\ud83d\\u0041\\ud83dx\\/\\b\\f"}', '{"\\u0061":1}', '{"s":"\\u0000\\u001f\\u007f\\u2028"}', '{"k\\"ey":1}', '{"b":1,"a":2,"é":3,"🐕":4,"\ufffd":5,"A":6}',
  '<html><body>no</body></html>', '<!doctype html>x', '<a href', '<p>', '<pre>', '<?xml version="1.0"?>', '%PDF-1.4', '%!PS-Adobe-3', 'plain\u0001binary', 'plain text \u001b[0m', '   <h1>x', '<!-- c -->', 'GIF89a', 'BMW', 'ID3', 'OTTO', 'RIFF1234WAVE', 'wOFF', '{"error":"model is not ready"}',
];

/** Bodies of requests and answers, most of them JSON as model servers write it. */
export const jsonBody: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: answer.map((json) => JSON.stringify(json)) },
  { weight: 3, arbitrary: object.map((json) => JSON.stringify(json)) },
  { weight: 1, arbitrary: value.map((json) => JSON.stringify(json, undefined, 2)) },
  { weight: 2, arbitrary: fc.constantFrom(...ODD) },
);
