import { isBuiltIn } from './built-in-mark';
import { SERVER_CONTAINER } from '../release/container-names';
import { Candidate, RuntimeRequest, Selection, selectRuntime } from './selection';
import { Deferred } from '../core/deferred';
import type { Manifest } from '../core/manifest';
import type { KServeRelease } from '../release';
import { KEYS } from '../release/keys';
import type { RuntimeFacts, ServingTarget } from '../target';
import type { Neighbour, Neighbours } from '../target/neighbours';

/** Where a service is: its cluster, and what else is there. */
export interface Surroundings {
  readonly target: ServingTarget;
  readonly neighbours: Neighbours;
}

/** The runtimes of a cluster, and what KServe will choose among them. */
export class Candidates {
  /** Those of the target and of the program; where both have one of a name, the program's. */
  static of({ target, neighbours }: Surroundings): Candidates {
    let known = cache.get(neighbours);
    if (known === undefined) {
      cache.set(neighbours, known = new WeakMap());
    }
    let candidates = known.get(target);
    if (candidates === undefined) {
      known.set(target, candidates = new Candidates(target, neighbours));
    }
    return candidates;
  }

  readonly all: Candidate[];
  private readonly selections = new Map<string, Selection>();

  private constructor(private readonly target: ServingTarget, neighbours: Neighbours) {
    const objects = [...neighbours.ofKind('ServingRuntime'), ...neighbours.ofKind('ClusterServingRuntime')];
    const made = objects.map((neighbour) => candidateOf(neighbour, target.release));
    // a program that installs the release's runtimes says which of them there are
    const assumed = !target.runtimesComplete && objects.some(({ object }) => isBuiltIn(object)) ? target.release._data.runtimes : {};
    const names = new Set(made.filter(({ facts }) => !Deferred.is(facts.name)).map(keyOf));
    const installed = target.runtimes.filter(({ name }) => !Object.hasOwn(assumed, name)).map((facts): Candidate => ({
      facts,
      namespaced: facts.namespace !== undefined,
      serverType: serverTypeOf(facts.name, undefined, target.release),
      grpcPort: builtIn(facts.name, target.release)?.grpcPort,
    }));
    this.all = [...made, ...installed.filter((candidate) => !names.has(keyOf(candidate)))];
  }

  /** What KServe does with a request; worked out once for equal requests. */
  select(request: RuntimeRequest): Selection {
    const { format, version, protocol, runtime, multiNode, namespace } = request;
    const parts = [format, version, protocol, runtime, multiNode, namespace];
    if (parts.some(Deferred.is)) {
      return selectRuntime(request, this.all, this.target.release._data.protocols);
    }
    const key = JSON.stringify(parts.map((part) => part ?? null));
    let selection = this.selections.get(key);
    if (selection === undefined) {
      this.selections.set(key, selection = selectRuntime(request, this.all, this.target.release._data.protocols));
    }
    return selection;
  }
}

const cache = new WeakMap<Neighbours, WeakMap<ServingTarget, Candidates>>();

/** What KServe looks at in the manifest of a runtime. */
export function factsOf({ metadata, spec }: Manifest, namespace: string | undefined): RuntimeFacts {
  return {
    name: metadata.name,
    namespace,
    formats: spec?.supportedModelFormats ?? [],
    protocolVersions: spec?.protocolVersions ?? [],
    disabled: spec?.disabled ?? false,
    multiModel: spec?.multiModel ?? false,
    multiNode: spec?.workerSpec !== undefined,
  };
}

function candidateOf({ manifest, namespace, path }: Neighbour, release: KServeRelease): Candidate {
  const { metadata, kind, spec } = manifest;
  const namespaced = kind === 'ServingRuntime';
  return {
    facts: factsOf(manifest, namespaced ? namespace : undefined),
    namespaced,
    serverType: serverTypeOf(metadata.name, metadata.annotations?.[KEYS.serverType], release),
    path,
    grpcPort: grpcPortIn(spec?.containers) ?? builtIn(metadata.name, release)?.grpcPort,
  };
}

function serverTypeOf(name: string, annotation: string | undefined, release: KServeRelease): string | undefined {
  const { abilities } = release._data;
  return (abilities.serverTypeAnnotation ? annotation : undefined) ?? builtIn(name, release)?.serverType;
}

function builtIn(name: string, release: KServeRelease) {
  return Deferred.is(name) ? undefined : release._data.runtimes[name];
}

/** The declared port whose name says that it takes gRPC. */
function grpcPortIn(containers: Manifest['spec']): number | undefined {
  const server = containers?.find(({ name }: { name: string }) => name === SERVER_CONTAINER);
  return server?.ports?.find(({ name }: { name?: string }) => name !== undefined && !Deferred.is(name) && /grpc|h2c/.test(name))?.containerPort;
}

function keyOf({ namespaced, facts }: Candidate): string {
  return namespaced ? `${facts.namespace ?? ''}/${facts.name}` : facts.name;
}
