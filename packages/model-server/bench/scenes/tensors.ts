import { cnnModel, mlpModel } from '../../test/support/models';
import { folderWith, TestServer } from '../../test/support/server';
import { bareSession } from '../bare';
import { Contest, Contestant, underLoad } from '../contest';
import type { Effort, Figure } from '../figure';
import { Generator } from '../load/generator';
import { binary, grpc, randomInput } from '../payloads';

const IMAGE = randomInput('x', [1, 3, 64, 64]);
const VECTOR = randomInput('x', [1, 784]);

/** Payloads of 49 kB against the bare session, gRPC against REST, runs shared against runs alone. */
export async function tensors(effort: Effort): Promise<Figure[]> {
  const folder = folderWith({
    'cnn/model.onnx': cnnModel(),
    'inline/model.onnx': cnnModel(),
    'inline/model.json': '{"placement":"inline"}',
    'mlp/model.onnx': mlpModel(784, 1024, 10),
    'single/model.onnx': mlpModel(784, 1024, 10),
    'single/model.json': '{"batching":{"enabled":false}}',
  });
  const generator = new Generator();
  const server = await TestServer.start([folder]);
  const bare = bareSession('bare session', `${folder}/cnn/model.onnx`, IMAGE.shape);
  const { httpPort, grpcPort } = server;
  const ours = (name: string, job: Parameters<typeof underLoad>[3]): Contestant => underLoad(name, generator, server.child.pid!, job);
  try {
    const images = await Contest.run([
      bare,
      ours('REST inline', binary(httpPort, 'inline', IMAGE)),
      ours('REST', binary(httpPort, 'cnn', IMAGE)),
      ours('gRPC', grpc(grpcPort, 'cnn', IMAGE)),
      ours('gRPC streams', grpc(grpcPort, 'cnn', IMAGE, 1, 16)),
    ], effort);
    const rows = await Contest.run([
      ours('shared, 16', binary(httpPort, 'mlp', VECTOR)),
      ours('alone, 16', binary(httpPort, 'single', VECTOR)),
      ours('shared, 1', binary(httpPort, 'mlp', VECTOR, 1)),
      ours('alone, 1', binary(httpPort, 'single', VECTOR, 1)),
    ], effort);
    const cpu = (one: string, other: string): string => `${images.cpuRatio(one, other).toFixed(2)} by CPU a request`;
    return [
      { name: "CNN, 49 kB V2 binary, share of the bare session's calls", placement: 'inline, 16 connections', goal: { atLeast: 0.75 }, value: images.ratio('REST inline', 'bare session'), note: cpu('REST inline', 'bare session') },
      { name: "CNN, 49 kB V2 binary, share of the bare session's calls", placement: 'runner, 16 connections', goal: { atLeast: 0.65 }, value: images.ratio('REST', 'bare session'), note: cpu('REST', 'bare session') },
      { name: 'CNN, gRPC raw against REST binary', placement: 'runner, 16 connections', goal: { atLeast: 0.5 }, value: images.ratio('gRPC', 'REST'), note: cpu('gRPC', 'REST') },
      { name: 'CNN, gRPC raw against REST binary', placement: 'runner, 1 connection of 16 streams', goal: { atLeast: 0.5 }, value: images.ratio('gRPC streams', 'REST'), note: cpu('gRPC streams', 'REST') },
      { name: 'MLP, coalescing against a run for each request', placement: 'runner, 16 connections', goal: { atLeast: 1.8 }, value: rows.ratio('shared, 16', 'alone, 16') },
      { name: 'MLP, coalescing against a run for each request', placement: 'runner, 1 connection', goal: { atLeast: 0.97 }, value: rows.ratio('shared, 1', 'alone, 1') },
      { name: 'CNN, the bare session', placement: 'a process of its own', value: images.perSecond('bare session'), unit: 'calls/s' },
      { name: 'CNN, V2 binary', placement: 'runner, 16 connections', value: images.perSecond('REST'), unit: 'requests/s', note: `${Math.round(images.cpuUs('REST'))} µs of CPU each` },
      { name: 'MLP, V2 binary', placement: 'runner, 16 connections', value: rows.perSecond('shared, 16'), unit: 'requests/s', note: `${Math.round(rows.cpuUs('shared, 16'))} µs of CPU each` },
      { name: 'CNN and MLP, busiest the load generator was', placement: 'a process of its own', value: Math.max(images.clientBusy, rows.clientBusy), unit: 'cores' },
    ];
  } finally {
    bare.close();
    generator.close();
    await server.stop();
  }
}
