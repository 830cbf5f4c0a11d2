/** How bad a finding is. */
export enum Severity {
  /** Synthesis stops. */
  ERROR = 'error',
  /** Synthesis goes on; the finding is printed once. */
  WARNING = 'warning',
}

/** One thing that is wrong with a program, readable without throwing. */
export interface Finding {
  /** The code of the rule, such as `KSV1501`; docs/diagnostics.md has a section for each. */
  readonly code: string;
  /** Whether it stops synthesis. */
  readonly severity: Severity;
  /** Path of the construct in the tree. */
  readonly construct: string;
  /**
   * The prop of the construct, such as `predictor.scaling.minReplicas`.
   *
   * @default - the finding is about the construct as a whole, or about a field that a JSON patch wrote
   */
  readonly prop?: string;
  /**
   * JSON pointer into the rendered manifest.
   *
   * @default - the rule judges the program, not a manifest
   */
  readonly pointer?: string;
  /** What is wrong, with the value and what is allowed. */
  readonly message: string;
  /** What to change. */
  readonly fix: string;
  /**
   * Why the finding does not count.
   *
   * @default - it was not waived
   */
  readonly waivedBecause?: string;
}
