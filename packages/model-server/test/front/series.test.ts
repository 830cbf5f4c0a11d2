import { ServerError } from '../../src/errors';
import { outcomeOf } from '../../src/front/series';

test.each([
  ['invalid', 'client_error'], ['unimplemented', 'client_error'], ['exhausted', 'overload'], ['unavailable', 'overload'],
  ['deadline', 'timeout'], ['cancelled', 'cancelled'], ['inference', 'server_error'], ['internal', 'server_error'],
] as const)('an error %s counts as %s in every protocol', (code, outcome) => {
  expect(outcomeOf(new ServerError(code, ''))).toBe(outcome);
});
