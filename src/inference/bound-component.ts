import { RuntimeChoice } from '../runtime';

/** A transformer or explainer in its service. */
export class BoundComponent {
  /** @internal */
  static _of(address: string, serviceAccountName: string | undefined): BoundComponent {
    return new BoundComponent(address, serviceAccountName);
  }

  private constructor(
    /** Host inside the cluster, without scheme. */
    readonly address: string,
    /** Name of the account the pods run as; undefined for the namespace's default account. */
    readonly serviceAccountName?: string,
  ) {}
}

/** The predictor in its service. */
export class BoundPredictor {
  /** @internal */
  static _of(address: string, serviceAccountName: string | undefined, choose: () => RuntimeChoice | undefined): BoundPredictor {
    const bound = new BoundPredictor(address, serviceAccountName);
    bound.choose = choose;
    return bound;
  }

  private choose?: () => RuntimeChoice | undefined;

  private constructor(
    /** Host inside the cluster, without scheme. */
    readonly address: string,
    /** Name of the account the pods run as; undefined for the namespace's default account. */
    readonly serviceAccountName?: string,
  ) {}

  /** The runtime that KServe will choose; undefined where the predictor is a container of its own. */
  get runtime(): RuntimeChoice | undefined {
    return this.choose?.();
  }

  /** All runtimes of the cluster as a table, each with the reason why KServe takes it or not. */
  explainRuntime(): string {
    return this.runtime?.toString() ?? 'The predictor is a container of its own: no runtime is chosen.';
  }
}
