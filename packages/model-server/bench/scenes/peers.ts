import { irisModel } from '../../src/examples/iris';
import { folderWith, TestServer } from '../../test/support/server';
import { Contest, Contestant, underLoad } from '../contest';
import type { Effort, Figure } from '../figure';
import { Generator } from '../load/generator';
import { Input, grpc, json } from '../payloads';
import { Peers } from '../peers';

const ROW: Input = { name: 'X', shape: [1, 4], data: Float32Array.of(5.1, 3.5, 1.4, 0.2) };
const V1 = { instances: [[5.1, 3.5, 1.4, 0.2]] };
const v2 = (output: string): object => ({ inputs: [{ name: 'X', datatype: 'FP32', shape: [1, 4], data: V1.instances[0] }], outputs: [{ name: output }] });

const INLINE = 'ours V1 inline';
const PLACEMENT = 'runner, 16 connections';
const GOALS = [
  { name: 'iris V1 JSON against FastAPI + scikit-learn', ours: 'ours V1', theirs: 'FastAPI', atLeast: 8 },
  { name: 'iris V2 JSON against MLServer REST', ours: 'ours V2', theirs: 'MLServer REST', atLeast: 12 },
  { name: 'iris gRPC raw against MLServer gRPC', ours: 'ours gRPC', theirs: 'MLServer gRPC', atLeast: 6 },
];

/** The same small model, served by others. */
export async function peers(effort: Effort): Promise<Figure[]> {
  let others: Peers;
  try {
    others = Peers.prepare();
  } catch (error) {
    return GOALS.map(({ name, atLeast }) => ({ name, placement: PLACEMENT, goal: { atLeast }, value: undefined, note: `the others cannot be installed here (${(error as Error).message.split('\n')[0]!.slice(0, 120)})` }));
  }
  const generator = new Generator();
  const folder = folderWith({ 'model.onnx': irisModel() });
  const ours = await TestServer.start([folder, '--model_name=iris']);
  const inline = await TestServer.start([folder, '--model_name=iris', '--placement=inline']);
  try {
    const fastApi = await others.fastApi();
    const mlserver = await others.mlserver();
    const pid = ours.child.pid!;
    const contestants: Contestant[] = [
      underLoad('ours V1', generator, pid, json(ours.httpPort, '/v1/models/iris:predict', V1)),
      underLoad(INLINE, generator, inline.child.pid!, json(inline.httpPort, '/v1/models/iris:predict', V1)),
      underLoad('FastAPI', generator, fastApi.pid, json(fastApi.port, '/v1/models/iris:predict', V1)),
      underLoad('ours V2', generator, pid, json(ours.httpPort, '/v2/models/iris/infer', v2('output_label'))),
      underLoad('MLServer REST', generator, mlserver.pid, json(mlserver.port, '/v2/models/iris/infer', v2('predict'))),
      underLoad('ours gRPC', generator, pid, grpc(ours.grpcPort, 'iris', ROW)),
      underLoad('MLServer gRPC', generator, mlserver.pid, grpc(mlserver.grpcPort, 'iris', ROW)),
    ];
    const contest = await Contest.run(contestants, effort);
    return [
      ...GOALS.map(({ name, ours: one, theirs, atLeast }): Figure => ({
        name,
        placement: PLACEMENT,
        goal: { atLeast },
        value: contest.ratio(one, theirs),
        note: `${contest.cpuRatio(one, theirs).toFixed(1)} times less CPU a request`,
      })),
      { name: GOALS[0]!.name, placement: 'inline, 16 connections', value: contest.ratio(INLINE, 'FastAPI'), note: `${contest.cpuRatio(INLINE, 'FastAPI').toFixed(1)} times less CPU a request` },
      ...contestants.map(({ name }): Figure => ({ name: `iris, ${name}`, placement: name === INLINE ? 'inline, 16 connections' : name.startsWith('ours') ? PLACEMENT : '16 connections', value: contest.perSecond(name), unit: 'requests/s', note: `${Math.round(contest.cpuUs(name))} µs of CPU each` })),
      { name: 'iris, busiest the load generator was', placement: 'a process of its own', value: contest.clientBusy, unit: 'cores' },
    ];
  } finally {
    generator.close();
    await Promise.all([ours.stop(), inline.stop()]);
    await others.stop();
  }
}
