import type { Effort } from './figure';
import { Generator, median } from './load/generator';
import type { LoadJob } from './load/job';
import { cpuSeconds, familyOf } from './processes';

/** Something whose speed is measured against others in the same run. */
export interface Contestant {
  readonly name: string;
  /** Measures one slice. */
  measure(seconds: number): Promise<Slice>;
}

export interface Slice {
  readonly perSecond: number;
  /** CPU that the server's processes used for a request: the other programs on a busy machine change it less than a rate. */
  readonly cpuUs: number;
  /** The load generator's share of one core; near 1 it would be what limits. */
  readonly clientBusy: number;
}

/** A server under load. */
export function underLoad(name: string, generator: Generator, pid: number, job: Omit<LoadJob, 'seconds'>): Contestant {
  return {
    name,
    async measure(seconds) {
      const family = familyOf(pid);
      const before = cpuSeconds(family);
      const { count, errors, perSecond, clientCpuUs } = await generator.run({ ...job, seconds });
      if (errors > 0 || count === 0) {
        throw new Error(`${name}: ${errors} of ${count + errors} requests failed`);
      }
      return { perSecond, cpuUs: (cpuSeconds(family) - before) / count * 1e6, clientBusy: clientCpuUs * perSecond / 1e6 };
    },
  };
}

/** Slices that a contestant warms up for. */
const WARM_UP = 3;

/** Slices of every contestant, taken in turns so that all see the same machine. */
export class Contest {
  private readonly slices = new Map<string, Slice[]>();

  public static async run(contestants: readonly Contestant[], { rounds, seconds, log }: Effort): Promise<Contest> {
    const contest = new Contest();
    for (const { measure } of contestants) {
      // V8 compiles what is hot meanwhile; does not count
      await measure(seconds * WARM_UP);
    }
    for (let round = 0; round < rounds; round++) {
      // back and forth, so that nobody always follows the same neighbour
      for (const { name, measure } of round % 2 === 0 ? contestants : [...contestants].reverse()) {
        const slices = contest.slices.get(name) ?? [];
        slices.push(await measure(seconds));
        contest.slices.set(name, slices);
      }
      log(`round ${round + 1} of ${rounds}: ${contestants.map(({ name }) => `${name} ${Math.round(contest.slices.get(name)!.at(-1)!.perSecond)}/s`).join(', ')}`);
    }
    return contest;
  }

  /** Median over the rounds of how many times faster one is than another. */
  public ratio(one: string, other: string): number {
    const theirs = this.of(other);
    return median(this.of(one).map((slice, i) => slice.perSecond / theirs[i]!.perSecond));
  }

  /** The same of how many times less CPU a request takes. */
  public cpuRatio(one: string, other: string): number {
    const theirs = this.of(other);
    return median(this.of(one).map((slice, i) => theirs[i]!.cpuUs / slice.cpuUs));
  }

  public perSecond(name: string): number {
    return median(this.of(name).map((slice) => slice.perSecond));
  }

  public cpuUs(name: string): number {
    return median(this.of(name).map((slice) => slice.cpuUs));
  }

  /** The generator's busiest median share of a core. */
  public get clientBusy(): number {
    return Math.max(...[...this.slices.values()].map((slices) => median(slices.map((slice) => slice.clientBusy))));
  }

  private of(name: string): readonly Slice[] {
    return this.slices.get(name)!;
  }
}
