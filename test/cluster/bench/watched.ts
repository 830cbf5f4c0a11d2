import { setTimeout as pause } from 'node:timers/promises';
import { KubeClient, KubeObject, ObjectRef } from './client';

/**
 * The objects of a kind as the server tells of their changes. Asking for each
 * object again and again costs the server more than all that the tests do.
 */
export class Watched {
  /** Watches a kind in all namespaces, until it is stopped. */
  public static async start(client: KubeClient, apiVersion: string, kind: string): Promise<Watched> {
    const watched = new Watched();
    await watched.follow(client, apiVersion, kind);
    return watched;
  }

  private readonly objects = new Map<string, KubeObject>();
  private readonly waiting = new Map<string, { readonly promise: Promise<void>; readonly resolve: () => void }>();
  private end?: () => void;
  private stopped = false;

  private constructor() {}

  /** The object as it was last heard of. */
  public find(ref: ObjectRef): KubeObject | undefined {
    return this.objects.get(keyOf(ref));
  }

  /** Resolves as soon as there is news of the object. */
  public async nextChange(ref: ObjectRef): Promise<void> {
    const key = keyOf(ref);
    let known = this.waiting.get(key);
    if (known === undefined) {
      let resolve = () => {};
      const promise = new Promise<void>((done) => { resolve = done; });
      this.waiting.set(key, known = { promise, resolve });
    }
    return known.promise;
  }

  public stop(): void {
    this.stopped = true;
    this.end?.();
  }

  private async follow(client: KubeClient, apiVersion: string, kind: string): Promise<void> {
    const seen = (type: string, object: KubeObject) => {
      const key = keyOf(object);
      if (type === 'DELETED') {
        this.objects.delete(key);
      } else {
        this.objects.set(key, object);
      }
      this.waiting.get(key)?.resolve();
      this.waiting.delete(key);
    };
    // the server ends a watch now and then; the next one begins with all that there is
    const ended = async () => {
      await pause(250, undefined, { ref: false });
      if (!this.stopped) {
        await this.follow(client, apiVersion, kind);
      }
    };
    this.end = await client.watch(apiVersion, kind, seen, () => void ended());
  }
}

const keyOf = ({ metadata: { namespace, name } }: ObjectRef) => `${namespace ?? ''}/${name}`;
