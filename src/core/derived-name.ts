/** A name that follows from the name of a service. */
export interface DerivedName {
  /** Kind of the object; `Label`, `Host` or `DNS label` for what is no object. */
  readonly kind: string;
  /**
   * API version of the object.
   *
   * @default - no object
   */
  readonly apiVersion?: string;
  /** The name, the host, or the value of the label. */
  readonly name: string;
  /** What it is for, such as `the predictor`. */
  readonly object: string;
  /** How many characters it may have. */
  readonly limit: number;
}
