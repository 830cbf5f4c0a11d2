import { Candidates, Surroundings } from './candidates';
import { describeRequest, reasonOf, tableOf, wantedProtocol } from './explain';
import { RuntimeRequest, Selection } from './selection';
import { ProtocolsData } from '../release/data';
import type { InferenceProtocol } from '../target/inference-protocol';

/** A runtime that KServe looked at, and what became of it. */
export interface RuntimeCandidate {
  /** Name of the ServingRuntime or ClusterServingRuntime. */
  readonly name: string;
  /**
   * Namespace of a ServingRuntime.
   *
   * @default - a ClusterServingRuntime, or the namespace is not known
   */
  readonly namespace?: string;
  /** Whether KServe takes it. */
  readonly chosen: boolean;
  /** Why it is taken or not, in a few words. */
  readonly reason: string;
}

/**
 * The runtime that KServe will choose for a service, worked out by its own
 * rules from the runtimes of the target and of this program.
 *
 * @see https://kserve.github.io/website/docs/concepts/resources/servingruntime
 */
export class RuntimeChoice {
  /**
   * What KServe does with a request.
   *
   * @internal
   */
  static _of(request: RuntimeRequest, surroundings: Surroundings): RuntimeChoice {
    const { release } = surroundings.target;
    return new RuntimeChoice(request, Candidates.of(surroundings).select(request), release._data.protocols, release.version);
  }

  private constructor(
    private readonly request: RuntimeRequest,
    private readonly selection: Selection,
    private readonly protocols: ProtocolsData,
    private readonly release: string,
  ) {}

  /**
   * Whether the choice is known. It is not where it depends on a value known only at
   * deployment, or on a namespace that is not known.
   */
  get known(): boolean {
    return this.selection.state !== 'unknown';
  }

  /** Name of the runtime; undefined if there is none or the choice is not known. */
  get name(): string | undefined {
    return this.selection.chosen?.facts.name;
  }

  /** Namespace of the runtime, if it is a ServingRuntime and its namespace is known. */
  get namespace(): string | undefined {
    return this.selection.chosen?.facts.namespace;
  }

  /** The protocol that the service will speak, if it is known. */
  get protocol(): InferenceProtocol | undefined {
    return this.selection.protocol as InferenceProtocol | undefined;
  }

  /** The port on which the runtime takes gRPC, if it is known. */
  get grpcPort(): number | undefined {
    return this.selection.chosen?.grpcPort;
  }

  /**
   * What server the runtime holds, if it is known.
   *
   * @internal
   */
  get _serverType(): string | undefined {
    return this.selection.chosen?.serverType;
  }

  /**
   * Names of the runtimes that are as good as the chosen one. KServe takes the
   * youngest of them, so the choice may differ from cluster to cluster.
   */
  get tiedWith(): string[] {
    return this.selection.tied.map(({ facts }) => facts.name);
  }

  /** All runtimes that KServe looks at, best first. */
  get candidates(): RuntimeCandidate[] {
    return this.selection.verdicts.map((verdict) => ({
      name: verdict.candidate.facts.name,
      namespace: verdict.candidate.facts.namespace,
      chosen: verdict.candidate === this.selection.chosen,
      reason: reasonOf(verdict, this.request, this.selection, this.protocols),
    }));
  }

  /** The choice in a sentence, then a table of all candidates with the reason why each was taken or not. */
  toString(): string {
    return [this.summary(), ...tableOf(this.selection, this.request, this.protocols)].join('\n  ');
  }

  private summary(): string {
    const what = describeRequest(this.request);
    const protocol = wantedProtocol(this.request, this.protocols);
    const asked = protocol === undefined ? what : `${what} by protocol ${protocol}`;
    switch (this.selection.state) {
      case 'unknown': return `What runtime KServe ${this.release} takes for ${asked} is not known before deployment:`;
      case 'none': return `KServe ${this.release} finds no runtime for ${asked}:`;
      case 'chosen': return `KServe ${this.release} takes ${this.name} for ${asked}:`;
    }
  }
}
