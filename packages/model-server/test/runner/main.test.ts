import { ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { LoadSpec } from '../../src/engine/engine';
import { ELEMENT } from '../../src/engine/onnx/onnx-model';
import { Channel } from '../../src/frames/channel';
import { Frame, Op } from '../../src/frames/frame';
import { identityModel } from '../support/models';
import { folderWith, serverEntry } from '../support/server';

/** A runner, and the front's end of the pair. */
class Pair {
  public readonly child: ChildProcess;
  public readonly socket: Socket;
  public readonly exited: Promise<unknown>;
  private readonly channel: Channel;
  private heard: (frame: Frame) => void = () => undefined;

  public constructor(execArgv: readonly string[] = []) {
    this.child = spawn(process.execPath, [...execArgv, join(serverEntry(), '..', 'runner', 'main.js')], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
    this.socket = this.child.stdio[3] as unknown as Socket;
    this.exited = new Promise((resolve) => this.child.once('exit', (code, signal) => resolve(code ?? signal)));
    this.channel = new Channel(this.socket, { nameOf: () => 'x', onFrame: (frame) => this.heard(frame), onClose: () => undefined });
  }

  public ask(frame: Frame): Promise<Frame> {
    return new Promise((resolve) => {
      this.heard = resolve;
      this.channel.send(frame);
    });
  }

  /** Loads a model and runs it once. */
  public async serve(): Promise<void> {
    const folder = folderWith({ 'model.onnx': identityModel(ELEMENT.FLOAT) });
    const spec: LoadSpec = { name: 'm', format: 'onnx', path: `${folder}/model.onnx`, folder, intraOp: 1, predictProba: false };
    expect((await this.ask({ op: Op.LOAD, id: 1, slot: 1, meta: spec })).op).toBe(Op.LOADED);
    expect(await this.infer()).toBe(Op.RESULT);
  }

  public async infer(): Promise<number> {
    return (await this.ask({ op: Op.INFER, id: 2, slot: 1, tensors: [{ index: 0, name: 'x', datatype: 'FP32', shape: [1, 2], data: Float32Array.of(1, 2) }] })).op;
  }
}

let pair: Pair;

afterEach(() => pair.child.kill('SIGKILL'));

test('a runner ignores signals and ends with its front', async () => {
  pair = new Pair();
  await pair.serve();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    pair.child.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([signal, await Promise.race([pair.infer(), pair.exited])]).toEqual([signal, Op.RESULT]);
  }
  pair.socket.destroy();

  expect(await pair.exited).toBe(0);
}, 60_000);

test('a runner loads the engine, and nothing of what only the front needs', async () => {
  const folder = folderWith({
    'watch.cjs': "const { appendFileSync } = require('node:fs'); const Module = require('node:module'); const load = Module._load; Module._load = function (request, ...rest) { appendFileSync(__dirname + '/loaded', request + '\\n'); return load.call(this, request, ...rest); };",
  });
  pair = new Pair(['--require', `${folder}/watch.cjs`]);
  await pair.serve();
  pair.socket.destroy();
  await pair.exited;
  const loaded = new Set(readFileSync(`${folder}/loaded`, 'utf8').split('\n').map((request) => request.replace(/^node:/, '')));

  expect([...loaded].filter((request) => /onnxruntime/.test(request))).not.toEqual([]);
  expect([...loaded].filter((request) => /pino|opentelemetry|grpc|^ws$|esbuild|^http/.test(request))).toEqual([]);
}, 60_000);
