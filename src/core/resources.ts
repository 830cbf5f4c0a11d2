import type { Size } from 'cdk8s';
import type { Cpu } from 'cdk8s-plus-28';

/** CPU of a container. */
export interface CpuResources {
  /**
   * What the scheduler sets aside.
   *
   * @default - the limit, else what the runtime or KServe's ConfigMap says
   */
  readonly request?: Cpu;
  /**
   * What the container may use at most.
   *
   * @default - what the runtime or KServe's ConfigMap says
   */
  readonly limit?: Cpu;
}

/** Memory or disk space of a container. */
export interface MemoryResources {
  /**
   * What the scheduler sets aside.
   *
   * @default - the limit, else what the runtime or KServe's ConfigMap says
   */
  readonly request?: Size;
  /**
   * What the container may use at most; memory beyond it ends the container.
   *
   * @default - what the runtime or KServe's ConfigMap says
   */
  readonly limit?: Size;
}

/** GPUs of a container. Kubernetes sets the request equal to the limit. */
export interface GpuResources {
  /** Number of GPUs. */
  readonly count: number;
  /**
   * Name of the extended resource, such as `amd.com/gpu` or `nvidia.com/mig-1g.10gb`.
   *
   * @default 'nvidia.com/gpu'
   */
  readonly resource?: string;
}

/**
 * Resources of a container.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 */
export interface Resources {
  /**
   * CPU.
   *
   * @default - what the runtime or KServe's ConfigMap says
   */
  readonly cpu?: CpuResources;
  /**
   * Memory.
   *
   * @default - what the runtime or KServe's ConfigMap says
   */
  readonly memory?: MemoryResources;
  /**
   * Space on the node's disk.
   *
   * @default - no request and no limit
   */
  readonly ephemeralStorage?: MemoryResources;
  /**
   * GPUs.
   *
   * @default - none
   */
  readonly gpu?: GpuResources;
  /**
   * Other extended resources by name, such as `{ 'rdma/ib': 1 }`; request and limit are equal.
   *
   * @default - none
   */
  readonly extended?: { [name: string]: number };
}
