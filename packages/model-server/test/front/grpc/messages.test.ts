import { gzipSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { framed, MessageReader } from '../../../src/front/grpc/messages';

/** Feeds a reader and waits until it has delivered everything or failed. */
function read(chunks: readonly Uint8Array[], options: { limit?: number; encoding?: string } = {}): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const messages: Buffer[] = [];
    const reader = new MessageReader({ most: options.limit ?? 1 << 20, setting: 'it' }, options.encoding, (message) => messages.push(message), reject);
    for (const chunk of chunks) {
      reader.push(Buffer.from(chunk));
    }
    reader.end(() => resolve(messages));
  });
}

function compressed(bytes: Uint8Array): Buffer {
  const [message] = framed(bytes);
  message![0] = 1;
  return message!;
}

test('messages come out as they went in, however the stream is cut', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }), fc.array(fc.nat(30), { maxLength: 20 }), async (messages, cuts) => {
    const bytes = Buffer.concat(messages.flatMap((message) => framed(message)));
    const chunks: Buffer[] = [];
    let at = 0;
    for (const cut of cuts) {
      chunks.push(bytes.subarray(at, at + cut));
      at += cut;
    }
    chunks.push(bytes.subarray(at));

    expect((await read(chunks)).map((message) => [...message])).toEqual(messages.map((message) => [...message]));
  }));
});

test('a large message is framed without a copy, and ends at an address where numbers can be viewed', async () => {
  const large = new Uint8Array(100_004).fill(7);
  const chunks = framed(large);
  const [message] = await read(chunks);

  expect(chunks[1]!.buffer).toBe(large.buffer);
  expect(message!.equals(large)).toBe(true);
  expect((message!.byteOffset + message!.length) % 8).toBe(0);
});

test.each([['gzip', gzipSync], ['deflate', deflateSync]] as const)('messages compressed by %s keep their place among others', async (encoding, compress) => {
  const long = Buffer.alloc(200_000, 'x');
  const found = await read([compressed(compress(long)), ...framed(Buffer.from('b')), compressed(compress(Buffer.from('c')))], { encoding });

  expect(found.map((message) => message.length)).toEqual([200_000, 1, 1]);
  expect(Buffer.concat(found.slice(1)).toString()).toBe('bc');
});

test.each([
  ['a message beyond the limit', framed(new Uint8Array(11)), { limit: 10 }, 'too-large'],
  ['one that grows beyond the limit', [compressed(gzipSync(new Uint8Array(1000)))], { limit: 100, encoding: 'gzip' }, 'too-large'],
  ['an encoding that is not offered', [compressed(Buffer.from('x'))], { encoding: 'br' }, 'unimplemented'],
  ['an encoding called as a member of all objects', [compressed(Buffer.from('x'))], { encoding: 'constructor' }, 'unimplemented'],
  ['a compressed message without grpc-encoding', [compressed(Buffer.from('x'))], {}, 'internal'],
  ['data that is not compressed as it says', [compressed(Buffer.from('x'))], { encoding: 'gzip' }, 'internal'],
  ['an unknown flag', [Buffer.from([2, 0, 0, 0, 0])], {}, 'internal'],
  ['a stream that ends within a message', [Buffer.from([0, 0, 0, 0, 9, 1])], {}, 'internal'],
] as const)('%s is refused', async (_, chunks, options, code) => {
  await expect(read(chunks, options)).rejects.toMatchObject({ code });
});
