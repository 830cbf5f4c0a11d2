import { fork } from 'node:child_process';
import { dirname } from 'node:path';
import type { Contestant } from './contest';
import { loadOnnx } from '../src/engine/onnx/engine';

interface BareJob {
  readonly path: string;
  readonly shape: readonly number[];
  readonly seconds: number;
}

/** The bare session in a process of its own: one call after the other, nothing around it. */
export function bareSession(name: string, path: string, shape: readonly number[]): Contestant & { close(): void } {
  const child = fork(__filename, ['child']);
  return {
    name,
    measure: (seconds) => new Promise((resolve) => {
      child.once('message', (rates: { perSecond: number; cpuUs: number }) => resolve({ ...rates, clientBusy: 0 }));
      child.send({ path, shape, seconds } satisfies BareJob);
    }),
    close: () => child.disconnect(),
  };
}

/** Calls a second, and the CPU of each. */
async function measure({ path, shape, seconds }: BareJob): Promise<{ perSecond: number; cpuUs: number }> {
  const engine = await loadOnnx({ name: 'bare', format: 'onnx', path, folder: dirname(path), intraOp: 1, predictProba: false });
  const data = Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => Math.random());
  const input = [{ name: 'x', datatype: 'FP32' as const, shape, data }];
  for (let i = 0; i < 50; i++) {
    await engine.run(input, undefined);
  }
  const cpu = process.cpuUsage();
  const start = performance.now();
  let calls = 0;
  while (performance.now() - start < seconds * 1000) {
    await engine.run(input, undefined);
    calls++;
  }
  const elapsed = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await engine.release();
  return { perSecond: calls / elapsed, cpuUs: (user + system) / calls };
}

if (process.argv[2] === 'child') {
  process.on('message', (job: BareJob) => void measure(job).then((rates) => process.send!(rates)));
  process.on('disconnect', () => process.exit(0));
}
