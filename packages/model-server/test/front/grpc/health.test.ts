import { FrontContext } from '../../../src/front/context';
import type { GrpcCall } from '../../../src/front/grpc/call';
import { healthMethods } from '../../../src/front/grpc/health';

test('a watch that is over, however it ends, leaves no timer and no stream behind', () => {
  jest.useFakeTimers();
  const streams = new Set<() => void>();
  const { Watch } = healthMethods({ unready: () => undefined, streams } as unknown as FrontContext).streams;
  const events: { onOver: () => void; onMessage: (bytes: Buffer) => void } = { onOver: () => undefined, onMessage: () => undefined };
  const call = Object.assign(events, { enforceDeadline: () => undefined, send: jest.fn(), fail: jest.fn(() => events.onOver()) });
  Watch(call as unknown as GrpcCall);
  call.onMessage(Buffer.alloc(0));
  const open = [jest.getTimerCount(), streams.size];
  call.onMessage(Buffer.alloc(0));

  expect([...open, jest.getTimerCount(), streams.size]).toEqual([1, 1, 0, 0]);
  expect([call.send.mock.calls.length, call.fail.mock.calls.length]).toEqual([1, 1]);

  jest.useRealTimers();
});
