import { Exchange } from '../../../src/front/http/exchange';
import type { ObservedCall } from '../../../src/front/observed-call';
import type { Headers } from '../../../src/protocol/cloud-event';

class Written extends Exchange {
  public readonly headers: Headers = {};

  public readBody(): void {}

  protected write(): void {}

  protected drop(): void {}
}

test.each([[true, 1], [false, 0]])('a reply is copied for the log only where one keeps it: %s', (keepsBodies, times) => {
  const told = (['bytes', 'text'] as const).map((form) => {
    const exchange = new Written([], '/', { most: 1, front: 1 });
    const reply = jest.fn();
    exchange.call = { keepsBodies, reply, end: () => undefined } as unknown as ObservedCall;
    if (form === 'bytes') {
      exchange.bytes(200, [Buffer.from('a'), Buffer.from('b')], 'x', ['Inference-Header-Content-Length', '1']);
    } else {
      exchange.text(200, 'ab');
    }
    return reply.mock.calls.map(([body]) => body as object);
  });

  expect(told).toEqual([
    Array(times).fill({ bytes: Buffer.from('ab'), type: 'x', jsonLength: '1' }),
    Array(times).fill({ bytes: Buffer.from('ab'), type: 'application/json' }),
  ]);
});
