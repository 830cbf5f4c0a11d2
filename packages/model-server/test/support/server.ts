import { ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { NODE_FLAGS } from '../../image/node-flags';
import { bundle } from '../../scripts/bundle';

const ROOT = join(__dirname, '..', '..');
const OUT = join(ROOT, '.cache', 'test', 'out');

function newest(folder: string): number {
  return Math.max(...readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
  }));
}

/** The server's programs, bundled once and again when a source is newer. */
export function serverEntry(): string {
  const entry = join(OUT, 'main.js');
  if (!existsSync(entry) || statSync(entry).mtimeMs < newest(join(ROOT, 'src'))) {
    mkdirSync(dirname(OUT), { recursive: true });
    const fresh = mkdtempSync(join(dirname(OUT), 'build-'));
    bundle(join(fresh, 'out'));
    writeFileSync(join(fresh, 'package.json'), JSON.stringify({ version: '0.0.0' }));
    // other workers may be running what is there: each file is whole at any time, and main.js, which tells the age, is the last
    const files = readdirSync(fresh, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(fresh, path)).isFile());
    for (const path of files.sort((a, b) => Number(a === 'out/main.js') - Number(b === 'out/main.js'))) {
      mkdirSync(dirname(join(OUT, '..', path)), { recursive: true });
      renameSync(join(fresh, path), join(OUT, '..', path));
    }
    rmSync(fresh, { recursive: true });
  }
  return entry;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: Buffer;
  readonly json: any; // eslint-disable-line @typescript-eslint/no-explicit-any
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | Uint8Array | object;
  readonly signal?: AbortSignal;
  /** Silence after which the call fails. */
  readonly timeoutMs?: number;
}

/** A server in a process of its own. */
export class TestServer {
  public httpPort = 0;
  public grpcPort = 0;
  public output = '';
  public readonly exited: Promise<number | null>;
  private readonly agent = new Agent({ keepAlive: true });

  private constructor(public readonly child: ChildProcess) {
    child.stdout!.on('data', (chunk: Buffer) => { this.output += chunk.toString(); });
    child.stderr!.on('data', (chunk: Buffer) => { this.output += chunk.toString(); });
    this.exited = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
  }

  /** Starts a server; resolves when its models are loaded, or listening when told so. */
  public static async start(args: readonly string[], options: { env?: NodeJS.ProcessEnv; until?: 'listening' | 'loaded'; execArgv?: readonly string[] } = {}): Promise<TestServer> {
    const child = fork(serverEntry(), ['--http_port=0', '--grpc_port=0', '--host=127.0.0.1', '--drain_delay_seconds=0', ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ...options.env },
      execArgv: [...NODE_FLAGS, ...options.execArgv ?? []],
    });
    const server = new TestServer(child);
    await new Promise<void>((resolve, reject) => {
      child.on('message', (message: { event: string; httpPort: number; grpcPort: number }) => {
        if (message.event === 'listening') {
          server.httpPort = message.httpPort;
          server.grpcPort = message.grpcPort;
        }
        if (message.event === (options.until ?? 'loaded')) {
          resolve();
        }
      });
      child.on('exit', (code) => reject(new Error(`the server exited with ${code}: ${server.output}`)));
    });
    return server;
  }

  public call(path: string, options: CallOptions = {}): Promise<HttpReply> {
    const { body } = options;
    const payload = body === undefined || typeof body === 'string' || ArrayBuffer.isView(body) ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const req = request({ port: this.httpPort, host: '127.0.0.1', path, agent: this.agent, method: options.method ?? (body === undefined ? 'GET' : 'POST'), headers: options.headers, signal: options.signal, timeout: options.timeoutMs }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => {
          const bytes = Buffer.concat(chunks);
          let json: unknown;
          try {
            json = JSON.parse(bytes.toString());
          } catch {
            json = undefined;
          }
          resolve({ status: res.statusCode!, headers: res.headers, body: bytes, json });
        });
      });
      req.on('error', reject);
      req.on('timeout', () => req.destroy(new Error(`${path} was silent for ${options.timeoutMs} ms`)));
      req.end(payload);
    });
  }

  public async stop(): Promise<number | null> {
    this.agent.destroy();
    if (this.child.exitCode === null) {
      this.child.kill('SIGTERM');
    }
    return this.exited;
  }
}

/** Runners of a server: its child processes. */
export function runnersOf(server: TestServer): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'latin1').replace(/^.*\) /, '').split(' ');
      return Number(fields[1]) === server.child.pid ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** A temporary folder with these files. */
export function folderWith(files: { readonly [path: string]: string | Uint8Array }): string {
  const folder = mkdtempSync(join(tmpdir(), 'model-server-test-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
