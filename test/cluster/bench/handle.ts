import { randomBytes } from 'node:crypto';
import { KServeRelease } from '../../../src/release';
import { KubeClient, KubeError, KubeObject, ObjectRef } from './client';
import { ClusterState } from './cluster';
import { KindOfCluster } from './clusters';
import { explain } from './explain';
import { Mode } from './kserve/config';
import { until } from './wait';
import { Watched } from './watched';

/** A condition in the status of an object. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** What tests do with a running cluster. */
export class ClusterHandle implements KindOfCluster {
  /** Made outside of jest's sandbox, whose Object is another: what is made inside it takes `kserve`. */
  public readonly release: KServeRelease;
  public readonly kserve: string;
  public readonly mode: Mode;
  private readonly kinds = new Map<string, Promise<Watched>>();

  public constructor(readonly client: KubeClient, readonly state: ClusterState) {
    this.release = KServeRelease.of(state.kserve);
    this.kserve = state.kserve;
    this.mode = state.mode;
  }

  /** A namespace that nothing else uses. */
  public async namespace(prefix: string): Promise<string> {
    const name = `${prefix}-${randomBytes(3).toString('hex')}`;
    await this.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    return name;
  }

  /** The words with which the API server refuses an object, or undefined when it would accept it. Leaves nothing behind. */
  public async refusal(object: KubeObject, options: { readonly force?: boolean } = {}): Promise<string | undefined> {
    return this.client.apply(object, { ...options, dryRun: true }).then(() => undefined, (error) => {
      // some refusals come as internal errors: of an unknown field, and of a webhook that panics
      if (error instanceof KubeError && (error.code < 500 || /^failed to create typed patch object|denied the request/.test(error.message))) {
        return error.message;
      }
      throw error;
    });
  }

  /** Waits until an object is as `probe` wants it; the error at the deadline tells all that is known of it. */
  public async until<T>(
    what: string, ref: ObjectRef, probe: (object: KubeObject) => T | undefined | Promise<T | undefined>, seconds?: number,
  ): Promise<T> {
    const watched = await this.watched(ref);
    return until(`${ref.kind} ${ref.metadata.name}: ${what}`, async () => {
      const object = watched.find(ref);
      return object && probe(object);
    }, { seconds, explain: () => explain(this.client, this.state, ref), wake: () => watched.nextChange(ref) });
  }

  /** Ends the connections that it keeps. */
  public async close(): Promise<void> {
    for (const watched of await Promise.all(this.kinds.values())) {
      watched.stop();
    }
  }

  private async watched({ apiVersion, kind }: ObjectRef): Promise<Watched> {
    const key = `${apiVersion} ${kind}`;
    const known = this.kinds.get(key) ?? Watched.start(this.client, apiVersion, kind);
    this.kinds.set(key, known);
    return known;
  }

  /** Waits until an object is Ready and returns it. KServe has been seen to say so of a service before it did of a component. */
  public async untilReady(ref: ObjectRef, seconds?: number): Promise<KubeObject> {
    const isReady = (object: KubeObject) => isTrue(object, 'Ready') && componentsOf(object).every((component) => isTrue(object, `${component}Ready`));
    return this.until('Ready', ref, (object) => (isReady(object) ? object : undefined), seconds);
  }

  /** Waits until an object is gone. */
  public async untilGone(ref: ObjectRef): Promise<void> {
    await until(`${ref.kind} ${ref.metadata.name} is gone`, async () => await this.client.find(ref) ? undefined : true, {
      explain: () => explain(this.client, this.state, ref),
    });
  }

  /** Waits until no object of a kind in a namespace is like `matches`. */
  public async untilNone(apiVersion: string, kind: string, namespace: string, matches: (object: KubeObject) => boolean): Promise<void> {
    const left = async () => (await this.client.list(apiVersion, kind, { namespace })).filter(matches);
    await until(`no such ${kind} is left in ${namespace}`, async () => (await left()).length === 0 || undefined, {
      explain: async () => (await Promise.all((await left()).map((object) => explain(this.client, this.state, object)))).join('\n'),
    });
  }
}

/** The components of a service, as its conditions name them. */
function componentsOf({ kind, spec }: KubeObject): string[] {
  return kind === 'InferenceService' ? ['Predictor', 'Transformer', 'Explainer'].filter((name) => spec[name.toLowerCase()] !== undefined) : [];
}

export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return (object.status?.conditions as Condition[] | undefined)?.find((condition) => condition.type === type);
}

export function isTrue(object: KubeObject, type: string): boolean {
  return conditionOf(object, type)?.status === 'True';
}
