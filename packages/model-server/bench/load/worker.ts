import { openHttp1 } from './http1';
import { openHttp2 } from './http2';
import { Connection, LoadJob, LoadMessage, LoadResult, OnReply } from './job';

/** Numbers that come one after the other, kept where the collector does not look at each. */
class Series {
  public length = 0;
  private values = new Float64Array(1 << 16);

  public push(value: number): void {
    if (this.length === this.values.length) {
      const grown = new Float64Array(this.length * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.length++] = value;
  }

  public whole(): Float64Array {
    return this.values.slice(0, this.length);
  }
}

/** Runs one job in this process. */
async function run(job: LoadJob): Promise<LoadResult> {
  const latencies = new Series();
  const starts = new Series();
  const sending = new Series();
  let errors = 0;
  const onReply: OnReply = (good, ms, sendingMs = 0) => {
    if (!good) {
      errors++;
      return;
    }
    latencies.push(ms);
    starts.push(performance.timeOrigin + performance.now() - ms);
    sending.push(sendingMs);
  };
  const open = job.protocol === 'http' ? openHttp1 : openHttp2;
  const start = performance.now();
  const cpu = process.cpuUsage();
  const connections: Connection[] = await Promise.all(Array.from({ length: job.connections }, () => open(job, onReply)));
  tell({ opened: true });
  await new Promise((resolve) => setTimeout(resolve, job.seconds * 1000));
  const seconds = (performance.now() - start) / 1000;
  const done = latencies.length;
  const used = process.cpuUsage(cpu);
  await Promise.all(connections.map((connection) => connection.stop()));
  return { count: done, errors, perSecond: done / seconds, clientCpuUs: (used.user + used.system) / Math.max(done, 1), latencies: latencies.whole(), starts: starts.whole(), sending: sending.whole() };
}

const tell = (message: LoadMessage): boolean => process.send!(message);

process.on('message', (job: LoadJob) => {
  run(job).then((result) => tell({ result }), (error: Error) => tell({ error: error.message }));
});
process.on('disconnect', () => process.exit(0));
