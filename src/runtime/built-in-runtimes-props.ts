import type { Resources } from '../core/resources';

/** What is different for one of the release's own runtimes. */
export interface BuiltInRuntimeOptions {
  /**
   * Whether KServe leaves the runtime out of account.
   *
   * @default false
   */
  readonly disabled?: boolean;

  /**
   * The image, with its tag or digest. `imageRegistry` does not change it.
   *
   * @default - that of the release
   */
  readonly image?: string;

  /**
   * Registry, with an optional path, that holds a copy of the image.
   *
   * @default - `imageRegistry` of all runtimes
   */
  readonly imageRegistry?: string;

  /**
   * CPU, memory and GPUs of the serving container, and of the workers.
   *
   * @default - 1 CPU and 2 GiB; 2 to 4 CPUs and 6 to 12 GiB over several nodes
   */
  readonly resources?: Resources;
}

/** Props of `BuiltInRuntimes`. */
export interface BuiltInRuntimesProps {
  /**
   * Names of the runtimes to install, such as `kserve-sklearnserver`.
   *
   * @default - all that an installation of the release contains
   */
  readonly runtimes?: string[];

  /**
   * Registry, with an optional path, that holds copies of all images:
   * `registry.acme.org/mirror` makes `registry.acme.org/mirror/kserve/sklearnserver:v0.20.0`.
   *
   * @default - the registries of their makers
   */
  readonly imageRegistry?: string;

  /**
   * What is different for single runtimes, by name.
   *
   * @default - nothing
   */
  readonly overrides?: { [name: string]: BuiltInRuntimeOptions };
}
