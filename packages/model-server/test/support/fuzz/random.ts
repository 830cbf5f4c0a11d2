/** A seeded generator, so that a failure can be repeated. */
export class Random {
  private state: number;

  public constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 up to 1. */
  public next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** From 0 up to, not including, `end`. */
  public int(end: number): number {
    return Math.floor(this.next() * end);
  }

  public chance(share: number): boolean {
    return this.next() < share;
  }

  public pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)]!;
  }
}
