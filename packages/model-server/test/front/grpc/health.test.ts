import { FrontContext } from '../../../src/front/context';
import type { GrpcCall } from '../../../src/front/grpc/call';
import { healthMethods } from '../../../src/front/grpc/health';
import { OpenStreams } from '../../../src/front/open-streams';

let streams: OpenStreams;

beforeEach(() => {
  jest.useFakeTimers();
  streams = new OpenStreams();
});

afterEach(() => jest.useRealTimers());

/** A call that begins to watch. */
function watch() {
  const { Watch } = healthMethods({ unready: () => undefined, streams } as unknown as FrontContext).streams;
  const events: { onOver: () => void; onMessage: (bytes: Buffer) => void } = { onOver: () => undefined, onMessage: () => undefined };
  const call = Object.assign(events, { enforceDeadline: () => undefined, send: jest.fn(), fail: jest.fn(() => events.onOver()) });
  Watch(call as unknown as GrpcCall);
  return call;
}

test('a watch that is over, however it ends, leaves no timer and no stream behind', () => {
  const call = watch();
  call.onMessage(Buffer.alloc(0));
  const open = [jest.getTimerCount(), streams.size];
  call.onMessage(Buffer.alloc(0));

  expect([...open, jest.getTimerCount(), streams.size]).toEqual([1, 1, 0, 0]);
  expect([call.send.mock.calls.length, call.fail.mock.calls.length]).toEqual([1, 1]);
});

test('a watch that begins when the streams have ended ends at once', () => {
  streams.endAll();
  const call = watch();
  call.onMessage(Buffer.alloc(0));

  expect([jest.getTimerCount(), streams.size, call.fail.mock.calls]).toEqual([0, 0, [[expect.objectContaining({ code: 'unavailable', message: 'the server is shutting down' })]]]);
});
