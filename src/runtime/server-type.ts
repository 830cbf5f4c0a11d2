/**
 * The server that a runtime holds. KServe sets arguments, variables, the default
 * protocol or the tag of the image by it. From KServe 0.17.
 */
export class ServerType {
  /** MLServer: protocol v2, the class of the model by its format. */
  static readonly MLSERVER = new ServerType('mlserver');
  /** NVIDIA Triton: protocol v2, explicit model control where there is no model to load. */
  static readonly TRITONSERVER = new ServerType('tritonserver');
  /** TorchServe: protocol v1, the envelope by the protocol; `-gpu` in the image's tag on GPUs. */
  static readonly TORCHSERVE = new ServerType('torchserve');
  /** TensorFlow Serving: `-gpu` in the image's tag on GPUs. */
  static readonly TENSORFLOW_SERVING = new ServerType('tensorflow-serving');
  /** KServe's Hugging Face server: `-gpu` in the image's tag on GPUs. */
  static readonly HUGGINGFACESERVER = new ServerType('huggingfaceserver');
  /** vLLM: another image without GPUs. From KServe 0.20. */
  static readonly VLLMSERVER = new ServerType('vllmserver');

  /**
   * Any other server. KServe knows several more names and does nothing special for them.
   *
   * @param name value of the annotation `serving.kserve.io/server-type`
   */
  static of(name: string): ServerType {
    return new ServerType(name);
  }

  private constructor(
    /** Value of the annotation `serving.kserve.io/server-type`. */
    readonly name: string,
  ) {}
}
