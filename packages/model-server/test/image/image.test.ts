import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Container, freePort, hasRunc, neededLibraries, openImage } from './container';
import { FetchError } from '../../image/fetch';
import { buildImage, BuiltImage } from '../../image/image';
import { ARCHITECTURES, readLock } from '../../image/lock';
import { Entry } from '../../image/tar';
import { irisModel } from '../../src/examples/iris';
import { folderWith } from '../support/server';
import { xgboostModel } from '../trees/models';

const OPTIONS = { version: '1.2.3', revision: 'abc', created: '1970-01-01T00:00:00Z' };

/** The image, or undefined where what it is made of cannot be fetched; in CI that fails. */
function tryBuild(): BuiltImage | undefined {
  try {
    return buildImage(readLock(), ARCHITECTURES, OPTIONS);
  } catch (error) {
    if (process.env.CI === 'true' || !(error instanceof FetchError)) {
      throw error;
    }
    process.stderr.write(`SKIPPED: the image cannot be built here: ${error.message}\n`);
    return undefined;
  }
}

const image = tryBuild();
const built = image as BuiltImage;
const suite = image === undefined ? describe.skip : describe;

/** A user's model, which finds the SDK though nothing is installed beside it. */
const TWICE = `
import { defineModel } from 'kserve-model-server';
export default defineModel({
  inputs: { x: { datatype: 'FP64', shape: [-1, 2] } },
  outputs: { y: { datatype: 'FP64', shape: [-1, 2] } },
  predict: ({ x }) => ({ y: x.data.map((value: number) => 2 * value) }),
});
`;

const imageOf = (architecture: string) =>
  openImage(built.layout, built.layout.images.find(({ platform }) => platform!.architecture === architecture)!.digest);

const find = (entries: readonly Entry[], path: string): Entry | undefined => entries.find((entry) => entry.path === path);

suite.each(ARCHITECTURES)('the image for linux/%s', (architecture) => {
  test('is at most 70 MB packed', () => {
    expect(built.sizes[architecture]).toBeLessThanOrEqual(70e6);
  });

  test('runs as a user that is not root, without a shell or another program than node', () => {
    const { config, entries } = imageOf(architecture);
    const programs = entries.filter(({ content, mode, path }) => content !== undefined && (mode! & 0o111) !== 0 && !/\.(so|node)(\.|$)|ld-linux/.test(path));

    expect(config.User).toBe('1000:1000');
    expect(programs.map(({ path }) => path)).toEqual(['usr/local/bin/node']);
  });

  test('has every shared library that its programs need', () => {
    const { entries } = imageOf(architecture);
    const folder = mkdtempSync(join(tmpdir(), 'elf-'));
    const names = new Set(entries.map(({ path }) => basename(path)));
    const binaries = entries.filter(({ content }) => content !== undefined && Buffer.from(content).subarray(0, 4).toString('latin1') === '\x7fELF');
    const needed = new Set(binaries.flatMap(({ content }, i) => {
      writeFileSync(join(folder, String(i)), content!);
      return neededLibraries(join(folder, String(i)));
    }));

    expect(binaries.length).toBeGreaterThan(5);
    expect([...needed].filter((name) => !names.has(name))).toEqual([]);
  });

  test('has no links that lead nowhere', () => {
    const { entries } = imageOf(architecture);
    const paths = new Set(entries.map(({ path }) => path));
    const broken = entries.filter(({ path, link }) => link !== undefined
      && !paths.has(link.startsWith('/') ? link.slice(1) : join(path, '..', link)));

    expect(broken.map(({ path, link }) => `${path} -> ${link}`)).toEqual([]);
  });

  test('has the licences of everything in it', () => {
    const { entries } = imageOf(architecture);
    const licensed = entries.map(({ path }) => path).filter((path) => path.startsWith('licenses/'));

    expect(licensed).toEqual(expect.arrayContaining([
      'licenses/node/LICENSE',
      'licenses/onnxruntime/LICENSE',
      'licenses/onnxruntime/ThirdPartyNotices.txt',
      'licenses/kserve-model-server/LICENSE',
      'licenses/debian/libc6/copyright',
      'licenses/debian/libgcc-s1',
    ]));
    for (const name of ['@grpc/grpc-js', 'pino', '@opentelemetry/api', '@huggingface/tokenizers', 'ws']) {
      expect(licensed.some((path) => path.startsWith(`licenses/npm/${name}@`))).toBe(true);
    }
  });

  test('names in its bill of materials every component, and is found from the image', () => {
    const { manifest, entries } = imageOf(architecture);
    const sbom = JSON.parse(Buffer.from(find(entries, 'sbom.spdx.json')!.content!).toString()) as { spdxVersion: string; packages: { name: string; SPDXID: string }[] };
    const names = sbom.packages.map(({ name }) => name);

    expect(sbom.spdxVersion).toBe('SPDX-2.3');
    expect(names).toEqual(expect.arrayContaining(['kserve-model-server', 'libc6', 'onnxruntime-node', 'pino', '@grpc/grpc-js']));
    expect(new Set(sbom.packages.map(({ SPDXID }) => SPDXID)).size).toBe(names.length);
    const subjects = built.layout.attachments.map(({ digest }) => JSON.parse(Buffer.from(built.layout.blobs.get(digest)!).toString()) as { subject: { digest: string }; artifactType: string });
    const described = built.layout.images.find(({ platform }) => platform!.architecture === architecture)!;
    expect(subjects.filter(({ subject }) => subject.digest === described.digest).map(({ artifactType }) => artifactType)).toEqual(['application/spdx+json']);
    expect(JSON.parse((manifest as unknown as { annotations: { [key: string]: string } }).annotations['dev.cdk8s-kserve.provenance']!)).toMatchObject({ source: { digest: { gitCommit: 'abc' } } });
  });
});

suite('the image (needs the registries that its parts come from)', () => {
  test('has an equal digest for equal sources', () => {
    const again = buildImage(readLock(), ['amd64'], OPTIONS);

    expect(again.layout.images[0]!.digest).toBe(built.layout.images[0]!.digest);
  }, 300_000);

  (hasRunc() ? test : test.skip)('serves ONNX, XGBoost and TypeScript under an unknown user with a read-only root, and drains (needs root and runc)', async () => {
    const { config, entries } = imageOf('amd64');
    const models = folderWith({ 'iris/model.onnx': irisModel(), 'stump/model.json': xgboostModel(), 'twice/model.ts': TWICE });
    chmodSync(models, 0o755);
    const port = await freePort();
    const args = [`--http_port=${port}`, `--grpc_port=${await freePort()}`, '--drain_delay_seconds=0'];
    const container = new Container(Container.unpack(entries), config, { uid: 1234567, models, args });
    try {
      const ms = await container.ready(`http://127.0.0.1:${port}/v2/health/ready`);
      process.stdout.write(`ready under runc after ${ms.toFixed(0)} ms\n`);
      const predict = async (name: string, row: number[]) => (await fetch(`http://127.0.0.1:${port}/v1/models/${name}:predict`, { method: 'POST', body: JSON.stringify({ instances: [row] }) })).json();
      const answers = [await predict('iris', [5.1, 3.5, 1.4, 0.2]), await predict('stump', [1, 0]), await predict('twice', [2, 3])];
      const code = await container.stop();

      expect(answers).toEqual([{ predictions: [expect.anything()] }, { predictions: [2] }, { predictions: [[4, 6]] }]);
      expect(code).toBe(0);
    } finally {
      container.remove();
    }
  }, 120_000);
});
