import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Metrics } from './registry';
import { pssOf } from '../pss';
import { ModelRegistry } from '../registry/registry';

const MEMORY_EVERY_MS = 10_000;

/** Fills the gauges that describe the process and its queues. */
export function watchProcess(metrics: Metrics, registry: ModelRegistry): void {
  const { server } = metrics;
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  server.value('started').set(Math.round(Date.now() / 1000 - process.uptime()));
  metrics.beforeRender.push(() => {
    const { user, system } = process.cpuUsage();
    server.value('cpu').set((user + system) / 1e6);
    server.value('memory').set(process.memoryUsage.rss());
    server.value('loopDelay').set(Math.max(0, (delay.percentile(99) || 0) / 1e9 - 0.02));
    delay.reset();
    for (const model of registry.all()) {
      model.metrics.value('queueLength').set(model.executor.queue.waiting);
      model.metrics.value('ready').set(model.ready ? 1 : 0);
    }
  });
  setInterval(() => void weigh(metrics, registry), MEMORY_EVERY_MS).unref();
}

async function weigh(metrics: Metrics, registry: ModelRegistry): Promise<void> {
  let bytes = 0;
  for (const pid of registry.pids) {
    bytes += await pssOf(pid) ?? 0;
  }
  metrics.server.value('runnerMemory').set(bytes);
}
