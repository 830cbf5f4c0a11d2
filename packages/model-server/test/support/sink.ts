import { createServer, IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver of CloudEvents. */
export class Sink {
  public readonly events: Received[] = [];
  private readonly server: Server;

  /** `answer` may leave a request without one. */
  public constructor(answer: (res: ServerResponse) => void = (res) => res.end()) {
    this.server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        this.events.push({ headers: req.headers, body: Buffer.concat(chunks).toString() });
        answer(res);
      });
    });
  }

  public async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Type and body of the events of an id, once there are so many. */
  public async of(id: string, count: number): Promise<[string, string][]> {
    const mine = (): Received[] => this.events.filter(({ headers }) => headers['ce-id'] === id);
    for (let i = 0; i < 250 && mine().length < count; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return mine().map(({ headers, body }): [string, string] => [String(headers['ce-type']).replace('org.kubeflow.serving.inference.', ''), body]).sort();
  }

  public close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
