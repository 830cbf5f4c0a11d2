import { Manifest } from '../core/manifest';

/** Who refuses or ignores what a rule is about. */
export type Origin =
  /** the CRD's OpenAPI schema, at admission */
  | 'schema'
  /** an admission webhook */
  | 'webhook'
  /** a controller, after admission: the object never becomes ready, or a field has no effect */
  | 'controller'
  /** nobody but this library */
  | 'ours';

/** When the trouble shows. */
export type Bite = 'synthesis' | 'create' | 'update' | 'runtime';

/** What is known of a rule without running it. */
export interface Rule {
  /** `KSV` and four digits; the first two name the area. */
  readonly code: string;
  /** One line: what is wrong. */
  readonly title: string;
  readonly severity: 'error' | 'warning';
  readonly origin: Origin;
  readonly bites: Bite;
  /** The webhook, schema path or controller that the rule mirrors. */
  readonly mirrors?: string;
  /** Why it matters, what really happens, in one to three sentences. */
  readonly explanation: string;
}

/** What a rule found. The parts read together as: `<prop> = <value> <message>. Allowed: <allowed>. Fix: <fix>.` */
export interface Violation {
  /** The sentence after the prop and its value. */
  readonly message: string;
  readonly value?: unknown;
  readonly allowed?: string;
  readonly fix: string;
}

/** A violation at a path of a manifest. */
export interface ManifestViolation extends Violation {
  /** JSON pointer into the manifest. */
  readonly at: string;
}

/** A rule on one rendered object in its surroundings: a pure function, good for any manifest. */
export interface ManifestRule<Context> extends Rule {
  /**
   * Fields, labels and annotations (or `{{` for a string with a template) of which
   * the manifest has at least one, at any depth, wherever the rule finds something. The rule is not asked about others,
   * because most manifests have little of what the rules are about.
   */
  readonly about?: readonly string[];
  /**
   * Whether the rule looks at the name of the object, or into the URI of its model beyond the scheme; a function for a rule
   * that does so in some objects. Any other rule is asked once for all objects that are alike but for these.
   *
   * @default false
   */
  readonly individual?: boolean | ((manifest: Manifest) => boolean);
  check(manifest: Manifest, context: Context): Iterable<ManifestViolation>;
}

/** A violation of a rule about the program itself: a name, a value, a reference. */
export interface ProgramViolation extends Violation {
  readonly rule: Rule;
  /** The prop as the program writes it, relative to the construct; undefined for the construct as a whole. */
  readonly prop?: string;
}

/** Shortens the definition of a rule that value factories and constructs report by hand. */
export function violationOf(rule: Rule, prop: string | undefined, violation: Violation): ProgramViolation {
  return { rule, prop, ...violation };
}
