import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildImage, imageOptions } from '../../image/image';
import { readLock } from '../../image/lock';
import { irisModel } from '../../src/examples/iris';
import { Container, freePort, hasRunc, openImage } from '../../test/image/container';
import { cnnModel } from '../../test/support/models';
import { folderWith } from '../../test/support/server';
import type { Effort, Figure } from '../figure';
import { Generator, median } from '../load/generator';
import { binary, json, Load, randomInput } from '../payloads';
import { familyOf, pssMiB } from '../processes';

const READY_RUNS = 5;
const MODELS = {
  iris: { file: irisModel(), load: (port: number): Load => json(port, '/v1/models/model:predict', { instances: [[5.1, 3.5, 1.4, 0.2]] }) },
  cnn: { file: cnnModel(), load: (port: number): Load => binary(port, 'model', randomInput('x', [1, 3, 64, 64])) },
};

/** Files from here on matter for memory. */
const LARGE = 1_000_000;

/**
 * Lets the kernel forget what it keeps of files just written, so that they are read as on a node that
 * has the image: pages of a file just written lie together, and a program maps more of them than it uses.
 */
function forget(root: string): void {
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && statSync(path).size > LARGE) {
      execFileSync('dd', [`of=${path}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0'], { stdio: 'ignore' });
    }
  }
}

interface Run {
  readonly readyMs: number;
  /** Processes of the container, and their memory. */
  readonly processes: number;
  readonly pssMiB: number;
}

/** The image as it runs: its size, how soon it is ready and the memory of all its processes. */
export async function image({ memorySeconds, log }: Effort): Promise<Figure[]> {
  const built = buildImage(readLock(), ['amd64'], imageOptions());
  const size: Figure = { name: 'Image, compressed', placement: 'linux/amd64', goal: { atMost: 70 }, value: built.sizes.amd64! / 1e6, unit: 'MB' };
  const memory: readonly Omit<Figure, 'value'>[] = [
    { name: 'Summed PSS after load, iris V1 JSON', placement: 'front and 1 runner under runc, 16 connections', goal: { atMost: 150 }, unit: 'MiB' },
    { name: 'Summed PSS after load, CNN 49 kB V2 binary', placement: 'front and 1 runner under runc, 16 connections', goal: { atMost: 150 }, unit: 'MiB' },
    { name: 'Each further runner, iris V1 JSON', placement: 'front and 2 runners against 1', goal: { atMost: 70 }, unit: 'MiB' },
  ];
  const ready: Omit<Figure, 'value'> = { name: 'Ready after start', placement: 'under runc, iris in a runner', unit: 'ms' };
  if (!hasRunc()) {
    return [size, ...[ready, ...memory].map((figure) => ({ ...figure, value: undefined, note: 'needs runc and root' }))];
  }
  const { config, entries } = openImage(built.layout, built.layout.images[0]!.digest);
  const generator = new Generator();
  const root = Container.unpack(entries);
  forget(root);
  const run = async (model: keyof typeof MODELS, workers: number, seconds: number): Promise<Run> => {
    const port = await freePort();
    const { file, load } = MODELS[model];
    const models = folderWith({ 'model.onnx': file });
    // the container's user is none of this machine's
    chmodSync(models, 0o755);
    const container = new Container(root, config, {
      uid: 4242,
      models,
      args: [`--http_port=${port}`, `--grpc_port=${await freePort()}`, '--model_name=model', `--workers=${workers}`, '--drain_delay_seconds=0'],
    });
    try {
      const readyMs = await container.ready(`http://127.0.0.1:${port}/v2/health/ready`);
      if (seconds > 0) {
        const { errors } = await generator.run({ ...load(port), seconds });
        if (errors > 0) {
          throw new Error(`${errors} requests failed under runc`);
        }
      }
      // all but runc itself
      const family = familyOf(container.pid).slice(1);
      return { readyMs, processes: family.length, pssMiB: pssMiB(family) };
    } finally {
      await container.stop();
    }
  };
  try {
    const starts: Run[] = [];
    for (let i = 0; i < READY_RUNS; i++) {
      starts.push(await run('iris', 1, 0));
    }
    const one = await run('iris', 1, memorySeconds);
    const images = await run('cnn', 1, memorySeconds);
    const two = await run('iris', 2, memorySeconds);
    log(`memory: ${[one, images, two].map(({ processes, pssMiB: mib }) => `${processes} processes ${mib.toFixed(0)} MiB`).join(', ')}`);
    const after = `after ${memorySeconds} s`;
    return [
      size,
      { ...ready, value: median(starts.map(({ readyMs }) => readyMs)), note: `median of ${READY_RUNS}` },
      { ...memory[0]!, value: one.pssMiB, note: after },
      { ...memory[1]!, value: images.pssMiB, note: after },
      { ...memory[2]!, value: (two.pssMiB - one.pssMiB) / (two.processes - one.processes), note: after },
    ];
  } finally {
    generator.close();
    rmSync(root, { recursive: true, force: true });
  }
}
