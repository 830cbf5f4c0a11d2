import { parseJson } from '../../src/json/parse';
import { Contest, Contestant } from '../contest';
import type { Effort, Figure } from '../figure';
import { imageJson, randomInput } from '../payloads';

/** Calls a second of something that needs no server. */
function loop(name: string, work: () => void): Contestant {
  return {
    name,
    async measure(seconds) {
      const start = performance.now();
      let count = 0;
      while (performance.now() - start < seconds * 1000) {
        work();
        count++;
      }
      const perSecond = count / (performance.now() - start) * 1000;
      return { perSecond, cpuUs: 1e6 / perSecond, clientBusy: 0 };
    },
  };
}

function fill(target: Float32Array, value: unknown, at: number): number {
  if (!Array.isArray(value)) {
    target[at] = value as number;
    return at + 1;
  }
  let next = at;
  for (const item of value) {
    next = fill(target, item, next);
  }
  return next;
}

/** The number scanner against JSON.parse with a recursive fill. */
export async function scanner(effort: Effort): Promise<Figure[]> {
  const image = randomInput('x', [1, 3, 64, 64]);
  const body = imageJson(image);
  const target = new Float32Array(image.data.length);
  const contest = await Contest.run([
    loop('scanner', () => target.set((parseJson(body) as unknown as { instances: { values: Float64Array } }).instances.values)),
    loop('JSON.parse', () => { fill(target, (JSON.parse(body.toString()) as { instances: unknown }).instances, 0); }),
  ], effort);
  return [{ name: `Scanner against JSON.parse with a fill, CNN body of ${Math.round(body.length / 1000)} kB`, placement: 'no server', goal: { atLeast: 1.5 }, value: contest.ratio('scanner', 'JSON.parse') }];
}
