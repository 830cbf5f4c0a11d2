/**
 * How KServe brings the models of `oci://` images into a pod.
 *
 * @see https://kserve.github.io/website/docs/model-serving/storage/providers/oci
 */
export enum OciModelMode {
  /** A container of the image beside the server, with which it shares its processes. */
  MODELCAR = 'modelcar',
  /** An image volume of Kubernetes; KServe 0.20 and newer. */
  NATIVE = 'native',
  /** KServe 0.20 takes the value, and does the same as with `MODELCAR`. */
  FETCH = 'fetch',
}
