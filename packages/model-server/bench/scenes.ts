import { readFileSync, readdirSync } from 'node:fs';
import { grpcLoad, httpRequest, load } from './load';
import { loadOnnx } from '../src/engine/onnx/engine';
import { irisModel } from '../src/examples/iris';
import { encodeInferRequest } from '../src/grpc/infer-codec';
import { parseJson } from '../src/json/parse';
import { cnnModel, mlpModel } from '../test/support/models';
import { folderWith, TestServer } from '../test/support/server';

/** One figure of the table: a ratio within one run. */
export interface Figure {
  readonly name: string;
  /** Where the model ran. */
  readonly placement: string;
  readonly target: string;
  readonly value: number;
}

const random = (length: number): Float32Array => Float32Array.from({ length }, () => Math.random());
const IMAGE = random(3 * 64 * 64);
const VECTOR = random(784);

/** A V2 request with one binary input, answered binary. */
function binaryRequest(path: string, data: Float32Array, shape: readonly number[]): Buffer {
  const json = Buffer.from(JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape, parameters: { binary_data_size: data.byteLength } }], parameters: { binary_data_output: true } }));
  return httpRequest(path, Buffer.concat([json, new Uint8Array(data.buffer)]), { 'Inference-Header-Content-Length': String(json.length) });
}

/** Six digits a number, as clients round their pixels. */
function imageJson(): Buffer {
  const rows = Array.from({ length: 3 }, (_, c) => Array.from({ length: 64 }, (__, y) => Array.from(IMAGE.subarray(c * 4096 + y * 64, c * 4096 + y * 64 + 64), (value) => Number(value.toFixed(4)))));
  return Buffer.from(JSON.stringify({ instances: [rows] }));
}

/** Calls a second that the bare session does. */
async function bare(folder: string, seconds: number): Promise<number> {
  const engine = await loadOnnx({ name: 'cnn', format: 'onnx', path: `${folder}/cnn/model.onnx`, intraOp: 1, predictProba: false });
  const input = [{ name: 'x', datatype: 'FP32' as const, shape: [1, 3, 64, 64], data: IMAGE }];
  for (let i = 0; i < 50; i++) {
    await engine.run(input, undefined);
  }
  const start = performance.now();
  let calls = 0;
  while (performance.now() - start < seconds * 1000) {
    await engine.run(input, undefined);
    calls++;
  }
  await engine.release();
  return calls / seconds;
}

/** The scanner's share of JSON.parse and a recursive fill, on the body of an image. */
function scanner(seconds: number): number {
  const body = imageJson();
  const target = new Float32Array(IMAGE.length);
  const fill = (value: unknown, at: number): number => (Array.isArray(value) ? value.reduce((next: number, item) => fill(item, next), at) : (target[at] = value as number, at + 1));
  const per = (work: () => void): number => {
    const start = performance.now();
    let count = 0;
    while (performance.now() - start < seconds * 500) {
      work();
      count++;
    }
    return count;
  };
  const ours = (): void => {
    const json = parseJson(body) as unknown as { instances: { values: Float64Array } };
    target.set(json.instances.values);
  };
  const theirs = (): void => { fill((JSON.parse(body.toString()) as { instances: unknown }).instances, 0); };
  ours();
  theirs();
  return per(ours) / per(theirs);
}

/** Proportional memory in MiB of a process and its children. */
export function memoryOf(pid: number): number {
  const pids = [pid, ...readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((child) => {
    try {
      return Number(readFileSync(`/proc/${child}/stat`, 'latin1').replace(/^.*\) /, '').split(' ')[1]) === pid;
    } catch {
      return false;
    }
  })];
  return pids.reduce((sum, one) => sum + Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, 'latin1'))?.[1] ?? 0) / 1024, 0);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Summed memory of front and one runner that have served the iris model for a while. */
async function memoryUnderLoad(seconds: number): Promise<number> {
  const server = await TestServer.start([folderWith({ 'model.onnx': irisModel() }), '--model_name=iris']);
  await load({ port: server.httpPort, connections: 16, seconds, request: httpRequest('/v1/models/iris:predict', Buffer.from('{"instances":[[5.1,3.5,1.4,0.2]]}')) });
  const memory = memoryOf(server.child.pid!);
  await server.stop();
  return memory;
}

/** Runs all scenes, interleaved, and gives the median of each ratio. */
export async function measureAll(rounds: number, seconds: number, log: (line: string) => void): Promise<Figure[]> {
  const folder = folderWith({
    'iris/model.onnx': irisModel(),
    'cnn/model.onnx': cnnModel(),
    'inline/model.onnx': cnnModel(),
    'inline/model.json': '{"placement":"inline"}',
    'mlp/model.onnx': mlpModel(784, 1024, 10),
    'single/model.onnx': mlpModel(784, 1024, 10),
    'single/model.json': '{"batching":{"enabled":false}}',
  });
  const server = await TestServer.start([folder]);
  const port = server.httpPort;
  const at = (request: Buffer, connections = 16): Promise<number> => load({ port, connections, seconds, request }).then((result) => result.perSecond);
  const cnn = (model: string): Buffer => binaryRequest(`/v2/models/${model}/infer`, IMAGE, [1, 3, 64, 64]);
  const mlp = (model: string): Buffer => binaryRequest(`/v2/models/${model}/infer`, VECTOR, [1, 784]);
  const health = httpRequest('/v2/health/live', undefined);
  const message = encodeInferRequest({ modelName: 'cnn', inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 3, 64, 64], data: IMAGE }] });
  const found: { [key: string]: number[] } = {};
  const note = (key: string, value: number): void => { (found[key] ??= []).push(value); };
  await at(cnn('cnn'));
  await at(cnn('inline'));
  for (let round = 0; round < rounds; round++) {
    const ceiling = await bare(folder, seconds);
    const runner = await at(cnn('cnn'));
    const inline = await at(cnn('inline'));
    note('inline', inline / ceiling);
    note('runner', runner / ceiling);
    note('grpc', (await grpcLoad({ port: server.grpcPort, streams: 16, seconds, message })) / runner);
    note('coalesced16', (await at(mlp('mlp'))) / (await at(mlp('single'))));
    note('coalesced1', (await at(mlp('mlp'), 1)) / (await at(mlp('single'), 1)));
    note('scanner', scanner(seconds));
    note('iris', await at(httpRequest('/v1/models/iris:predict', Buffer.from('{"instances":[[5.1,3.5,1.4,0.2]]}'))));
    const probe = (): Promise<number> => load({ port, connections: 1, seconds, request: health, everyMs: 50 }).then((result) => result.p99Ms);
    const idle = await probe();
    const [busy] = await Promise.all([probe(), at(cnn('cnn'))]);
    note('health', busy / idle);
    log(`round ${round + 1} of ${rounds}`);
  }
  await server.stop();
  const memory = await memoryUnderLoad(seconds * 5);
  const of = (key: string): number => median(found[key]!);
  return [
    { name: 'CNN, 49 kB V2 binary, share of the bare session\'s calls', placement: 'inline', target: '≥ 0.75', value: of('inline') },
    { name: 'CNN, 49 kB V2 binary, share of the bare session\'s calls', placement: 'runner', target: '≥ 0.65', value: of('runner') },
    { name: 'CNN, gRPC raw against REST binary', placement: 'runner', target: '≥ 0.5', value: of('grpc') },
    { name: 'MLP, coalescing at 16 connections', placement: 'runner', target: '≥ 1.8', value: of('coalesced16') },
    { name: 'MLP, coalescing at 1 connection', placement: 'runner', target: '≥ 0.97', value: of('coalesced1') },
    { name: 'Scanner against JSON.parse with a fill, CNN body', placement: '-', target: '≥ 1.5', value: of('scanner') },
    { name: 'Liveness p99 while saturated, against idle', placement: 'runner', target: '≤ 3', value: of('health') },
    { name: 'iris V1, requests a second at 16 connections (no ratio)', placement: 'runner', target: '-', value: of('iris') },
    { name: 'Summed PSS after load at 16 connections, MiB: front and one runner, iris', placement: 'runner', target: '≤ 150', value: memory },
  ];
}
