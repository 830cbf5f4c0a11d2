import { ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PythonEnvironment } from '../oracles/python';
import { IRIS_RULE } from '../src/examples/iris';
import { freePort } from '../test/image/container';

const READY_MS = 90_000;

/** Another server of the same model. */
export interface Peer {
  readonly pid: number;
  readonly port: number;
  readonly grpcPort: number;
}

/** FastAPI and MLServer with the example as a scikit-learn model. */
export class Peers {
  private readonly children: ChildProcess[] = [];

  private constructor(private readonly folder: string, private readonly python: PythonEnvironment) {}

  /** Installs them where that was not done before; throws where they cannot be had. */
  public static prepare(): Peers {
    const python = PythonEnvironment.make('peers');
    const folder = mkdtempSync(join(tmpdir(), 'bench-peers-'));
    const peers = new Peers(folder, python);
    writeFileSync(join(folder, 'rule.json'), JSON.stringify(IRIS_RULE));
    python.run('../bench/peers/iris.py', join(folder, 'rule.json'), peers.model);
    return peers;
  }

  public async fastApi(): Promise<Peer> {
    const port = await freePort();
    const args = ['app:app', '--app-dir', join(__dirname, 'peers'), '--port', String(port), '--no-access-log', '--log-level', 'warning'];
    return this.start('uvicorn', args, { port, grpcPort: 0, path: '/docs' });
  }

  public async mlserver(): Promise<Peer> {
    const port = await freePort();
    const grpcPort = await freePort();
    const home = join(this.folder, 'mlserver');
    mkdirSync(home);
    writeFileSync(join(home, 'settings.json'), JSON.stringify({ host: '127.0.0.1', http_port: port, grpc_port: grpcPort, metrics_port: await freePort(), debug: false }));
    writeFileSync(join(home, 'model-settings.json'), JSON.stringify({ name: 'iris', implementation: 'mlserver_sklearn.SKLearnModel', parameters: { uri: this.model } }));
    return this.start('mlserver', ['start', home], { port, grpcPort, path: '/v2/models/iris/ready' });
  }

  public async stop(): Promise<void> {
    await Promise.all(this.children.map((child) => new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) {
        resolve();
        return;
      }
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      child.kill('SIGTERM');
    })));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get model(): string {
    return join(this.folder, 'model.joblib');
  }

  private async start(program: string, args: readonly string[], { port, grpcPort, path }: { port: number; grpcPort: number; path: string }): Promise<Peer> {
    const child = spawn(this.python.program(program), args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, MODEL: this.model, PYTHONUNBUFFERED: '1' } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => { output = (output + chunk.toString()).slice(-4000); });
    }
    this.children.push(child);
    const until = performance.now() + READY_MS;
    for (;;) {
      const ready = await fetch(`http://127.0.0.1:${port}${path}`).then((response) => response.ok, () => false);
      if (ready) {
        return { pid: child.pid!, port, grpcPort };
      }
      if (child.exitCode !== null || performance.now() > until) {
        throw new Error(`${program} does not serve: ${output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
