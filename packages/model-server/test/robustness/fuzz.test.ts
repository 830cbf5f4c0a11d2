import { exchangeModels } from '../support/exchanges';
import { fuzz } from '../support/fuzz/fuzz';
import { propertyModels } from '../support/fuzz/properties';
import { TestServer } from '../support/server';

const REQUESTS = 5_000;
/** Always the same; `npm run endurance -- fuzz` takes another each time. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_250);

test(`${REQUESTS} wrong and odd requests neither end the server nor spoil the valid one after each`, async () => {
  process.stdout.write(`fuzz: seed ${SEED}\n`);
  const server = await TestServer.start([exchangeModels(propertyModels())]);
  const { wrong, counts } = await fuzz(server, { requests: REQUESTS, seed: SEED });
  const restarts = /model_server_runner_restarts_total\{reason="crash"\} (\d+)/.exec((await server.call('/metrics')).body.toString())?.[1];
  const unhandled = /(a failure was not handled|a connection was ended by a failure).*/.exec(server.output)?.[0];
  await server.stop();

  expect({ seed: SEED, wrong, restarts, unhandled }).toEqual({ seed: SEED, wrong: [], restarts: '0', unhandled: undefined });
  expect(Object.keys(counts)).toEqual(expect.arrayContaining(['200', '400', 'grpc 0', 'grpc 3', 'mutated', 'property', 'WebSocket', 'raw HTTP', 'raw gRPC']));
}, 600_000);
