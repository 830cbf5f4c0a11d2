import { ContainerOptions } from '../core/container-options';
import { InferenceProtocol } from '../target/inference-protocol';
import { ComponentOptions } from './component-options';
import { ArtifactOptions } from './predictor';

/** Props of `Transformer.collocated`. */
export interface CollocatedTransformerOptions extends ContainerOptions {
  /** Image of the transformer. */
  readonly image: string;

  /**
   * The port the transformer listens on: the service's port.
   *
   * @default 8080
   */
  readonly port?: number;

  /**
   * The protocol that the transformer speaks to its callers.
   *
   * @default InferenceProtocol.V1
   */
  readonly protocol?: InferenceProtocol;

  /**
   * The port the predictor listens on in the same pod. It is moved out of the transformer's way.
   *
   * @default 8085
   */
  readonly predictorPort?: number;
}

/** Props of `Transformer.fromContainer`. */
export interface ContainerTransformerOptions extends ComponentOptions, ContainerOptions, ArtifactOptions {
  /** Image of the transformer, as a rule built with KServe's SDK. */
  readonly image: string;

  /**
   * The protocol that the transformer speaks to its callers.
   *
   * @default InferenceProtocol.V1
   */
  readonly protocol?: InferenceProtocol;

  /**
   * The port the transformer listens on.
   *
   * @default - 8081 for the gRPC protocols, else 8080
   */
  readonly port?: number;

  /**
   * Whether the predictor's protocol is passed as `--predictor_protocol`, which
   * servers built with KServe's SDK understand. KServe itself passes only the
   * model's name, the predictor's host and the HTTP port.
   *
   * @default true
   */
  readonly passPredictorProtocol?: boolean;
}

/** How the parts of a transformer are told apart. */
export type TransformerShape =
  | { readonly kind: 'container'; readonly props: ContainerTransformerOptions }
  | { readonly kind: 'collocated'; readonly props: CollocatedTransformerOptions };

/**
 * What changes requests before and answers after the predictor: features are
 * looked up, images resized, classes named. An immutable value.
 *
 * @see https://kserve.github.io/website/docs/model-serving/predictive-inference/transformers/custom-transformer
 */
export class Transformer {
  /** A transformer with pods of its own, which scale apart from the predictor's. */
  static fromContainer(options: ContainerTransformerOptions): Transformer {
    return new Transformer({ kind: 'container', props: { ...options } });
  }

  /** A transformer in the predictor's pods: no hop over the network, one scale for both. */
  static collocated(options: CollocatedTransformerOptions): Transformer {
    return new Transformer({ kind: 'collocated', props: { ...options } });
  }

  private constructor(
    /** @internal */
    readonly _shape: TransformerShape,
  ) {}
}
