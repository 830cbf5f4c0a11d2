/**
 * One measurement of `bench.ts`: makes and synthesizes services by our
 * constructs, or the same manifests as bare ApiObjects.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, ApiObjectProps, App, Chart, Size, Testing } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';

// the compiled library, as programs load it
const {
  InferenceLogger, InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, Scaling, ServingTarget,
  // eslint-disable-next-line @typescript-eslint/no-require-imports
} = require('../lib') as typeof import('cdk8s-kserve');

export interface Sample {
  /** CPU time of the program's own thread: what else runs on the machine does not count. */
  readonly milliseconds: number;
  /** With the threads of Node, which compile and collect garbage beside it. */
  readonly allThreads: number;
  readonly heapMegabytes: number;
  /** Of all that was written. */
  readonly digest: string;
}

function service(chart: Chart, name: string): void {
  new InferenceService(chart, name, {
    labels: { team: 'vision', tier: 'gold' },
    predictor: Predictor.fromModel({
      format: ModelFormat.SKLEARN,
      source: ModelSource.gcs('gs://acme-models/classifier/v1/'),
      resources: {
        cpu: { request: Cpu.millis(500), limit: Cpu.units(1) },
        memory: { request: Size.mebibytes(512), limit: Size.gibibytes(1) },
      },
      args: ['--workers=1'],
      scaling: Scaling.cpu({ targetUtilization: 70, minReplicas: 1, maxReplicas: 5 }),
      logger: InferenceLogger.all({ url: 'http://collector.logging' }),
    }),
  });
}

function app(outdir?: string): App {
  const made = new App({ outdir });
  ServingTarget.attach(made, { release: KServeRelease.LATEST, namespace: 'models' });
  return made;
}

/** The manifest of a service by its name, made before the clock starts. */
function manifests(names: string[]): ApiObjectProps[] {
  const chart = new Chart(app(), 'template', { namespace: 'models' });
  service(chart, 'template');
  const [text] = Testing.synth(chart).map((manifest) => JSON.stringify(manifest));
  return names.map((name) => JSON.parse(text.replaceAll('"template"', `"${name}"`)));
}

function sample(kind: string, objects: number, charts: number): Sample {
  const names = Array.from({ length: objects }, (_, i) => `service-${i}`);
  const bare = kind === 'bare' ? manifests(names) : [];
  const outdir = mkdtempSync(join(tmpdir(), 'cdk8s-kserve-bench-'));

  const start = [process.threadCpuUsage(), process.cpuUsage()];
  const root = app(outdir);
  const made = Array.from({ length: charts }, (_, i) => new Chart(root, `chart-${i}`, { namespace: 'models' }));
  names.forEach((name, i) => {
    const chart = made[i % charts];
    if (kind === 'bare') {
      new ApiObject(chart, name, bare[i]);
    } else {
      service(chart, name);
    }
  });
  root.synth();
  const [milliseconds, allThreads] = [process.threadCpuUsage(start[0]), process.cpuUsage(start[1])]
    .map(({ user, system }) => (user + system) / 1000);

  globalThis.gc!();
  const heapMegabytes = process.memoryUsage().heapUsed / 2 ** 20;
  const digest = createHash('sha256');
  readdirSync(outdir).sort().forEach((file) => digest.update(readFileSync(join(outdir, file))));
  rmSync(root.outdir, { recursive: true });
  return { milliseconds, allThreads, heapMegabytes, digest: digest.digest('hex') };
}

const [kind, objects, charts] = process.argv.slice(2);
console.log(JSON.stringify(sample(kind, Number(objects), Number(charts))));
