/**
 * The format of a model, which decides what runtimes can serve it.
 *
 * @see https://kserve.github.io/website/docs/model-serving/predictive-inference/frameworks/overview
 *
 * @example
 * const format = ModelFormat.XGBOOST.withVersion('2');
 */
export class ModelFormat {
  /** scikit-learn: one `.joblib`, `.pkl` or `.pickle` file. */
  static readonly SKLEARN = new ModelFormat('sklearn');
  /** XGBoost: one `.bst`, `.json` or `.ubj` file. */
  static readonly XGBOOST = new ModelFormat('xgboost');
  /** LightGBM: one `.bst` file. */
  static readonly LIGHTGBM = new ModelFormat('lightgbm');
  /** PMML: one `.pmml` file. */
  static readonly PMML = new ModelFormat('pmml');
  /** Paddle: `.pdmodel` and `.pdiparams`. */
  static readonly PADDLE = new ModelFormat('paddle');
  /** MLflow: a model folder with its `MLmodel` file. */
  static readonly MLFLOW = new ModelFormat('mlflow');
  /** TensorFlow SavedModel in a numbered version folder. */
  static readonly TENSORFLOW = new ModelFormat('tensorflow');
  /** PyTorch: a TorchServe model store with its configuration. */
  static readonly PYTORCH = new ModelFormat('pytorch');
  /** ONNX. */
  static readonly ONNX = new ModelFormat('onnx');
  /** A Triton model repository, whatever is in it. */
  static readonly TRITON = new ModelFormat('triton');
  /** TensorRT plans, served by Triton. */
  static readonly TENSORRT = new ModelFormat('tensorrt');
  /** OpenVINO. No release installs its runtime by itself. */
  static readonly OPENVINO = new ModelFormat('openvino');
  /** A Hugging Face transformer or language model. */
  static readonly HUGGINGFACE = new ModelFormat('huggingface');
  /** AutoGluon, from KServe 0.20. */
  static readonly AUTOGLUON = new ModelFormat('autogluon');
  /** A language model served by vLLM itself, from KServe 0.20. */
  static readonly VLLM = new ModelFormat('vLLM');

  /**
   * A format of a runtime of your own.
   *
   * @param name name of the format as the runtime spells it; case counts
   * @param version version of the format as the runtime spells it; by default any
   */
  static of(name: string, version?: string): ModelFormat {
    return new ModelFormat(name, version);
  }

  private constructor(
    /** Name of the format; case counts. */
    readonly name: string,
    /** Version of the format; any when undefined. */
    readonly version?: string,
  ) {}

  /**
   * The same format in one version. Only runtimes that list exactly this text serve it.
   *
   * @param version such as `2`
   */
  withVersion(version: string): ModelFormat {
    return new ModelFormat(this.name, version);
  }
}
