import type { IConfigMap, ISecret } from 'cdk8s-plus-28';
import { CredentialFacts } from './credential-facts';
import { ENDPOINT_SCHEME, MALFORMED_IDENTITY } from './credential-rules';
import { ModelCredentials } from './credentials';
import { ValueProblem } from './problem';
import { Deferred } from '../core/deferred';
import { KEYS } from '../release/keys';

/** How S3 is reached, whatever the credentials. */
export interface S3CredentialsOptions {
  /**
   * Region of the bucket.
   *
   * @default - what KServe's ConfigMap says, else the AWS SDK's default
   */
  readonly region?: string;
  /**
   * Whether the bucket is part of the host name instead of the path.
   *
   * @default - what KServe's ConfigMap says, else false
   */
  readonly useVirtualBucket?: boolean;
  /**
   * Whether S3 Transfer Acceleration is used.
   *
   * @default - what KServe's ConfigMap says, else false
   */
  readonly useAccelerate?: boolean;
  /**
   * Whether the server's certificate is checked.
   *
   * @default - what KServe's ConfigMap says, else true
   */
  readonly verifySsl?: boolean;
  /**
   * Certificate authorities to trust, under the key `cabundle.crt`.
   *
   * @default - what KServe's ConfigMap says, else the public ones
   */
  readonly caBundle?: IConfigMap;
  /**
   * Path of the certificate file in the storage initializer; its folder is where `caBundle` is mounted.
   *
   * @default - `cabundle.crt` in the folder that KServe's ConfigMap names
   */
  readonly caBundlePath?: string;
}

/** How an S3-compatible store is reached. */
export interface S3EndpointOptions extends S3CredentialsOptions {
  /**
   * Address of a store other than AWS: host and port, with or without `https://` or `http://`.
   *
   * @default - what KServe's ConfigMap says, else AWS
   */
  readonly endpoint?: string;
  /**
   * Whether an endpoint without scheme is reached by https.
   *
   * @default - what KServe's ConfigMap says, else true
   */
  readonly useHttps?: boolean;
}

const KEY_PAIR = { secretKind: 's3', secretKeys: [['AWS_ACCESS_KEY_ID'], ['AWS_SECRET_ACCESS_KEY']] };
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/**
 * Credentials for `s3://` sources.
 *
 * @see https://kserve.github.io/website/docs/model-serving/storage/providers/s3
 *
 * @example
 * const source = ModelSource.s3('s3://models/fraud/v3/', {
 *   credentials: S3Credentials.irsa('arn:aws:iam::123456789012:role/models'),
 * });
 */
export class S3Credentials extends ModelCredentials {
  /**
   * An IAM role of AWS for the service's ServiceAccount (IRSA). Use this on EKS: no key is stored anywhere.
   * It works with AWS only, so there is no endpoint to set.
   *
   * @param roleArn `arn:aws:iam::<account>:role/<name>`; its trust policy must name the ServiceAccount, which is
   * called like the service
   */
  static irsa(roleArn: string, settings: S3CredentialsOptions = {}): S3Credentials {
    return new S3Credentials({
      factory: 'S3Credentials.irsa',
      identity: { [KEYS.eksRoleArn]: roleArn },
      s3Settings: settingsOf(settings),
      problems: Deferred.is(roleArn) || ROLE_ARN.test(roleArn) ? [] : [{
        rule: MALFORMED_IDENTITY,
        argument: 'roleArn',
        violation: {
          message: 'is not the ARN of an IAM role',
          value: roleArn,
          allowed: 'arn:aws:iam::<12 digits>:role/<name>',
          fix: 'copy the role\'s ARN from the IAM console or from `aws iam get-role`.',
        },
      }],
    });
  }

  /**
   * Keys in a Secret. Use this for MinIO, Ceph and other stores beside AWS, and outside EKS.
   *
   * @param secret has the keys `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; the settings become annotations of it
   */
  static fromSecret(secret: ISecret, settings: S3EndpointOptions = {}): S3Credentials {
    return new S3Credentials({
      factory: 'S3Credentials.fromSecret',
      secret,
      ...KEY_PAIR,
      s3Settings: settingsOf(settings),
      problems: endpointProblems(settings),
    });
  }

  /**
   * No credentials: a public bucket. KServe reads settings of S3 only beside keys, so
   * the service gets a Secret whose keys are empty.
   */
  static anonymous(settings: S3EndpointOptions = {}): S3Credentials {
    return new S3Credentials({
      factory: 'S3Credentials.anonymous',
      emptySecret: true,
      ...KEY_PAIR,
      s3Settings: { ...settingsOf(settings), anonymous: 'true' },
      problems: endpointProblems(settings),
    });
  }

  /** @internal */
  readonly _facts: CredentialFacts;

  private constructor(facts: Omit<CredentialFacts, 'family' | 'opens'>) {
    super();
    this._facts = { family: 's3', opens: ['s3'], ...facts };
  }
}

/** The settings as KServe spells their values. */
function settingsOf(settings: S3EndpointOptions): { [setting: string]: string } {
  const { endpoint, useHttps, region, verifySsl, useVirtualBucket, useAccelerate, caBundle, caBundlePath } = settings;
  const values: { [setting: string]: string | undefined } = {
    endpoint,
    useHttps: useHttps === undefined ? undefined : (useHttps ? '1' : '0'),
    region,
    verifySsl: verifySsl === undefined ? undefined : (verifySsl ? '1' : '0'),
    useVirtualBucket: useVirtualBucket?.toString(),
    useAccelerate: useAccelerate?.toString(),
    caBundleConfigMap: caBundle?.name,
    caBundle: caBundlePath,
  };
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function endpointProblems({ endpoint, useHttps }: S3EndpointOptions): ValueProblem[] {
  if (endpoint === undefined || useHttps === undefined || Deferred.is(endpoint)) {
    return [];
  }
  const scheme = /^\s*(https?):\/\//i.exec(endpoint)?.[1].toLowerCase();
  return scheme === undefined || (scheme === 'https') === useHttps ? [] : [{
    rule: ENDPOINT_SCHEME,
    argument: 'endpoint',
    violation: {
      message: `says ${scheme}, which wins over useHttps: ${useHttps}`,
      value: endpoint,
      fix: 'leave useHttps out, or write the endpoint without a scheme.',
    },
  }];
}
