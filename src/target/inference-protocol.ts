/**
 * How a client and a model server talk.
 *
 * @see https://kserve.github.io/website/docs/concepts/architecture/data-plane
 */
export enum InferenceProtocol {
  /** KServe's first REST protocol: `POST /v1/models/<model>:predict` with `instances`. */
  V1 = 'v1',
  /** The Open Inference Protocol over REST: `POST /v2/models/<model>/infer` with typed tensors. */
  V2 = 'v2',
  /** TensorFlow Serving's own gRPC service. */
  GRPC_V1 = 'grpc-v1',
  /** The Open Inference Protocol over gRPC. */
  GRPC_V2 = 'grpc-v2',
}
