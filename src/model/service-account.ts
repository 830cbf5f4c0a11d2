import { ApiObject, JsonPatch } from 'cdk8s';
import type { IServiceAccount } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { changed } from '../core/changes';
import { ProgramViolation } from '../diagnostics/rule';
import { ServingTarget } from '../target';
import { ClusterRule, judgeBy } from '../target/rule-context';
import { accountProblems, AccountState } from './account-problems';
import { annotate, AnnotationConflict, objectOf } from './api-object';
import { ModelCredentials } from './credentials';

/** Credentials that a pod needs, and the prop that names them. */
export interface CredentialNeed {
  /** As the program writes it, such as `predictor.source.credentials`. */
  readonly prop: string;
  readonly credentials: ModelCredentials;
}

/** What an account is for. */
export interface AccountProps {
  /** Construct id of the account, if one is made. */
  readonly id: string;
  /** Name of the account, if one is made; never hashed, because trust policies of clouds name it. */
  readonly name: string;
  /** Namespace of the service. */
  readonly namespace?: string;
  /** The account that the user gave. */
  readonly given?: IServiceAccount;
  /** The component that the pods are of, as the program names its prop. */
  readonly component?: string;
  readonly credentials: readonly CredentialNeed[];
}

/** The account that pods run as. */
export interface Account {
  /** Undefined for the namespace's default account. */
  readonly name?: string;
  /** Labels that the pods need for the account to count. */
  readonly podLabels: { readonly [label: string]: string };
  /** What is wrong with account, Secrets and credentials; asked at each synthesis. */
  readonly problems: () => ProgramViolation[];
}

/** All needs that meet in an account of this program, whichever service has them. */
const needsOf = new WeakMap<ApiObject, CredentialNeed[]>();

/**
 * Makes or adopts the ServiceAccount of pods. Whether one is made depends only on
 * whether there are credentials, its name only on the service's.
 */
export function bindAccount(scope: Construct, props: AccountProps): Account {
  const { given, credentials: needs } = props;
  if (given === undefined && needs.length === 0) {
    return { podLabels: {}, problems: () => [] };
  }
  const target = ServingTarget.of(scope);
  const { s3Settings } = target.release._data.storage;
  const conflicts: AnnotationConflict[] = [];
  const secretNames: string[] = [];
  let accountAnnotations: { [key: string]: string } = {};

  for (const { credentials: { _facts } } of distinct(needs)) {
    const settings = Object.fromEntries(Object.entries(_facts.s3Settings ?? {}).map(([name, value]) => [s3Settings[name].annotation, value]));
    if (_facts.secret !== undefined) {
      const object = objectOf(_facts.secret, 'Secret');
      conflicts.push(...object === undefined ? [] : annotate(object, settings));
      secretNames.push(_facts.secret.name);
    } else if (_facts.emptySecret) {
      secretNames.push(emptySecret(scope, props, settings).name);
    } else {
      accountAnnotations = { ...settings, ..._facts.identity, ...accountAnnotations };
    }
  }

  const own = given === undefined ? made(scope, props, secretNames) : objectOf(given, 'ServiceAccount');
  if (own !== undefined) {
    conflicts.push(...annotate(own, accountAnnotations));
    needsOf.set(own, [...needsOf.get(own) ?? [], ...needs]);
  }
  if (own !== undefined && given !== undefined) {
    list(given, own, secretNames);
  }
  changed(scope);

  const state: AccountState = {
    ...props,
    namespace: target._namespaceOf(scope, props.namespace),
    own,
    conflicts,
    additions: own === undefined ? { annotations: accountAnnotations, secrets: secretNames } : { annotations: {}, secrets: [] },
    storage: target.release._data.storage,
  };
  return {
    name: given?.name ?? props.name,
    podLabels: Object.assign({}, ...needs.map(({ credentials }) => credentials._facts.podLabels)),
    problems: () => accountProblems(state, own === undefined ? needs : needsOf.get(own)!),
  };
}

/** Each credential once, so that sources may share one. */
function distinct(needs: readonly CredentialNeed[]): CredentialNeed[] {
  return needs.filter(({ credentials }, i) => needs.findIndex((need) => need.credentials === credentials) === i);
}

function made(scope: Construct, { id, name, namespace }: AccountProps, secretNames: string[]): ApiObject {
  const secrets = [...new Set(secretNames)].map((secret) => ({ name: secret }));
  return judged(new ApiObject(scope, id, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    ...(secrets.length === 0 ? {} : { secrets }),
  }));
}

const NO_RULES_OF_ITS_OWN: ClusterRule[] = [];

/** Two services could make an account of the same name. */
function judged(object: ApiObject): ApiObject {
  judgeBy(object, () => NO_RULES_OF_ITS_OWN);
  return object;
}

/** KServe reads settings of S3 only from a Secret that has both keys; empty ones do. */
function emptySecret(scope: Construct, { id, name, namespace }: AccountProps, annotations: { [key: string]: string }): ApiObject {
  const present = scope.node.tryFindChild(`${id}.anonymous-s3`);
  return present as ApiObject ?? judged(new ApiObject(scope, `${id}.anonymous-s3`, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `${name}-anonymous-s3`, annotations, ...(namespace === undefined ? {} : { namespace }) },
    stringData: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
  }));
}

/** Lists Secrets in an account that the program makes elsewhere. */
function list(account: IServiceAccount, object: ApiObject, secretNames: string[]): void {
  const present: { name?: string }[] = object.toJson().secrets ?? [];
  const missing = [...new Set(secretNames)].filter((name) => !present.some((secret) => secret.name === name)).map((name) => ({ name }));
  const { addSecret } = account as { addSecret?: (secret: { name: string }) => void };
  if (addSecret !== undefined) {
    missing.forEach((secret) => addSecret.call(account, secret)); // cdk8s-plus reads nothing but the name
  } else if (missing.length > 0) {
    object.addJsonPatch(JsonPatch.add('/secrets', [...present, ...missing]));
  }
}
