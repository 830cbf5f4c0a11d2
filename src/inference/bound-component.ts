import { RuntimeChoice } from '../runtime';

/** A transformer or explainer in its service. */
export class BoundComponent {
  /** Name of the account the pods run as; undefined for the namespace's default account. */
  readonly serviceAccountName?: string;
  /** Host inside the cluster, without scheme. */
  readonly address: string;

  /** @internal */
  constructor(serviceAccountName: string | undefined, address: string) {
    this.serviceAccountName = serviceAccountName;
    this.address = address;
  }
}

/** The predictor in its service. */
export class BoundPredictor extends BoundComponent {
  private readonly choose: () => RuntimeChoice | undefined;

  /** @internal */
  constructor(serviceAccountName: string | undefined, address: string, choose: () => RuntimeChoice | undefined) {
    super(serviceAccountName, address);
    this.choose = choose;
  }

  /** The runtime that KServe will choose; undefined where the predictor is a container of its own. */
  get runtime(): RuntimeChoice | undefined {
    return this.choose();
  }

  /** All runtimes of the cluster as a table, each with the reason why KServe takes it or not. */
  explainRuntime(): string {
    return this.choose()?.toString() ?? 'The predictor is a container of its own: no runtime is chosen.';
  }
}
