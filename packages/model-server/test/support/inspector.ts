import { WebSocket } from 'ws';
import { TestServer } from './server';

interface Reply { readonly id: number; readonly result?: unknown; readonly error?: { readonly message: string } }

/** Node's flag for a server that `Inspector.open` can look into; runners do not inherit it. */
export const INSPECTABLE = ['--inspect=127.0.0.1:0'];

/** Looks into a server's front process from outside. */
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

  public static async open(server: TestServer): Promise<Inspector> {
    const url = /Debugger listening on (ws:\S+)/.exec(server.output)?.[1];
    if (url === undefined) {
      throw new Error('the server was not started with INSPECTABLE');
    }
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => { socket.on('open', resolve); socket.on('error', reject); });
    return new Inspector(socket);
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
