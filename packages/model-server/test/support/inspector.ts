import { WebSocket } from 'ws';
import { runnersOf, TestServer } from './server';

interface Reply { readonly id: number; readonly result?: unknown; readonly error?: { readonly message: string } }

/** How a server starts that can be looked into: the front listens at once, runners at a signal. */
export const INSPECTABLE = { execArgv: ['--inspect=127.0.0.1:0'], env: { NODE_OPTIONS: '--inspect-port=0' } };

const LISTENING = /Debugger listening on (ws:\S+)/g;

async function connect(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => { socket.on('open', resolve); socket.on('error', reject); });
  return socket;
}

/** Looks into a process of a server from outside. */
export class Inspector {
  private readonly pending = new Map<number, (reply: Reply) => void>();
  private nextId = 1;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (text: Buffer) => {
      const reply = JSON.parse(text.toString()) as Reply;
      this.pending.get(reply.id)?.(reply);
      this.pending.delete(reply.id);
    });
  }

  /** Opens the front first, then each runner that there is. */
  public static async open(server: TestServer): Promise<{ readonly front: Inspector; readonly runners: readonly Inspector[] }> {
    const urls = (): string[] => [...server.output.matchAll(LISTENING)].map((match) => match[1]!);
    const front = new Inspector(await connect(urls()[0]!));
    const runners: Inspector[] = [];
    for (const pid of runnersOf(server)) {
      const before = urls().length;
      process.kill(pid, 'SIGUSR1');
      while (urls().length === before) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      runners.push(new Inspector(await connect(urls().at(-1)!)));
    }
    return { front, runners };
  }

  /** Bytes of the heap that are alive, after a full collection. */
  public async liveBytes(): Promise<number> {
    // objects with finalisers need a second round
    await this.ask('HeapProfiler.collectGarbage');
    await this.ask('HeapProfiler.collectGarbage');
    const { usedSize } = await this.ask('Runtime.getHeapUsage') as { usedSize: number };
    return usedSize;
  }

  /** Runs code in the front. */
  public async evaluate(expression: string): Promise<void> {
    const { exceptionDetails } = await this.ask('Runtime.evaluate', { expression }) as { exceptionDetails?: { text: string } };
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.text);
    }
  }

  public close(): void {
    this.socket.terminate();
  }

  private ask(method: string, params: object = {}): Promise<unknown> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, (reply) => (reply.error === undefined ? resolve(reply.result) : reject(new Error(reply.error.message))));
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }
}
