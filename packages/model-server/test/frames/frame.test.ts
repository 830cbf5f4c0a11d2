import { createServer, connect, Socket } from 'node:net';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { Channel } from '../../src/frames/channel';
import { Frame, IndexedTensor } from '../../src/frames/frame';
import { DATATYPES } from '../../src/tensor/datatypes';

/** Two channels over a real socket, the first sending to the second. */
async function pair(onFrame: (frame: Frame) => void): Promise<{ sender: Channel; receiver: Channel; raw: Socket; close: () => void }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const raw = connect((server.address() as { port: number }).port);
  const other = await accepted;
  const nameOf = (_: number, index: number): string => `t${index}`;
  return {
    sender: new Channel(raw, { nameOf, onFrame: () => undefined, onClose: () => undefined }),
    receiver: new Channel(other, { nameOf, onFrame, onClose: () => undefined }),
    raw,
    close: () => { raw.destroy(); other.destroy(); server.close(); },
  };
}

const tensors: fc.Arbitrary<IndexedTensor> = fc.tuple(fc.nat(3), fc.constantFrom(...DATATYPES), fc.array(fc.nat(4), { maxLength: 4 }), fc.nat(255), fc.boolean()).map(([index, info, shape, fill, large]) => {
  const sizes = large ? [...shape, 5000] : shape;
  const count = sizes.reduce((product, size) => product * size, 1);
  const data = info.kind === 'bytes'
    ? Array.from({ length: count }, (_, i) => new Uint8Array(i % 7).fill(fill))
    : new info.array(new Uint8Array(count * info.size).fill(fill).buffer);
  return { index, name: `t${index}`, datatype: info.datatype, shape: sizes, data };
});

const frames: fc.Arbitrary<Frame> = fc.record({
  op: fc.nat(20),
  id: fc.nat(),
  slot: fc.nat(),
  // without backslashes: V8's JSON.parse may take a key of a quotation mark for one that was a backslash before
  meta: fc.option(fc.json().filter((text) => !text.includes('\\\\')).map((text) => JSON.parse(text) as unknown), { nil: undefined }),
  tensors: fc.array(tensors, { maxLength: 3 }),
  bytes: fc.option(fc.uint8Array({ minLength: 1, maxLength: 100 }).map((bytes) => [bytes]), { nil: undefined }),
});

const bytesOf = (data: unknown): unknown => (Array.isArray(data) ? data.map((entry: Uint8Array) => Buffer.from(entry).toString('hex')) : Buffer.from((data as Uint8Array).buffer, (data as Uint8Array).byteOffset, (data as Uint8Array).byteLength).toString('hex'));
const comparable = (frame: Frame): unknown => ({
  ...frame,
  tensors: frame.tensors?.map((tensor) => ({ ...tensor, data: bytesOf(tensor.data) })),
  bytes: frame.bytes === undefined ? undefined : Buffer.concat(frame.bytes).toString('hex'),
});

test('frames arrive as they were sent, in order, whatever they hold', async () => {
  const sent = fc.sample(frames, { numRuns: 300, seed: 1 });
  const received: Frame[] = [];
  let finished = (): void => undefined;
  const done = new Promise<void>((resolve) => { finished = resolve; });
  const { sender, close } = await pair((frame) => {
    received.push(frame);
    if (received.length === sent.length) {
      finished();
    }
  });

  for (const frame of sent) {
    sender.send(frame);
  }
  await done;
  close();

  expect(received.map(comparable)).toEqual(sent.map(comparable));
});

test('large frames arrive whole and in order, and what is sent behind them, also when the channel ends at once', async () => {
  const block = Buffer.from(Array.from({ length: 1 << 20 }, (_, i) => i % 251));
  const sent: Frame[] = [
    { op: 7, id: 1, slot: 0, tensors: [], bytes: [block, block.subarray(0, 700_001), Buffer.from([1, 2, 3])] },
    { op: 3, id: 2, slot: 0, meta: { small: true }, tensors: [] },
    { op: 7, id: 3, slot: 0, tensors: [], bytes: [block.subarray(5)] },
  ];
  const received: Frame[] = [];
  let ended = (): void => undefined;
  const closed = new Promise<void>((resolve) => { ended = resolve; });
  const { sender, raw, close } = await pair((frame) => received.push(frame));
  raw.on('close', ended);

  for (const frame of sent) {
    sender.send(frame);
  }
  sender.end();
  await closed;
  close();

  expect(received.map(comparable)).toEqual(sent.map(comparable));
});

test('a frame is put together from pieces of any size', async () => {
  const [frame] = fc.sample(frames.filter((entry) => entry.tensors!.length > 1), { numRuns: 1, seed: 5 });
  const { encodeFrame } = await Promise.resolve(require('../../src/frames/frame') as typeof import('../../src/frames/frame')); // eslint-disable-line @typescript-eslint/no-require-imports
  const bytes = Buffer.concat(encodeFrame(frame!));
  let arrived: Frame | undefined;
  const { raw, close } = await pair((received) => { arrived = received; });
  raw.setNoDelay(true);

  const step = Math.max(1, Math.floor(bytes.length / 50));
  for (let at = 0; at < bytes.length; at += step) {
    raw.write(bytes.subarray(at, at + step));
    await new Promise((resolve) => setImmediate(resolve));
  }
  while (arrived === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  close();

  expect(comparable(arrived)).toEqual(comparable(frame!));
});

test('a frame that passes is overwritten by the next, one that is kept is not', async () => {
  const { encodeFrame } = await Promise.resolve(require('../../src/frames/frame') as typeof import('../../src/frames/frame')); // eslint-disable-line @typescript-eslint/no-require-imports
  const frame = (op: number, fill: number): Buffer => Buffer.concat(encodeFrame({ op, id: 1, slot: 2 ** 31 + 3, tensors: [{ index: 0, name: 'x', datatype: 'UINT8', shape: [8], data: new Uint8Array(8).fill(fill) }] }));
  const seen: (readonly [number, Uint8Array])[] = [];
  const slots = new Set<number>();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const raw = connect((server.address() as { port: number }).port);
  const channel = new Channel(await accepted, {
    nameOf: () => 'x',
    onFrame: ({ op, tensors: [tensor] = [] }) => {
      seen.push([op, tensor!.data as Uint8Array]);
      if (op === 2) {
        channel.keep();
      }
    },
    onClose: () => undefined,
    passing: (op, slot) => {
      slots.add(slot);
      return op < 3;
    },
  });
  for (const op of [1, 2, 3, 4]) {
    const before = seen.length;
    raw.write(frame(op, op));
    while (seen.length === before) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  raw.destroy();
  server.close();

  expect(seen.map(([, data]) => data[0])).toEqual([2, 2, 3, 4]);
  expect([...slots]).toEqual([2 ** 31 + 3]);
});

test('a large frame leaves turns of the event loop to others, however fast the reader is', async () => {
  const bytesOfTurn = new Map<number, number>();
  let turn = 0;
  let missing = 8 << 20;
  const whole = new Promise<void>((resolve) => {
    const peer = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _, done) => {
        bytesOfTurn.set(turn, (bytesOfTurn.get(turn) ?? 0) + chunk.length);
        missing -= chunk.length;
        done();
        if (missing <= 0) {
          resolve();
        }
      },
    });
    new Channel(peer as Socket, { nameOf: () => 'x', onFrame: () => undefined, onClose: () => undefined })
      .send({ op: 1, id: 1, slot: 0, bytes: [new Uint8Array(missing)] });
  });
  const next = (): void => { turn++; if (missing > 0) { setImmediate(next); } };
  setImmediate(next);
  await whole;

  expect(Math.max(...bytesOfTurn.values())).toBeLessThanOrEqual(256 * 1024);
});

test.each([['shorter than its header', 8], ['of a length that is no multiple of 8', 41], ['longer than any may be', 2 ** 31]])('a peer that announces a frame %s is cut off', async (_, length) => {
  let failure: Error | undefined;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const raw = connect((server.address() as { port: number }).port);
  const socket = await accepted;
  const closed = new Promise<void>((resolve) => {
    new Channel(socket, { nameOf: () => 'x', onFrame: () => undefined, onClose: (error) => { failure = error; resolve(); } });
  });
  const head = Buffer.alloc(32);
  head.writeUInt32LE(length);
  raw.write(head);
  await closed;
  raw.destroy();
  server.close();

  expect(failure?.message).toBe(`a frame claims ${length} bytes`);
});
