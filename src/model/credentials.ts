import { CredentialFacts } from './credential-facts';

/**
 * What lets a pod read its model. Credentials name Secrets and cloud identities;
 * they never contain a secret's value.
 *
 * A service makes a ServiceAccount for them, or adopts the one it is given.
 *
 * @see https://kserve.github.io/website/docs/model-serving/storage/overview
 */
export abstract class ModelCredentials {
  /** @internal */
  abstract readonly _facts: CredentialFacts;
}
