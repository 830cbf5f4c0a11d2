import { ContainerProps } from '../core/container-props';
import { Protocol } from '../target/protocol';
import { ComponentProps } from './component-props';
import { ArtifactProps } from './predictor';

/** Props of `Transformer.collocated`. */
export interface CollocatedTransformerProps extends ContainerProps {
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
   * @default Protocol.V1
   */
  readonly protocol?: Protocol;

  /**
   * The port the predictor listens on in the same pod. It is moved out of the transformer's way.
   *
   * @default 8085
   */
  readonly predictorPort?: number;
}

/** Props of `Transformer.fromContainer`. */
export interface ContainerTransformerProps extends ComponentProps, ContainerProps, ArtifactProps {
  /** Image of the transformer, as a rule built with KServe's SDK. */
  readonly image: string;

  /**
   * The protocol that the transformer speaks to its callers.
   *
   * @default Protocol.V1
   */
  readonly protocol?: Protocol;

  /**
   * The port the transformer listens on.
   *
   * @default 8080
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
  | { readonly kind: 'container'; readonly props: ContainerTransformerProps }
  | { readonly kind: 'collocated'; readonly props: CollocatedTransformerProps };

/**
 * What changes requests before and answers after the predictor: features are
 * looked up, images resized, classes named. An immutable value.
 *
 * @see https://kserve.github.io/website/docs/model-serving/predictive-inference/transformers/custom-transformer
 */
export class Transformer {
  /** A transformer with pods of its own, which scale apart from the predictor's. */
  static fromContainer(props: ContainerTransformerProps): Transformer {
    return new Transformer({ kind: 'container', props });
  }

  /** A transformer in the predictor's pods: no hop over the network, one scale for both. */
  static collocated(props: CollocatedTransformerProps): Transformer {
    return new Transformer({ kind: 'collocated', props });
  }

  private constructor(
    /** @internal */
    readonly _shape: TransformerShape,
  ) {}
}
