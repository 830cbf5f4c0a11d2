import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { controlOf, fetchDebian, fetchNode, fetchNotices, fromWheel, unpackDebian } from './fetch';
import type { Lock } from './lock';
import type { Architecture } from './oci';
import { bundledPackages, closure, findPackage, licencesOf, NpmPackage, runningFiles } from './packages';
import { Entry, readTar } from './tar';
import { bundle } from '../scripts/bundle';

const ROOT = join(__dirname, '..');

/** Libraries of Debian that node and ONNX Runtime need, and those the C library loads to resolve names. */
const LIBRARIES = /\/(ld-linux-[^/]*|lib(c|m|dl|pthread|rt|resolv|util|nss_dns|nss_files|atomic|gcc_s|stdc\+\+))\.so(\.[0-9.]+)?$/;
const ORT_FOLDER: { readonly [architecture in Architecture]: string } = { amd64: 'x64', arm64: 'arm64' };

/** Something that the image is made of, for its bill of materials. */
export interface Component {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly purl: string;
  readonly sha256?: string;
}

/** The files of a layer with what they are made of. */
export interface Part {
  readonly title: string;
  readonly entries: readonly Entry[];
  readonly components: readonly Component[];
}

const file = (path: string, content: string | Uint8Array, mode?: number): Entry => ({ path, mode, content: typeof content === 'string' ? Buffer.from(content) : content });

/** The C library, with the accounts and folders that programs expect. */
export function basePart(lock: Lock, architecture: Architecture): Part {
  const entries: Entry[] = [
    file('etc/passwd', 'root:x:0:0:root:/:/sbin/nologin\nnonroot:x:1000:1000:nonroot:/:/sbin/nologin\n'),
    file('etc/group', 'root:x:0:\nnonroot:x:1000:\n'),
    file('etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n'),
    { path: 'tmp', mode: 0o1777 },
    { path: 'mnt/models' },
    { path: 'proc' },
    { path: 'sys' },
    { path: 'dev' },
  ];
  const components: Component[] = [];
  for (const { pin, bytes } of fetchDebian(lock, architecture)) {
    const control = controlOf(bytes);
    const files = readTar(unpackDebian(bytes));
    const copyright = files.find(({ path, content }) => path === `usr/share/doc/${pin.name}/copyright` && content !== undefined)
      // packages of one source share the folder of another by a link
      ?? files.find(({ path, content }) => path.startsWith('usr/share/doc/') && path.endsWith('/copyright') && content !== undefined);
    if (copyright === undefined && !files.some(({ path, link }) => path === `usr/share/doc/${pin.name}` && link !== undefined)) {
      throw new Error(`the Debian package ${pin.name} has no copyright file; the image needs it in /licenses`);
    }
    if (copyright !== undefined) {
      entries.push(file(`licenses/debian/${pin.name}/copyright`, copyright.content!));
    } else {
      const target = files.find(({ path }) => path === `usr/share/doc/${pin.name}`)!.link!;
      entries.push({ path: `licenses/debian/${pin.name}`, link: target });
    }
    entries.push(...files.filter(({ path, content, link }) => (content !== undefined || link !== undefined)
      && (LIBRARIES.test(`/${path}`) || path === 'usr/lib/os-release' || path === 'etc/os-release')));
    // scanners look here for the packages of an image without dpkg
    entries.push(file(`var/lib/dpkg/status.d/${pin.name}`, control));
    components.push({ name: pin.name, version: pin.version, licence: 'NOASSERTION', purl: `pkg:deb/debian/${encodeURIComponent(pin.name)}@${encodeURIComponent(pin.version)}?arch=${architecture}`, sha256: pin.sha256 });
  }
  for (const { path, link } of entries) {
    const target = path.startsWith('licenses/debian/') ? link : undefined;
    if (target !== undefined && !entries.some((entry) => entry.path.startsWith(`licenses/debian/${target}/`))) {
      throw new Error(`${path} should hold the copyright of ${target}, which is not in the image`);
    }
  }
  return { title: 'C library of Debian', entries, components };
}

export function nodePart(lock: Lock, architecture: Architecture): Part {
  const pin = lock.node[architecture];
  const files = readTar(gunzipSync(fetchNode(lock, architecture)));
  const find = (path: string): Uint8Array => {
    const content = files.find((entry) => entry.path === path)?.content;
    if (content === undefined) {
      throw new Error(`${pin.name} ${pin.version} has no ${path}`);
    }
    return content;
  };
  return {
    title: `Node.js ${pin.version}`,
    entries: [file('usr/local/bin/node', find('package/bin/node'), 0o755), file('licenses/node/LICENSE', find('package/LICENSE'))],
    components: [{ name: pin.name, version: pin.version, licence: 'MIT', purl: `pkg:npm/${pin.name}@${pin.version}`, sha256: pin.sha256 }],
  };
}

function folderEntries(folder: string, to: string): Entry[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => file(`${to}/${relative(folder, path)}`, readFileSync(path)));
}

const component = (one: NpmPackage): Component =>
  ({ name: one.name, version: one.version, licence: one.license, purl: `pkg:npm/${one.name.replace('@', '%40')}@${one.version}` });

/** The server itself, with ONNX Runtime and the packages that are not in its bundle. */
export function serverPart(lock: Lock, architecture: Architecture, version: string): Part {
  const out = mkdtempSync(join(tmpdir(), 'kserve-model-server-'));
  let inputs: readonly string[];
  let programs: Entry[];
  try {
    inputs = bundle(out);
    // source maps are for debuggers: they are half of what a bundle is
    programs = folderEntries(out, 'app/lib').filter(({ path }) => !path.endsWith('.map'));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  const ort = findPackage('onnxruntime-node', ROOT);
  if (ort.version !== lock.notices.version) {
    throw new Error(`onnxruntime-node is ${ort.version}, but the licence texts are of ${lock.notices.version}; run 'npm run image -- --update-lock'`);
  }
  const native = `bin/napi-v6/linux/${ORT_FOLDER[architecture]}/`;
  const common = findPackage('onnxruntime-common', ort.folder);
  const whole = [...closure('pino', ROOT), ...closure('@opentelemetry/api', ROOT)];
  const wheel = fetchNotices(lock);
  const bundled = bundledPackages(inputs.map((input) => join(ROOT, input)));
  const all = [...new Map([...bundled, ...whole, ort, common].map((one) => [`${one.name}@${one.version}`, one])).values()];
  const elsewhere = new Set([ort.name, common.name]);
  const manifest = { name: 'kserve-model-server', version, main: 'lib/index.js', license: 'Apache-2.0' };
  return {
    title: 'kserve-model-server',
    entries: [
      ...programs,
      file('app/package.json', JSON.stringify(manifest)),
      ...runningFiles(ort, 'app/node_modules/onnxruntime-node', (path) => path === 'package.json' || /^dist\/.*\.js$/.test(path) || path.startsWith(native)),
      ...runningFiles(common, 'app/node_modules/onnxruntime-common', (path) => path === 'package.json' || /^dist\/cjs\/.*\.(js|json)$/.test(path)),
      ...whole.flatMap((one) => runningFiles(one, `app/node_modules/${one.name}`)),
      file('licenses/kserve-model-server/LICENSE', readFileSync(join(ROOT, 'LICENSE'))),
      file('licenses/onnxruntime/LICENSE', fromWheel(wheel, 'onnxruntime/LICENSE')),
      file('licenses/onnxruntime/ThirdPartyNotices.txt', fromWheel(wheel, 'onnxruntime/ThirdPartyNotices.txt')),
      ...all.flatMap((one) => licencesOf(one, elsewhere)),
    ],
    components: all.map(component),
  };
}
