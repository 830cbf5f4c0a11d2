import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { ServingTarget } from './serving-target';
import { PerTree } from '../core/changes';
import { Deferred } from '../core/deferred';
import { Manifest, manifestOf, namespaceOf } from '../core/manifest';

/** An object of the same cluster. */
export class Neighbour {
  constructor(readonly object: ApiObject, readonly namespace: string | undefined) {}

  get name(): string {
    return this.object.name;
  }

  get path(): string {
    return this.object.node.path;
  }

  get manifest(): Manifest {
    return manifestOf(this.object);
  }
}

/** All objects of one cluster, by kind, namespace and name. */
export class Neighbours {
  /** The neighbours of everything that is for the same cluster as `scope`. */
  static of(scope: IConstruct, { cluster } = ServingTarget.of(scope)): Neighbours {
    return perTree.of(scope).get(cluster) ?? NOBODY;
  }

  private readonly kinds = new Map<string, Neighbour[]>();
  private readonly names = new Map<string, Neighbour[]>();

  /** The objects of a kind. */
  ofKind(kind: string): Neighbour[] {
    return this.kinds.get(kind) ?? [];
  }

  /** The objects of a kind, namespace and name: more than one is an error of the program. */
  named(kind: string, namespace: string | undefined, name: string): Neighbour[] {
    return this.names.get(keyOf(kind, namespace, name)) ?? [];
  }

  /** @internal */
  _add(neighbour: Neighbour): void {
    const { kind } = neighbour.object;
    push(this.kinds, kind, neighbour);
    if (!Deferred.is(neighbour.name) && !Deferred.is(neighbour.namespace)) {
      push(this.names, keyOf(kind, neighbour.namespace, neighbour.name), neighbour);
    }
  }
}

const NOBODY = new Neighbours();

const perTree = new PerTree((root) => {
  const clusters = new Map<string, Neighbours>();
  for (const construct of root.node.findAll()) {
    if (ApiObject.isApiObject(construct)) {
      const object = construct as ApiObject;
      const target = ServingTarget.of(object.node.scope!);
      let neighbours = clusters.get(target.cluster);
      if (neighbours === undefined) {
        clusters.set(target.cluster, neighbours = new Neighbours());
      }
      neighbours._add(new Neighbour(object, namespaceOf(object, target.namespace)));
    }
  }
  return clusters;
});

function keyOf(kind: string, namespace: string | undefined, name: string): string {
  return `${kind}|${namespace ?? ''}|${name}`;
}

function push<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) {
    lists.set(key, [item]);
  } else {
    list.push(item);
  }
}
