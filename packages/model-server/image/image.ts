import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { basePart, Component, nodePart, Part, serverPart } from './content';
import type { Lock } from './lock';
import { NODE_FLAGS } from './node-flags';
import { Architecture, Layout, makeLayer, RunConfig } from './oci';
import { makeSbom } from './sbom';

const ROOT = join(__dirname, '..');
const SOURCE = 'https://github.com/cdk8s-kserve/cdk8s-kserve';

/** What the image says of itself beside its content. */
export interface ImageOptions {
  readonly version: string;
  /** Commit of the sources, where they are in git. */
  readonly revision?: string;
  /** Time that the image bears, so that equal sources give equal images. */
  readonly created: string;
}

export function imageOptions(): ImageOptions {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const seconds = Number(process.env.SOURCE_DATE_EPOCH ?? 0);
  if (!Number.isSafeInteger(seconds) || seconds < 0) {
    throw new Error(`SOURCE_DATE_EPOCH is ${process.env.SOURCE_DATE_EPOCH}, not a number of seconds`);
  }
  let revision: string | undefined;
  try {
    revision = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
  } catch {
    revision = undefined;
  }
  return { version, revision, created: `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z` };
}

const describe = ({ version, revision, created }: ImageOptions): { readonly [key: string]: string } => ({
  'org.opencontainers.image.title': 'kserve-model-server',
  'org.opencontainers.image.description': 'Small and fast inference server for KServe: ONNX, XGBoost, LightGBM and TypeScript models',
  'org.opencontainers.image.version': version,
  'org.opencontainers.image.licenses': 'Apache-2.0',
  'org.opencontainers.image.source': SOURCE,
  'org.opencontainers.image.created': created,
  ...(revision === undefined ? {} : { 'org.opencontainers.image.revision': revision }),
});

/** Where the content came from: the sources by commit, everything else by digest. */
const provenance = (options: ImageOptions, components: readonly Component[]): string => JSON.stringify({
  builder: 'kserve-model-server/image',
  source: { uri: `git+${SOURCE}`, ...(options.revision === undefined ? {} : { digest: { gitCommit: options.revision } }) },
  materials: components.filter((one) => one.sha256 !== undefined).map((one) => ({ uri: one.purl, digest: { sha256: one.sha256 } })),
});

export function runConfig(labels: { readonly [key: string]: string }): RunConfig {
  return {
    User: '1000:1000',
    ExposedPorts: { '8080/tcp': {}, '8081/tcp': {} },
    // one malloc arena: a process of one busy thread gains nothing from more, which take 5 to 10 MiB
    Env: ['PATH=/usr/local/bin', 'NODE_ENV=production', 'ORT_DISABLE_TELEMETRY=1', 'MALLOC_ARENA_MAX=1'],
    Entrypoint: ['/usr/local/bin/node', ...NODE_FLAGS, '/app/lib/main.js'],
    WorkingDir: '/',
    Labels: labels,
    StopSignal: 'SIGTERM',
  };
}

/** A finished image of some architectures. */
export interface BuiltImage {
  readonly layout: Layout;
  readonly index: ReturnType<Layout['index']>;
  readonly sboms: { readonly [architecture: string]: string };
  /** Packed bytes of all layers, by architecture. */
  readonly sizes: { readonly [architecture: string]: number };
}

/** Builds the image; nothing in it depends on when or where. */
export function buildImage(lock: Lock, architectures: readonly Architecture[], options: ImageOptions): BuiltImage {
  const layout = new Layout();
  const annotations = describe(options);
  const sboms: { [architecture: string]: string } = {};
  const sizes: { [architecture: string]: number } = {};
  // the revision stands in the manifest alone: the layers and the config tell the content
  const { 'org.opencontainers.image.revision': _, ...labels } = annotations;
  for (const architecture of architectures) {
    const parts: readonly Part[] = [basePart(lock, architecture), nodePart(lock, architecture), serverPart(lock, architecture, options.version)];
    const components = parts.flatMap((part) => part.components);
    const self = { name: 'kserve-model-server', version: options.version, licence: 'Apache-2.0', purl: `pkg:oci/kserve-model-server?arch=${architecture}` };
    const sbom = makeSbom(self, components, options.created);
    const layers = [
      ...parts.map((part) => makeLayer(part.title, part.entries)),
      makeLayer('bill of materials', [{ path: 'sbom.spdx.json', content: Buffer.from(sbom) }]),
    ];
    sboms[architecture] = sbom;
    sizes[architecture] = layers.reduce((sum, layer) => sum + layer.packed.length, 0);
    layout.add({
      architecture,
      created: options.created,
      run: runConfig(labels),
      layers,
      annotations: { ...annotations, 'dev.cdk8s-kserve.provenance': provenance(options, components) },
      attached: { type: 'application/spdx+json', content: Buffer.from(sbom) },
    });
  }
  return { layout, index: layout.index(annotations), sboms, sizes };
}
