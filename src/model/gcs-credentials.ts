import type { ISecret } from 'cdk8s-plus-28';
import { CredentialFacts } from './credential-facts';
import { MALFORMED_IDENTITY } from './credential-rules';
import { ModelCredentials } from './credentials';
import { Deferred } from '../core/deferred';
import { KEYS } from '../release/keys';

const ACCOUNT = /^[^@\s]+@[^@\s]+\.gserviceaccount\.com$/;

/**
 * Credentials for `gs://` sources.
 *
 * @see https://kserve.github.io/website/docs/model-serving/storage/providers/gcs
 */
export class GcsCredentials extends ModelCredentials {
  /**
   * A service account of Google Cloud for the service's ServiceAccount (workload identity). Use this on GKE: no
   * key is stored anywhere.
   *
   * @param gcpServiceAccount `<name>@<project>.iam.gserviceaccount.com`; it must allow the ServiceAccount, which is
   * called like the service, the role `roles/iam.workloadIdentityUser`
   */
  static workloadIdentity(gcpServiceAccount: string): GcsCredentials {
    return new GcsCredentials({
      factory: 'GcsCredentials.workloadIdentity',
      identity: { [KEYS.gkeServiceAccount]: gcpServiceAccount },
      problems: Deferred.is(gcpServiceAccount) || ACCOUNT.test(gcpServiceAccount) ? [] : [{
        rule: MALFORMED_IDENTITY,
        argument: 'gcpServiceAccount',
        violation: {
          message: 'is not the address of a Google service account',
          value: gcpServiceAccount,
          allowed: '<name>@<project>.iam.gserviceaccount.com',
          fix: 'copy the address from `gcloud iam service-accounts list`.',
        },
      }],
    });
  }

  /**
   * The key file of a service account of Google Cloud.
   *
   * @param secret has the key `gcloud-application-credentials.json`
   */
  static fromSecret(secret: ISecret): GcsCredentials {
    return new GcsCredentials({
      factory: 'GcsCredentials.fromSecret',
      secret,
      secretKind: 'gcs',
      secretKeys: [['gcloud-application-credentials.json']],
      problems: [],
    });
  }

  /** @internal */
  readonly _facts: CredentialFacts;

  private constructor(facts: Omit<CredentialFacts, 'family' | 'opens'>) {
    super();
    this._facts = { family: 'gcs', opens: ['gcs'], ...facts };
  }
}
