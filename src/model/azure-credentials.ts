import type { ISecret } from 'cdk8s-plus-28';
import { CredentialFacts } from './credential-facts';
import { MALFORMED_IDENTITY } from './credential-rules';
import { ModelCredentials } from './credentials';
import { ValueProblem } from './problem';
import { Deferred } from '../core/deferred';
import { KEYS } from '../release/keys';

/** Options of `AzureCredentials.workloadIdentity`. */
export interface AzureWorkloadIdentityOptions {
  /**
   * The Entra tenant of the identity.
   *
   * @default - the tenant of the cluster
   */
  readonly tenantId?: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Credentials for Azure Blob Storage. Azure file shares take access keys only.
 *
 * An access token in a Secret is not offered: KServe's storage initializer does not read it.
 *
 * @see https://kserve.github.io/website/docs/model-serving/storage/providers/azure
 */
export class AzureCredentials extends ModelCredentials {
  /**
   * A managed identity or application for the service's ServiceAccount (workload identity). Use this on AKS: no
   * key is stored anywhere.
   *
   * @param clientId client id of the identity; its federated credential must name the ServiceAccount, which is
   * called like the service
   */
  static workloadIdentity(clientId: string, options: AzureWorkloadIdentityOptions = {}): AzureCredentials {
    const { tenantId } = options;
    return new AzureCredentials({
      factory: 'AzureCredentials.workloadIdentity',
      opens: ['azureBlob'],
      identity: {
        [KEYS.azureClientId]: clientId,
        ...(tenantId === undefined ? {} : { [KEYS.azureTenantId]: tenantId }),
      },
      podLabels: { [KEYS.azureUseWorkloadIdentity]: 'true' },
      problems: [...uuidProblems('clientId', clientId), ...uuidProblems('tenantId', tenantId)],
    });
  }

  /**
   * A service principal. It needs the role Storage Blob Data Owner.
   *
   * @param secret has the keys `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET` and `AZURE_TENANT_ID`, or the same beginning with `AZ_`
   */
  static fromServicePrincipalSecret(secret: ISecret): AzureCredentials {
    return new AzureCredentials({
      factory: 'AzureCredentials.fromServicePrincipalSecret',
      opens: ['azureBlob'],
      secret,
      secretKind: 'azureServicePrincipal',
      secretKeys: [
        ['AZURE_CLIENT_ID', 'AZ_CLIENT_ID'],
        ['AZURE_CLIENT_SECRET', 'AZ_CLIENT_SECRET'],
        ['AZURE_TENANT_ID', 'AZ_TENANT_ID'],
      ],
      problems: [],
    });
  }

  /**
   * The access key of a storage account, for blobs and file shares.
   *
   * @param secret has the key `AZURE_STORAGE_ACCESS_KEY`
   */
  static fromAccessKeySecret(secret: ISecret): AzureCredentials {
    return new AzureCredentials({
      factory: 'AzureCredentials.fromAccessKeySecret',
      opens: ['azureBlob', 'azureFile'],
      secret,
      secretKind: 'azureKey',
      secretKeys: [['AZURE_STORAGE_ACCESS_KEY']],
      problems: [],
    });
  }

  /** @internal */
  readonly _facts: CredentialFacts;

  private constructor(facts: Omit<CredentialFacts, 'family'>) {
    super();
    this._facts = { family: 'azure', ...facts };
  }
}

function uuidProblems(argument: string, value: string | undefined): ValueProblem[] {
  return value === undefined || Deferred.is(value) || UUID.test(value) ? [] : [{
    rule: MALFORMED_IDENTITY,
    argument,
    violation: {
      message: 'is not a UUID',
      value,
      allowed: 'a UUID such as 00000000-0000-0000-0000-000000000000',
      fix: 'copy the id from `az identity show` or from the application\'s page in Entra.',
    },
  }];
}
