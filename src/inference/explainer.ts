import { ContainerOptions } from '../core/container-options';
import { ProgramViolation } from '../diagnostics/rule';
import { ComponentOptions } from './component-options';
import { ArtifactOptions } from './predictor';
import { ALIBI_IS_GONE } from './component-rules';

/** Props of `Explainer.art`. */
export interface ArtExplainerOptions extends ComponentOptions, ContainerOptions, ArtifactOptions {
  /**
   * The attack that the explainer runs.
   *
   * @default 'SquareAttack'
   */
  readonly type?: string;

  /**
   * Version of the explainer, put in place of its image's tag.
   *
   * @default - that of KServe's ConfigMap
   */
  readonly runtimeVersion?: string;

  /**
   * Arguments of the attack, each passed as `--<key> <value>`, such as `nb_classes: '10'`.
   *
   * @default - none
   */
  readonly config?: { [key: string]: string };
}

/** Props of `Explainer.fromContainer`. */
export interface ContainerExplainerOptions extends ComponentOptions, ContainerOptions, ArtifactOptions {
  /** Image of the explainer. It answers `:explain` requests of the V1 protocol on port 8080. */
  readonly image: string;
}

/** How the parts of an explainer are told apart. */
export type ExplainerShape =
  | { readonly kind: 'art'; readonly props: ArtExplainerOptions }
  | { readonly kind: 'container'; readonly props: ContainerExplainerOptions };

/**
 * What answers `:explain` requests. An immutable value.
 *
 * @see https://kserve.github.io/website/docs/model-serving/predictive-inference/explainers/overview
 */
export class Explainer {
  /** The Adversarial Robustness Toolbox, which KServe brings along. */
  static art(options: ArtExplainerOptions = {}): Explainer {
    return new Explainer({ kind: 'art', props: { ...options } });
  }

  /** An explainer of your own, as a rule built with KServe's SDK: SHAP, LIME, Anchors or any other method. */
  static fromContainer(options: ContainerExplainerOptions): Explainer {
    return new Explainer({ kind: 'container', props: { ...options } });
  }

  /**
   * Alibi explainers no longer exist in KServe; using one is an error that says what to use.
   *
   * @param type the kind of explainer, such as `AnchorTabular`
   */
  static alibi(type: string): Explainer {
    return new Explainer({ kind: 'container', props: { image: '' } }, [{
      rule: ALIBI_IS_GONE,
      prop: 'explainer',
      message: `is an Alibi explainer (${type}), which KServe removed after v0.12`,
      allowed: 'art, fromContainer',
      fix: 'Explainer.fromContainer({ image }) with an image of your own that answers :explain, for example one that wraps SHAP or Alibi with KServe\'s SDK.',
    }]);
  }

  private constructor(
    /** @internal */
    readonly _shape: ExplainerShape,
    /** @internal */
    readonly _problems: ProgramViolation[] = [],
  ) {}
}
