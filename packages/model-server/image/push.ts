import type { Descriptor, Layout } from './oci';

export interface PushOptions {
  /** By HTTP, for registries on this machine. */
  readonly insecure: boolean;
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** A reference's registry, repository and tag. */
export function parseReference(reference: string): { readonly registry: string; readonly repository: string; readonly tag: string } {
  const match = /^([a-z0-9.-]+(?::\d+)?)\/([a-z0-9._/-]+):([A-Za-z0-9_][A-Za-z0-9._-]{0,127})$/.exec(reference);
  if (match === null) {
    throw new Error(`${reference} is no reference to push to; it must be REGISTRY/REPOSITORY:TAG, such as ghcr.io/me/model-server:1.0`);
  }
  return { registry: match[1]!, repository: match[2]!, tag: match[3]! };
}

/** A client of one repository, which signs in whenever the registry asks: what it gives expires. */
class Repository {
  private readonly base: string;
  private authorization?: string;

  public constructor(registry: string, private readonly repository: string, private readonly options: PushOptions) {
    this.base = `${options.insecure ? 'http' : 'https'}://${registry}/v2/${repository}/`;
  }

  public async call(method: string, path: string, expected: readonly number[], body?: Uint8Array, type?: string): Promise<Response> {
    const url = new URL(path, this.base);
    const send = () => fetch(url, {
      method,
      body: body as Uint8Array<ArrayBuffer> | undefined,
      headers: { ...(type === undefined ? {} : { 'content-type': type }), ...(this.authorization === undefined ? {} : { authorization: this.authorization }) },
    });
    let response = await send();
    if (response.status === 401) {
      this.authorization = await this.signIn(response.headers.get('www-authenticate') ?? '');
      response = await send();
    }
    if (!expected.includes(response.status)) {
      throw new Error(`${method} ${url.href} answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
    }
    return response;
  }

  private async signIn(challenge: string): Promise<string> {
    const { credentials } = this.options;
    const basic = credentials === undefined ? undefined : `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
    if (!/^bearer /i.test(challenge)) {
      if (basic === undefined) {
        throw new Error('the registry asks for a user; set REGISTRY_USERNAME and REGISTRY_PASSWORD');
      }
      return basic;
    }
    const fields = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1]!, match[2]!]));
    const url = new URL(fields.get('realm')!);
    url.searchParams.set('service', fields.get('service') ?? '');
    url.searchParams.set('scope', `repository:${this.repository}:pull,push`);
    const response = await fetch(url, { headers: basic === undefined ? {} : { authorization: basic } });
    if (!response.ok) {
      throw new Error(`signing in at ${url.origin} answered ${response.status}`);
    }
    const { token, access_token: accessToken } = await response.json() as { token?: string; access_token?: string };
    return `Bearer ${token ?? accessToken}`;
  }
}

/** Pushes blobs that the registry lacks, then the manifests, then the index under the tag. */
export async function push(layout: Layout, index: Descriptor, reference: string, options: PushOptions): Promise<void> {
  const { registry, repository, tag } = parseReference(reference);
  const remote = new Repository(registry, repository, options);
  const manifests = [...layout.images, ...layout.attachments];
  const later = new Set([index, ...manifests].map(({ digest }) => digest));
  for (const [digest, content] of layout.blobs) {
    if (later.has(digest) || (await remote.call('HEAD', `blobs/${digest}`, [200, 404])).status === 200) {
      continue;
    }
    const start = await remote.call('POST', 'blobs/uploads/', [202]);
    const location = new URL(start.headers.get('location')!, start.url);
    location.searchParams.set('digest', digest);
    await remote.call('PUT', location.href, [201], content, 'application/octet-stream');
  }
  for (const { digest, mediaType } of manifests) {
    await remote.call('PUT', `manifests/${digest}`, [201], layout.blobs.get(digest), mediaType);
  }
  await remote.call('PUT', `manifests/${tag}`, [201], layout.blobs.get(index.digest), index.mediaType);
}
