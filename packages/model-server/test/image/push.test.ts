import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, hasRegistry } from './container';
import { digestOf, Layout, makeLayer } from '../../image/oci';
import { parseReference, push } from '../../image/push';

const RUN = { User: '1000:1000', ExposedPorts: {}, Env: [], Entrypoint: ['/x'], WorkingDir: '/', Labels: {}, StopSignal: 'SIGTERM' };

function smallImage() {
  const layout = new Layout();
  layout.add({
    architecture: 'amd64',
    created: '1970-01-01T00:00:00Z',
    run: RUN,
    layers: [makeLayer('one', [{ path: 'x', content: Buffer.from('x') }])],
    annotations: {},
    attached: { type: 'application/spdx+json', content: Buffer.from('[]') },
  });
  return { layout, index: layout.index({}) };
}

const open: Server[] = [];

afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A registry that keeps what it is given, and asks for a token when told to, again after so many calls. */
async function registry(token?: string, lasts = Infinity) {
  let left = 0;
  const stored = new Map<string, number>();
  const calls: string[] = [];
  const server = createServer((req: IncomingMessage, res: ServerResponse) => {
    const { port } = server.address() as AddressInfo;
    const url = new URL(req.url!, `http://127.0.0.1:${port}`);
    calls.push(`${req.method} ${url.pathname}`);
    let size = 0;
    req.on('data', (chunk: Buffer) => { size += chunk.length; });
    req.on('end', () => {
      if (url.pathname === '/token') {
        left = lasts;
        res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token: req.headers.authorization === `Basic ${Buffer.from('me:secret').toString('base64')}` ? token : 'none' }));
      } else if (token !== undefined && (req.headers.authorization !== `Bearer ${token}` || left-- <= 0)) {
        res.writeHead(401, { 'www-authenticate': `Bearer realm="http://127.0.0.1:${port}/token",service="test"` }).end('sign in');
      } else if (req.method === 'HEAD') {
        res.writeHead(stored.has(url.pathname.split('/').at(-1)!) ? 200 : 404).end();
      } else if (req.method === 'POST') {
        res.writeHead(202, { location: '/v2/me/server/blobs/uploads/1?state=a' }).end();
      } else {
        stored.set(url.searchParams.get('digest') ?? url.pathname.split('/').at(-1)!, size);
        res.writeHead(201).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  open.push(server);
  return { stored, calls, host: `127.0.0.1:${port}` };
}

test('pushes each blob once, the manifests by digest and the index under the tag', async () => {
  const { layout, index } = smallImage();
  const remote = await registry();

  await push(layout, index, `${remote.host}/me/server:1.0`, { insecure: true });
  const first = remote.calls.length;
  await push(layout, index, `${remote.host}/me/server:1.0`, { insecure: true });

  const sizes = new Map([...layout.blobs].map(([digest, content]) => [digest, content.length]));
  sizes.set('1.0', sizes.get(index.digest)!);
  sizes.delete(index.digest);
  expect(remote.stored).toEqual(sizes);
  expect(remote.calls.slice(first).filter((call) => call.startsWith('POST'))).toEqual([]);
});

(hasRegistry() ? test : test.skip)('a registry takes it, and gives it back by its digests (needs docker-registry)', async () => {
  const { layout, index } = smallImage();
  const folder = mkdtempSync(join(tmpdir(), 'registry-'));
  const port = await freePort();
  writeFileSync(join(folder, 'config.yml'), `version: 0.1\nstorage: {filesystem: {rootdirectory: ${folder}/data}}\nhttp: {addr: 127.0.0.1:${port}}\n`);
  const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
  const base = `http://127.0.0.1:${port}/v2/`;
  while (await fetch(base).then((response) => !response.ok, () => true)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await push(layout, index, `127.0.0.1:${port}/me/server:1.0`, { insecure: true });
  const accept = { headers: { accept: 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json' } };
  const tagged = await fetch(`${base}me/server/manifests/1.0`, accept);
  const pulled = Buffer.from(await tagged.arrayBuffer());
  const manifests = await Promise.all([...layout.images, ...layout.attachments].map(({ digest }) => fetch(`${base}me/server/manifests/${digest}`, accept).then(({ status }) => status)));
  child.kill();
  rmSync(folder, { recursive: true, force: true });

  expect(tagged.headers.get('docker-content-digest')).toBe(index.digest);
  expect(digestOf(pulled)).toBe(index.digest);
  expect(manifests).toEqual([200, 200]);
}, 30_000);

test('signs in where the registry asks for a token', async () => {
  const { layout, index } = smallImage();
  const remote = await registry('abc');

  await push(layout, index, `${remote.host}/me/server:1.0`, { insecure: true, credentials: { username: 'me', password: 'secret' } });

  expect(remote.stored.has('1.0')).toBe(true);
  expect(remote.calls.filter((call) => call === 'GET /token')).toHaveLength(1);
});

test('signs in again when the token has expired', async () => {
  const { layout, index } = smallImage();
  const remote = await registry('abc', 3);

  await push(layout, index, `${remote.host}/me/server:1.0`, { insecure: true, credentials: { username: 'me', password: 'secret' } });

  expect(remote.stored.has('1.0')).toBe(true);
  expect(remote.calls.filter((call) => call === 'GET /token').length).toBeGreaterThan(1);
});

test('tells what the registry answered', async () => {
  const { layout, index } = smallImage();
  const remote = await registry('abc');

  await expect(push(layout, index, `${remote.host}/me/server:1.0`, { insecure: true })).rejects.toThrow(/HEAD http:.* answered 401/);
});

test.each([
  ['localhost:5000/a/b:1.0', { registry: 'localhost:5000', repository: 'a/b', tag: '1.0' }],
  ['ghcr.io/me/server:latest', { registry: 'ghcr.io', repository: 'me/server', tag: 'latest' }],
])('reads the reference %s', (reference, parts) => {
  expect(parseReference(reference)).toEqual(parts);
});

test('refuses a reference without a registry or tag', () => {
  expect(() => parseReference('server:1.0')).toThrow('must be REGISTRY/REPOSITORY:TAG');
  expect(() => parseReference('ghcr.io/me/server')).toThrow('must be REGISTRY/REPOSITORY:TAG');
});
