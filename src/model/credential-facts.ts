import type { ISecret } from 'cdk8s-plus-28';
import { ValueProblem } from './problem';
import { SourceKind } from './source-kind';

/** What KServe, or the cloud, needs in order to let a pod read a model. */
export interface CredentialFacts {
  /** How the program made it, such as `S3Credentials.irsa`. */
  readonly factory: string;
  /** KServe uses one credential of a family for a pod. */
  readonly family: string;
  /** Whether several of the family can work side by side. */
  readonly severalPerPod?: boolean;
  /** The sources that it opens. */
  readonly opens: readonly SourceKind[];
  /** Annotations of the ServiceAccount by which the cloud knows it. */
  readonly identity?: { readonly [annotation: string]: string };
  /** Labels of the pod. */
  readonly podLabels?: { readonly [label: string]: string };
  /** Settings of S3 by their name in the release data. */
  readonly s3Settings?: { readonly [setting: string]: string };
  /** The Secret; the ServiceAccount lists it. */
  readonly secret?: ISecret;
  /** The kind, by the release data, that KServe must recognise the Secret as. */
  readonly secretKind?: string;
  /** Data keys of the Secret; of each list one is needed. */
  readonly secretKeys?: readonly (readonly string[])[];
  /** Whether a Secret with empty keys is made, because KServe reads settings only beside keys. */
  readonly emptySecret?: boolean;
  readonly problems: readonly ValueProblem[];
}
