import { createServer, Server } from 'node:http';
import { AddressInfo, connect, Socket } from 'node:net';
import type { ServerError } from '../../../src/errors';
import { DirectConnections, DirectOptions } from '../../../src/front/http/direct';
import { Exchange } from '../../../src/front/http/exchange';
import type { ObservedCall } from '../../../src/front/observed-call';

const POST = (path: string, body: string, ...headers: string[]): string => [`POST ${path} HTTP/1.1`, 'Host: a', `Content-Length: ${Buffer.byteLength(body)}`, ...headers, '', body].join('\r\n');

const LARGE = 32 << 20;

let server: Server;
let direct: DirectConnections;
let held: Exchange[];
let gone: number;
let failures: unknown[];
let served: number;

/** Node's server answers `node` and the body, the direct way `direct` and the body; what goes to /held waits. */
function start(options: Partial<DirectOptions> = {}): Promise<void> {
  held = [];
  gone = 0;
  failures = [];
  served = 0;
  server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => { body += chunk.toString(); });
    req.on('end', () => res.end(`node ${req.method} ${body}`));
  });
  direct = new DirectConnections(server, {
    limits: { most: 100_000, front: 100_000 },
    keepAliveMs: 5000,
    requestMs: 5000,
    onLate: (socket) => socket.end('late'),
    closing: () => false,
    onError: (error) => failures.push(error),
    find: (method, url) => (url === '/other' ? undefined : {
      params: [],
      handle: (exchange) => exchange.readBody((body) => {
        if (url === '/held') {
          exchange.onGone = () => { gone++; };
          held.push(exchange);
        } else if (url === '/bytes') {
          exchange.bytes(200, [Buffer.from('some '), body], 'a/b', ['X-One', '1']);
        } else if (url === '/unwritable') {
          exchange.call = { keepsBodies: false, end: (error?: ServerError) => failures.push(error?.code) } as unknown as ObservedCall;
          exchange.text(200, 'never', 'text/plain', ['X-One', '€']);
        } else if (url === '/large') {
          exchange.bytes(200, [Buffer.alloc(served++ === 0 ? LARGE : 10, 'x')], 'a/b');
        } else if (url === '/throws') {
          throw new Error('not so');
        } else {
          exchange.text(200, `direct ${method} ${body.toString()}`, 'text/plain');
        }
      }),
    }),
    ...options,
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

afterEach(() => {
  direct.closeAll();
  server.closeAllConnections();
  server.close();
});

interface Client {
  readonly socket: Socket;
  readonly text: () => string;
  readonly ended: Promise<void>;
}

function open(): Client {
  let text = '';
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.setNoDelay(true);
  socket.on('data', (chunk) => { text += chunk.toString('latin1'); });
  socket.on('error', () => undefined);
  return { socket, text: () => text, ended: new Promise((resolve) => socket.on('close', () => resolve())) };
}

async function until(done: () => boolean): Promise<void> {
  for (const end = performance.now() + 20_000; !done();) {
    if (performance.now() > end) {
      throw new Error('it did not come about');
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const bodies = (text: string): string[] => text.split('HTTP/1.1 ').slice(1).map((reply) => reply.slice(reply.indexOf('\r\n\r\n') + 4));

test('plain requests are answered one after the other on one connection', async () => {
  await start();
  const { socket, text } = open();
  for (const body of ['one', 'two', 'two']) {
    const before = bodies(text()).length;
    socket.write(POST('/', body));
    await until(() => bodies(text()).length > before);
  }

  expect(bodies(text())).toEqual(['direct POST one', 'direct POST two', 'direct POST two']);
  expect(text().slice(0, text().indexOf('direct')).replace(/Date: \w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT/, 'Date: now').split('\r\n'))
    .toEqual(['HTTP/1.1 200 OK', 'Content-Type: text/plain', 'Content-Length: 15', 'Date: now', 'Connection: keep-alive', 'Keep-Alive: timeout=5', '', '']);
});

test('text beyond ASCII and binary pieces are sent with their length in bytes', async () => {
  await start();
  const { socket, text } = open();
  socket.write(POST('/', 'ä€'));
  await until(() => bodies(text()).length === 1);
  socket.write(POST('/bytes', 'more'));
  await until(() => bodies(text()).length === 2);

  expect(text()).toContain(`Content-Length: ${'direct POST '.length + 5}\r\n`);
  expect(text()).toContain('Content-Type: a/b\r\nContent-Length: 9\r\nX-One: 1\r\n');
  expect(bodies(text()).map((body) => Buffer.from(body, 'latin1').toString())).toEqual(['direct POST ä€', 'some more']);
});

test('a body that comes in pieces is whole when it is answered, and where numbers can be viewed', async () => {
  await start();
  const { socket, text } = open();
  const request = POST('/', 'x'.repeat(30_000), 'Inference-Header-Content-Length: 3');
  for (const piece of [request.slice(0, 150), request.slice(150, 160), request.slice(160, 20_000), request.slice(20_000)]) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await until(() => text().endsWith('x') && text().length > 30_000);

  expect(bodies(text())).toEqual([`direct POST ${'x'.repeat(30_000)}`]);
});

test.each([
  ['a path that is not answered directly', POST('/other', 'a')],
  ['a head in pieces', 'POST / HTTP/1.1\r\nHost: a\r\nConte'],
  ['a chunked body', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n'],
  ['a body larger than admitted', POST('/', 'a'.repeat(100_001))],
])('%s makes the connection Node\'s, from its first byte on', async (name, request) => {
  await start();
  const { socket, text } = open();
  socket.write(POST('/', 'first'));
  await until(() => bodies(text()).length === 1);
  socket.write(request);
  if (name === 'a head in pieces') {
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.write('nt-Length: 1\r\n\r\na');
  }
  await until(() => bodies(text()).length === 2);
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.write(POST('/', 'last'));
  await until(() => bodies(text()).length === 3);

  expect(bodies(text())).toEqual(['direct POST first', `node POST ${name.startsWith('a body') ? 'a'.repeat(100_001) : 'a'}`, 'node POST last']);
  expect(direct.active).toBe(0);
});

test('requests sent before the answer to an earlier one are answered in their order', async () => {
  await start();
  const { socket, text } = open();
  socket.write(POST('/held', 'one'));
  await until(() => held.length === 1);
  socket.write(POST('/', 'two'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.write(POST('/', 'three'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  held[0]!.text(200, 'held one');
  await until(() => bodies(text()).length === 3);

  expect(bodies(text())).toEqual(['held one', 'node POST two', 'node POST three']);
});

test('two requests in one piece are answered in their order', async () => {
  await start();
  const { socket, text } = open();
  socket.write(POST('/', 'one') + POST('/', 'two'));
  await until(() => bodies(text()).length === 2);

  expect(bodies(text())).toEqual(['node POST one', 'node POST two']);
});

test('what follows the last piece of a body is the next request', async () => {
  await start();
  const { socket, text } = open();
  const first = POST('/', 'one');
  socket.write(first.slice(0, -1));
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.write('e' + POST('/', 'two'));
  await until(() => bodies(text()).length === 2);

  expect(bodies(text())).toEqual(['direct POST one', 'node POST two']);
});

test('what is no HTTP is refused by Node\'s parser', async () => {
  await start();
  const { socket, text, ended } = open();
  socket.write('hello\r\n\r\n');
  await ended;

  expect(text()).toMatch(/^HTTP\/1\.1 400 /);
});

test.each(['destroy', 'end', 'resetAndDestroy'] as const)('a client that leaves before the answer is noticed: %s', async (leave) => {
  await start();
  const { socket } = open();
  socket.write(POST('/held', ''));
  await until(() => held.length === 1);
  expect(direct.active).toBe(1);
  socket[leave]();
  await until(() => gone === 1);

  expect(direct.active).toBe(0);
});

test('what a handler throws is answered', async () => {
  await start();
  const { socket, text } = open();
  socket.write(POST('/throws', ''));
  await until(() => bodies(text()).length === 1);

  expect(text()).toMatch(/^HTTP\/1\.1 500 Internal Server Error\r\n/);
});

test.each(['-Infinity', '-1e999', '-1', '1e3', '99999999999', 'x'])('a body in pieces is whole though its header says that the JSON part has %s bytes', async (length) => {
  await start();
  const { socket, text } = open();
  const request = POST('/', 'x'.repeat(30_000), `Inference-Header-Content-Length: ${length}`);
  socket.write(request.slice(0, 20_000));
  await new Promise((resolve) => setTimeout(resolve, 10));
  socket.write(request.slice(20_000));
  await until(() => text().length > 30_000);

  expect(bodies(text())).toEqual([`direct POST ${'x'.repeat(30_000)}`]);
});

test('a failure beside any exchange ends its connection only', async () => {
  const failure = new Error('not so');
  await start({ find: () => { throw failure; } });
  const { socket, text, ended } = open();
  socket.write(POST('/', 'one'));
  await ended;

  expect([text(), failures]).toEqual(['', [failure]]);
});

test('a reply that cannot be written ends its connection, and is not waited for', async () => {
  await start();
  const { socket, text, ended } = open();
  socket.write(POST('/unwritable', ''));
  await ended;

  expect([text(), failures, direct.active]).toEqual(['', ['internal'], 0]);
});

test('a slow reader gets the whole reply though the server closes or the connection seems idle', async () => {
  await start({ keepAliveMs: 100 });
  const { socket, text, ended } = open();
  socket.pause();
  socket.write(POST('/large', ''));
  await until(() => served === 1);
  expect(direct.active).toBe(1);
  direct.closeIdle();
  await new Promise((resolve) => setTimeout(resolve, 250));
  socket.resume();
  await ended;

  expect(bodies(text())[0]!.length).toBe(LARGE);
  expect(direct.active).toBe(0);
});

test('who does not read is asked for nothing more until then', async () => {
  await start();
  const { socket, text } = open();
  socket.pause();
  socket.write(POST('/large', ''));
  await until(() => served === 1);
  for (let i = 0; i < 4; i++) {
    socket.write(POST('/large', ''));
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  expect(served).toBe(1);
  socket.resume();
  await until(() => served === 5 && bodies(text()).at(-1)?.length === 10);

  expect(bodies(text()).map(({ length }) => length)).toEqual([LARGE, 10, 10, 10, 10]);
});

test('replies end their connections while the server closes', async () => {
  await start({ closing: () => true });
  const { socket, text, ended } = open();
  socket.write(POST('/', 'one'));
  await ended;

  expect(text()).toContain('Connection: close\r\n');
  expect(bodies(text())).toEqual(['direct POST one']);
});

test('closing ends those that wait, not those that are answered or have asked nothing', async () => {
  await start();
  const [idle, busy, fresh] = [open(), open(), open()];
  idle.socket.write(POST('/', ''));
  busy.socket.write(POST('/held', ''));
  await until(() => bodies(idle.text()).length === 1 && held.length === 1);
  direct.closeIdle();
  await idle.ended;
  held[0]!.text(200, 'late');
  fresh.socket.write(POST('/', 'fresh'));
  await until(() => bodies(busy.text()).length === 1 && bodies(fresh.text()).length === 1);

  expect([...bodies(busy.text()), ...bodies(fresh.text())]).toEqual(['late', 'direct POST fresh']);
});

test('a body that takes longer than admitted is refused, however lively it comes', async () => {
  await start({ requestMs: 200, keepAliveMs: 50 });
  const [lively, silent, inTime] = [open(), open(), open()];
  const body = 'x'.repeat(1000);
  lively.socket.write(POST('/a', body).slice(0, -900));
  silent.socket.write(POST('/a', body).slice(0, -900));
  inTime.socket.write(POST('/a', body).slice(0, -1));
  const drip = setInterval(() => lively.socket.write('x'), 20);
  await new Promise((resolve) => setTimeout(resolve, 100));
  inTime.socket.write('x');
  await Promise.all([lively.ended, silent.ended]);
  clearInterval(drip);
  await inTime.ended;

  expect([lively.text(), silent.text(), bodies(inTime.text())]).toEqual(['late', 'late', [`direct POST ${body}`]]);
});

test('a connection without a request for longer than admitted is ended; one that waits for its answer is not', async () => {
  await start({ keepAliveMs: 100 });
  const [idle, busy] = [open(), open()];
  busy.socket.write(POST('/held', ''));
  await idle.ended;
  await new Promise((resolve) => setTimeout(resolve, 150));
  held[0]!.text(200, 'late');
  await busy.ended;

  expect(bodies(busy.text())).toEqual(['late']);
});
