import { openHttp1 } from './http1';
import { openHttp2 } from './http2';
import { Connection, LoadJob, LoadMessage, LoadResult, OnReply } from './job';

/** Runs one job in this process. */
async function run(job: LoadJob): Promise<LoadResult> {
  let latencies = new Float64Array(1 << 16);
  let count = 0;
  let errors = 0;
  const onReply: OnReply = (good, ms) => {
    if (!good) {
      errors++;
      return;
    }
    if (count === latencies.length) {
      const grown = new Float64Array(count * 2);
      grown.set(latencies);
      latencies = grown;
    }
    latencies[count++] = ms;
  };
  const open = job.protocol === 'http' ? openHttp1 : openHttp2;
  const start = performance.now();
  const cpu = process.cpuUsage();
  const connections: Connection[] = await Promise.all(Array.from({ length: job.connections }, () => open(job, onReply)));
  tell({ opened: true });
  await new Promise((resolve) => setTimeout(resolve, job.seconds * 1000));
  const seconds = (performance.now() - start) / 1000;
  const done = count;
  const used = process.cpuUsage(cpu);
  await Promise.all(connections.map((connection) => connection.stop()));
  return { count: done, errors, perSecond: done / seconds, clientCpuUs: (used.user + used.system) / Math.max(done, 1), latencies: latencies.slice(0, count) };
}

const tell = (message: LoadMessage): boolean => process.send!(message);

process.on('message', (job: LoadJob) => {
  run(job).then((result) => tell({ result }), (error: Error) => tell({ error: error.message }));
});
process.on('disconnect', () => process.exit(0));
