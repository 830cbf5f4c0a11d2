import { Caller } from './caller';
import { exchange, KINDS } from './exchanges';
import { Inspector } from './inspector';
import { Growth, growth, Sample, sample } from './memory';
import { TestServer } from './server';

export interface SoakOptions {
  readonly seconds: number;
  /** Seconds before memory counts. */
  readonly warmupSeconds: number;
  readonly sampleSeconds: number;
  /** Requests a second, all kinds in turn. */
  readonly rate: number;
  readonly kinds?: readonly string[];
  /** Code to run in the front first. */
  readonly inject?: string;
  readonly onSample?: (sample: Sample) => void;
}

export interface SoakResult {
  readonly requests: number;
  /** Requests that were not answered right. */
  readonly wrong: readonly string[];
  /** Bytes a request. */
  readonly growth: Growth;
}

const TICK_MS = 50;
/** More do not wait at a time, so that a busy machine lowers the rate instead of piling up requests. */
const MOST_OPEN = 64;

/** Asks at a fixed modest rate by all protocols and weighs the server meanwhile. */
export async function soak(server: TestServer, options: SoakOptions): Promise<SoakResult> {
  const { front, runners } = await Inspector.open(server);
  if (options.inject !== undefined) {
    await front.evaluate(options.inject);
  }
  const { kinds = KINDS } = options;
  const caller = new Caller(server);
  const wrong: string[] = [];
  const samples: Sample[] = [];
  const open = new Set<Promise<void>>();
  const start = performance.now();
  let sent = 0;
  let last = 0;
  let sampleAt = options.warmupSeconds;
  const ask = async (i: number): Promise<void> => {
    const asked = exchange(kinds[i % kinds.length]!, i % 1000);
    try {
      const answer = await caller.send(asked);
      if (!answer.ok || !asked.right(answer.body)) {
        wrong.push(`${asked.kind}: ${answer.status} ${answer.body.toString().slice(0, 200)}`);
      }
    } catch (error) {
      wrong.push(`${asked.kind}: ${(error as Error).message}`);
    }
  };
  for (;;) {
    const seconds = (performance.now() - start) / 1000;
    if (seconds >= options.seconds) {
      break;
    }
    if (server.child.exitCode !== null || server.child.signalCode !== null) {
      throw new Error(`the server ended with ${server.child.signalCode ?? server.child.exitCode} after ${sent} requests: ${server.output.slice(-2000)}`);
    }
    for (let due = Math.floor((seconds - last) * options.rate); due > 0 && open.size < MOST_OPEN; due--) {
      const one: Promise<void> = ask(sent++).finally(() => open.delete(one));
      open.add(one);
    }
    last = seconds;
    if (seconds >= sampleAt) {
      sampleAt += options.sampleSeconds;
      // what is under way is no leak
      await Promise.all(open);
      // a scrape is a part of a server's day
      await server.call('/metrics');
      const now = await sample(server, front, runners, sent);
      samples.push(now);
      options.onSample?.(now);
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(open);
  caller.close();
  [front, ...runners].forEach((inspector) => inspector.close());
  return { requests: sent, wrong: wrong.slice(0, 10), growth: growth(samples) };
}
