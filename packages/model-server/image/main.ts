import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeLock } from './fetch';
import { buildImage, imageOptions } from './image';
import { ARCHITECTURES, LOCK_FILE, readLock } from './lock';
import type { Architecture } from './oci';
import { findPackage } from './packages';
import { push } from './push';
import { writeTar } from './tar';

const USAGE = `Builds the OCI image of kserve-model-server without a container engine.

  npm run image -w kserve-model-server -- [options]

  --arch amd64|arm64   one architecture; default: both
  --out FOLDER         where the layout and the archive go; default: out
  --push REFERENCE     also pushes to a registry, such as ghcr.io/me/model-server:1.0;
                       REGISTRY_USERNAME and REGISTRY_PASSWORD sign in
  --insecure           pushes by HTTP
  --update-lock        pins what is current of Node.js, Debian and ONNX Runtime's notices, and stops
`;

function architectures(wanted: string | undefined): readonly Architecture[] {
  if (wanted === undefined) {
    return ARCHITECTURES;
  }
  const found = ARCHITECTURES.filter((architecture) => architecture === wanted);
  if (found.length === 0) {
    throw new Error(`--arch is ${wanted}, but must be ${ARCHITECTURES.join(' or ')}`);
  }
  return found;
}

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'arch': { type: 'string' },
      'out': { type: 'string' },
      'push': { type: 'string' },
      'insecure': { type: 'boolean' },
      'update-lock': { type: 'boolean' },
      'help': { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return;
  }
  if (values['update-lock'] === true) {
    writeFileSync(LOCK_FILE, `${JSON.stringify(makeLock(findPackage('onnxruntime-node', __dirname).version), undefined, 2)}\n`);
    return;
  }
  const out = values.out ?? join(__dirname, '..', 'out');
  const options = imageOptions();
  const { layout, index, sboms, sizes } = buildImage(readLock(), architectures(values.arch), options);
  const folder = join(out, 'image');
  const files = layout.files(index, options.version);
  rmSync(folder, { recursive: true, force: true });
  for (const { path, content } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content!);
  }
  writeFileSync(join(out, 'image.tar'), writeTar(files));
  for (const [architecture, sbom] of Object.entries(sboms)) {
    writeFileSync(join(out, `sbom-${architecture}.spdx.json`), sbom);
    process.stdout.write(`linux/${architecture}: ${(sizes[architecture]! / 1e6).toFixed(1)} MB packed\n`);
  }
  process.stdout.write(`${index.digest}\n${folder} (OCI layout)\n${join(out, 'image.tar')}\n`);
  if (values.push !== undefined) {
    const credentials = process.env.REGISTRY_USERNAME === undefined ? undefined : { username: process.env.REGISTRY_USERNAME, password: process.env.REGISTRY_PASSWORD ?? '' };
    await push(layout, index, values.push, { insecure: values.insecure === true, credentials });
    process.stdout.write(`pushed ${values.push}@${index.digest}\n`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
