import { AddressInfo, createServer, Server, Socket } from 'node:net';
import { PredictorClient } from '../../src/sdk/predictor-client';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';

let server: Server;
let client: PredictorClient;
let heads: string[];

/** A server that answers each request, by its number, with what `answer` does. */
async function start(answer: (socket: Socket, request: number) => void): Promise<void> {
  heads = [];
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      // a head and its body may come apart
      const text = chunk.toString('latin1');
      if (/^(GET|POST) /.test(text)) {
        heads.push(text.split(' ')[0]!);
        answer(socket, heads.length);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new PredictorClient({ host: `127.0.0.1:${(server.address() as AddressInfo).port}` });
}

afterEach(() => {
  client.close();
  server.close();
});

const resetsSecond = (socket: Socket, request: number): void => {
  if (request === 2) {
    socket.resetAndDestroy();
  } else {
    socket.write(OK);
  }
};

test('a prediction whose kept connection is reset is not sent again', async () => {
  await start(resetsSecond);
  await client.predict('m', {});

  await expect(client.predict('m', {})).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('cannot be reached') });
  expect(heads).toEqual(['POST', 'POST']);
});

test('a question that changes nothing is sent again on another connection', async () => {
  await start(resetsSecond);
  await client.predict('m', {});

  expect(await client.metadata('m')).toEqual({});
  expect(heads).toEqual(['POST', 'GET', 'GET']);
});

test.each([
  ['whole', (socket: Socket) => socket.write(OK)],
  ['cut off', (socket: Socket) => { socket.write(OK.slice(0, -1)); setTimeout(() => socket.destroy(), 20); }],
  ['missing', (socket: Socket) => socket.destroy()],
])('no timer is left by a reply that is %s', async (_, answer) => {
  await start(answer as (socket: Socket) => void);
  const timers = jest.spyOn(global, 'setTimeout');
  await client.predict('m', {}).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const left = timers.mock.results.filter((result, i) => timers.mock.calls[i]![1] === 600_000 && !(result.value as { _destroyed: boolean })._destroyed);
  const begun = timers.mock.calls.filter(([, ms]) => ms === 600_000).length;
  timers.mockRestore();

  expect([begun, left.length]).toEqual([1, 0]);
});
