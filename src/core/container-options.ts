import type { EnvValue } from 'cdk8s-plus-28';
import type { Container, ContainerPortSpec, Probe, SecurityContext, VolumeMount } from './generated/pod-spec';
import type { Resources } from './resources';

/** A container: the common fields typed for convenience, all others by `override`. */
export interface ContainerOptions {
  /**
   * Entry point, not run in a shell.
   *
   * @default - the image's entry point
   */
  readonly command?: string[];
  /**
   * Arguments of the entry point. KServe appends those of a predictor to its runtime's.
   *
   * @default - the image's command
   */
  readonly args?: string[];
  /**
   * Environment variables by name.
   *
   * @default - none
   */
  readonly env?: { [name: string]: EnvValue };
  /**
   * CPU, memory, disk space and GPUs.
   *
   * @default - what the runtime or KServe's ConfigMap says
   */
  readonly resources?: Resources;
  /**
   * Ports the container listens on. In Knative mode one at most.
   *
   * @default - what the runtime says, else 8080
   */
  readonly ports?: ContainerPortSpec[];
  /**
   * When the container takes requests.
   *
   * @default - KServe's: the port accepts connections
   */
  readonly readinessProbe?: Probe;
  /**
   * When the container is restarted.
   *
   * @default - what the runtime says
   */
  readonly livenessProbe?: Probe;
  /**
   * How long the container may take to start.
   *
   * @default - what the runtime says
   */
  readonly startupProbe?: Probe;
  /**
   * Where volumes of `podSpec.volumes` appear in the container.
   *
   * @default - none
   */
  readonly volumeMounts?: VolumeMount[];
  /**
   * Privileges of the container.
   *
   * @default - what the runtime says
   */
  readonly securityContext?: SecurityContext;
  /**
   * Any other field of a container in the manifest's spelling. Where it and a
   * typed prop write the same field, the typed prop wins; environment variables
   * and mounts are joined.
   *
   * @default - none
   */
  readonly override?: Container;
}
