import type { Abilities } from './abilities';
import type { ChartsData } from './charts';
import type { ConfigData } from './config-data';
import type { ComponentPins } from './pins';
import type { RuntimeData } from './runtime-data';
import type { StorageData } from './storage-data';

/**
 * Everything that is true of one KServe release and that the library depends on.
 *
 * Plain frozen data: no functions, no behaviour. In strings, `{release}` stands for the
 * release's tag (`v0.20.0`) in the source files and is replaced when a release is read.
 */
export interface ReleaseData {
  /** Semantic version without `v`, such as `0.20.0`. */
  readonly version: string;
  /** KServe's custom resources by kind. A kind that is absent does not exist in the release. */
  readonly kinds: { readonly [kind: string]: KindData };
  readonly modes: ModesData;
  /** Values of the autoscalerClass annotation that the webhook accepts. */
  readonly autoscalerClasses: readonly string[];
  /** Values of `scaleMetric` that the schema accepts. */
  readonly scaleMetrics: readonly string[];
  readonly abilities: Abilities;
  /**
   * Pod fields of newer releases that this one does not know, as paths below a pod spec
   * (`containers[].restartPolicyRules`). What is said of `containers` holds for `initContainers`.
   */
  readonly podFieldsMissing: readonly string[];
  readonly config: ConfigData;
  readonly charts: ChartsData;
  readonly pins: ComponentPins;
  /** The ClusterServingRuntimes that come with the release, by name. */
  readonly runtimes: { readonly [name: string]: RuntimeData };
  readonly protocols: ProtocolsData;
  readonly storage: StorageData;
  /** Resource names that KServe knows as GPUs in a multi-node predictor. */
  readonly gpuResources: readonly string[];
  /** Environment variables that no container of an InferenceService may set. */
  readonly forbiddenEnv: readonly string[];
  /** Faults of the release that a user can meet, by id. */
  readonly bugs: { readonly [id: string]: BugData };
}

/** One custom resource of KServe. */
export interface KindData {
  /** Lower-case plural, the name in URLs and RBAC rules. */
  readonly plural: string;
  /** Served versions, oldest first. */
  readonly versions: readonly string[];
  /** The version to write: the one that is stored. */
  readonly version: string;
  readonly namespaced: boolean;
}

/** One deployment mode. */
export interface ModeData {
  /** The value to write into the deploymentMode annotation. */
  readonly name: string;
  /** Older names of the mode. */
  readonly aliases: readonly string[];
}

/** How the release calls its deployment modes. */
export interface ModesData {
  readonly standard: ModeData;
  readonly knative: ModeData;
  readonly modelMesh: ModeData;
  /** Whether an alias in the annotation is accepted at creation but refused at every later update. */
  readonly aliasBreaksUpdates: boolean;
}

/** How the release settles the protocol of a model that does not name one. */
export interface ProtocolsData {
  /** All protocols, lowest first: the order in which KServe prefers runtimes. */
  readonly order: readonly string[];
  /** What an unset protocolVersion means while a runtime is being selected. */
  readonly unset: string;
  /** Protocol that the webhook writes for a `model` of a format, by format name. */
  readonly ofFormat: { readonly [format: string]: string };
  /** The predictor fields of the framework spelling, with the protocol the webhook writes for them, if any. */
  readonly frameworks: { readonly [field: string]: string | undefined };
  /** Protocol that the controller sets for a runtime of a server type when the model names none. */
  readonly ofServerType: { readonly [serverType: string]: string };
}

/** A fault of a release. */
export interface BugData {
  /** What goes wrong, in one sentence. */
  readonly summary: string;
  /** What it touches: a field, an object, an install method. */
  readonly affects: string;
  /** Upstream issue, pull request or source file. */
  readonly reference: string;
}
