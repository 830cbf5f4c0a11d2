import { ModelSource } from './source';

/** One of several models or artifacts of a server. */
export interface ModelMount {
  /** Where the files are. Of a volume claim the root is mounted, whatever its path says. */
  readonly source: ModelSource;
  /**
   * Where they appear in the container. All downloaded ones must share a folder other than `/`.
   *
   * @default '/mnt/models'
   */
  readonly mountPath?: string;
}
