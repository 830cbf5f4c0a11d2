import { Agent, request } from 'node:https';
import type { RequestOptions } from 'node:https';
import { until } from './wait';

/** A Kubernetes object as it travels: nothing is typed away, so nothing is lost on the way. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [field: string]: any;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly { readonly manager: string; readonly operation: string }[];
}

/** Names one object. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

export interface ApplyOptions {
  /** Leaves nothing behind. @default false */
  readonly dryRun?: boolean;
  /** Takes fields over from other managers. @default false */
  readonly force?: boolean;
  /** Field manager. @default 'cdk8s' */
  readonly manager?: string;
  readonly subresource?: 'status';
  /** Told of each warning that comes with the answer. */
  readonly warned?: (warning: string) => void;
}

export interface ListOptions {
  /** @default - all namespaces */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** A request that the API server refused, with its own words. */
export class KubeError extends Error {
  constructor(readonly code: number, readonly reason: string, message: string) {
    super(message);
  }
}

const ENDED = 'the connection had ended';

/** Words of a request that went into a connection that had ended: ours, and the server's of one to a webhook. */
const LOST = new RegExp(`^${ENDED}|failed to call webhook: .*(broken pipe|connection reset by peer|EOF|server closed idle connection)`);

const APPLY = 'application/apply-patch+yaml';
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
const DISCOVERY = 'application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io';

interface DiscoveryList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly versions: readonly { readonly resources?: readonly { readonly resource: string }[] }[];
  }[];
}

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/**
 * A client that sends objects as they are. Server-side apply is strict: a field
 * that the API server does not know is an error instead of being dropped.
 */
export class KubeClient {
  /** Connects with a kubeconfig file. */
  public static async connect(kubeconfig: string): Promise<KubeClient> {
    // an ES module: only a dynamic import works from here and from jest's environment alike
    const { KubeConfig } = await import('@kubernetes/client-node');
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const agent = new Agent({ keepAlive: true, maxSockets: 32, ca: options.ca, rejectUnauthorized: options.rejectUnauthorized });
    return new KubeClient(config.getCurrentCluster()!.server, { ...options, agent });
  }

  private readonly resources = new Map<string, Promise<readonly Resource[]>>();

  private constructor(private readonly server: string, private readonly options: RequestOptions) {}

  /** Applies an object and returns what the server made of it. */
  public async apply(object: KubeObject, options: ApplyOptions = {}): Promise<KubeObject> {
    const subresource = options.subresource ? `/${options.subresource}` : '';
    const path = `${await this.path(object)}${subresource}?${applyQuery(options)}`;
    return JSON.parse(await this.exchange('PATCH', path, JSON.stringify(object), APPLY, 'application/json', options.warned)) as KubeObject;
  }

  /** Applies the text (YAML or JSON) of one object, for what is too big to travel back or to be parsed here. */
  public async applyText(path: string, text: string, manager: string): Promise<void> {
    await this.exchange('PATCH', `${path}?${applyQuery({ manager })}`, text, APPLY, METADATA_ONLY);
  }

  /** The custom resources that are served, as `plural.group`. */
  public async servedResources(): Promise<Set<string>> {
    const { items } = JSON.parse(await this.exchange('GET', '/apis', undefined, undefined, DISCOVERY)) as DiscoveryList;
    return new Set(items.flatMap((group) => group.versions.flatMap((version) =>
      (version.resources ?? []).map(({ resource }) => `${resource}.${group.metadata.name}`))));
  }

  /** Changes some fields of an object (JSON merge patch). */
  public async patch(ref: ObjectRef, fields: object, subresource?: 'status'): Promise<KubeObject> {
    const path = `${await this.path(ref)}${subresource ? `/${subresource}` : ''}`;
    return this.send('PATCH', path, JSON.stringify(fields), 'application/merge-patch+json');
  }

  /** Replaces an object. */
  public async replace(object: KubeObject): Promise<KubeObject> {
    return this.send('PUT', `${await this.path(object)}?fieldValidation=Strict`, JSON.stringify(object));
  }

  public async find(ref: ObjectRef): Promise<KubeObject | undefined> {
    return this.absentIs404(async () => this.send('GET', await this.path(ref)));
  }

  public async list(apiVersion: string, kind: string, options: ListOptions = {}): Promise<KubeObject[]> {
    const query = new URLSearchParams();
    for (const key of ['labelSelector', 'fieldSelector'] as const) {
      if (options[key]) {
        query.set(key, options[key]);
      }
    }
    const answer = await this.send('GET', `${await this.collection(apiVersion, kind, options.namespace)}?${query}`);
    return answer.items.map((item: object) => ({ ...item, apiVersion, kind }));
  }

  /** Deletes an object and, in the background, what it owns; an object that is not there is no error. */
  public async delete(ref: ObjectRef, options: { dryRun?: boolean } = {}): Promise<void> {
    const body = { propagationPolicy: 'Background', gracePeriodSeconds: 0, ...(options.dryRun ? { dryRun: ['All'] } : {}) };
    await this.absentIs404(async () => this.send('DELETE', await this.path(ref), JSON.stringify(body)));
  }

  /** Tells of every object of a kind in all namespaces, first as it is and then when it changes. Returns what ends it. */
  public async watch(apiVersion: string, kind: string, seen: (type: string, object: KubeObject) => void, ended: () => void): Promise<() => void> {
    const url = new URL(`${await this.collection(apiVersion, kind)}?watch=true`, this.server);
    const call = request(url, { ...this.options, headers: { ...this.options.headers as object, accept: 'application/json' } }, (response) => {
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const lines = `${rest}${chunk}`.split('\n');
        rest = lines.pop()!;
        for (const line of lines) {
          const { type, object } = JSON.parse(line) as { type: string; object: KubeObject };
          if (type !== 'ERROR') { // after which the server ends the answer
            seen(type, { ...object, apiVersion, kind });
          }
        }
      });
    });
    call.on('error', () => undefined); // closed like any other
    call.once('close', ended);
    call.end();
    return () => call.destroy();
  }

  /** Whether the server knows a kind. */
  public async serves(apiVersion: string, kind: string): Promise<boolean> {
    return this.resource(apiVersion, kind).then(() => true, (error) => rethrowUnlessAbsent(error) ?? false);
  }

  /** The body of any path, for `/readyz` and the like. */
  public async raw(path: string): Promise<string> {
    return this.exchange('GET', path);
  }

  /** The path of an object; the server's own list of resources tells plural and scope. */
  public async path(ref: ObjectRef): Promise<string> {
    return `${await this.collection(ref.apiVersion, ref.kind, ref.metadata.namespace ?? 'default')}/${ref.metadata.name}`;
  }

  private async collection(apiVersion: string, kind: string, namespace?: string): Promise<string> {
    const resource = await this.resource(apiVersion, kind);
    const inside = resource.namespaced && namespace ? `namespaces/${namespace}/` : '';
    return `${rootOf(apiVersion)}/${inside}${resource.name}`;
  }

  private async resource(apiVersion: string, kind: string): Promise<Resource> {
    const known = await this.resources.get(apiVersion)?.catch(() => undefined);
    const found = known?.find((resource) => resource.kind === kind);
    if (found) {
      return found;
    }
    const listed = this.send('GET', rootOf(apiVersion))
      .then((list) => (list.resources as Resource[]).filter((resource) => !resource.name.includes('/')));
    this.resources.set(apiVersion, listed);
    const fresh = (await listed.catch(rethrowUnlessAbsent))?.find((resource) => resource.kind === kind);
    if (!fresh) {
      throw new KubeError(404, 'NoKindMatch', `no matches for kind "${kind}" in version "${apiVersion}"`);
    }
    return fresh;
  }

  private async absentIs404(run: () => Promise<KubeObject>): Promise<KubeObject | undefined> {
    return run().catch(rethrowUnlessAbsent);
  }

  private async send(method: string, path: string, body?: string, contentType = 'application/json'): Promise<KubeObject> {
    return JSON.parse(await this.exchange(method, path, body, contentType)) as KubeObject;
  }

  /** Servers end connections that were idle for 90 s, the webhooks' among them, and a request may still go into one that has just ended. */
  private async exchange(...args: Parameters<KubeClient['exchangeOnce']>): Promise<string> {
    let last = '';
    return until('an open connection', () => this.exchangeOnce(...args).catch((error: Error) => {
      if (!LOST.test(last = error.message)) {
        throw error;
      }
      return undefined; // nobody has read it
    }), { explain: async () => last });
  }

  private exchangeOnce(
    method: string, path: string, body?: string, contentType?: string, accept = 'application/json', warned?: ApplyOptions['warned'],
  ): Promise<string> {
    const headers = {
      ...this.options.headers as object,
      accept,
      ...(body === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }),
    };
    return new Promise((resolve, reject) => {
      const call = request(new URL(path, this.server), { ...this.options, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const code = response.statusCode ?? 0;
          [response.headers.warning ?? []].flat().forEach((warning) => warned?.(warning));
          if (code < 300) {
            resolve(text);
          } else {
            reject(toError(code, text));
          }
        });
      });
      call.on('error', (error) => reject(call.reusedSocket ? new Error(`${ENDED}: ${error.message}`) : error));
      call.end(body);
    });
  }
}

function applyQuery(options: ApplyOptions): URLSearchParams {
  return new URLSearchParams({
    fieldManager: options.manager ?? 'cdk8s',
    fieldValidation: 'Strict',
    ...(options.dryRun ? { dryRun: 'All' } : {}),
    ...(options.force ? { force: 'true' } : {}),
  });
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function toError(code: number, text: string): KubeError {
  try {
    const status = JSON.parse(text) as { reason?: string; message?: string };
    return new KubeError(code, status.reason ?? '', status.message ?? text);
  } catch {
    return new KubeError(code, '', text);
  }
}

function rethrowUnlessAbsent(error: unknown): undefined {
  if (error instanceof KubeError && error.code === 404) {
    return undefined;
  }
  throw error;
}
