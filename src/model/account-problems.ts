import type { ApiObject } from 'cdk8s';
import { AnnotationConflict, annotationsOf, objectOf } from './api-object';
import { CredentialFacts } from './credential-facts';
import {
  ANNOTATION_CONFLICT, CREDENTIAL_CLASH, ENDPOINT_WITH_ROLE, IMPORTED_ACCOUNT, IMPORTED_SECRET, OTHER_NAMESPACE, SECRET_KEYS, TWO_IDENTITIES,
} from './credential-rules';
import type { AccountProps, CredentialNeed } from './service-account';
import { Deferred } from '../core/deferred';
import { manifestOf } from '../core/manifest';
import { quote } from '../diagnostics/finding-text';
import { ProgramViolation, violationOf } from '../diagnostics/rule';
import { KEYS } from '../release/keys';
import type { StorageData } from '../release/storage-data';

/** An account after binding. */
export interface AccountState extends AccountProps {
  /** The account's object, when this program makes it. */
  readonly own?: ApiObject;
  readonly conflicts: readonly AnnotationConflict[];
  /** What the user must add by hand. */
  readonly additions: { readonly annotations: { readonly [key: string]: string }; readonly secrets: readonly string[] };
  readonly storage: StorageData;
}

/** Everything wrong with an account. `all` are the needs that meet in it, those of other services too. */
export function accountProblems(state: AccountState, all: readonly CredentialNeed[]): ProgramViolation[] {
  return [
    ...clashes(state.credentials, all),
    ...conflictProblems(state, all),
    ...endpointWithRole(state),
    ...importedAccount(state),
    ...namespaceProblems(state),
    ...state.credentials.flatMap((need) => secretProblems(need, state)),
  ];
}

function clashes(mine: readonly CredentialNeed[], all: readonly CredentialNeed[]): ProgramViolation[] {
  return mine.flatMap((need) => {
    // each pair once: against what came before it
    const before = all.slice(0, all.indexOf(need));
    const other = before.find((candidate) => clash(candidate.credentials._facts, need.credentials._facts));
    if (other === undefined) {
      return [];
    }
    const [first, second] = [other.credentials._facts, need.credentials._facts];
    const identities = first.identity !== undefined && second.identity !== undefined;
    return [violationOf(identities ? TWO_IDENTITIES : CREDENTIAL_CLASH, need.prop, {
      message: identities
        ? `give the pod the identity ${nameOf(second)}, but ${other.prop} gives it ${nameOf(first)}`
        : `are made by ${second.factory}, and the pod has others for the same kind of storage from ${first.factory} (${other.prop}), of which one wins`,
      fix: identities
        ? 'use one identity that may read all sources, or services with ServiceAccounts of their own.'
        : 'use one credential for all sources of the pod, or services with ServiceAccounts of their own.',
    })];
  });
}

function clash(a: CredentialFacts, b: CredentialFacts): boolean {
  return a.family === b.family && !a.severalPerPod && !same(a, b);
}

/** Whether two credentials come to the same; what is not yet known counts as the same. */
function same(a: CredentialFacts, b: CredentialFacts): boolean {
  const equal = (one: unknown, other: unknown) => one === other || Deferred.is(one) || Deferred.is(other);
  const all = (one: { [key: string]: string } = {}, other: { [key: string]: string } = {}) =>
    [...Object.keys(one), ...Object.keys(other)].every((key) => equal(one[key], other[key]));
  return a === b || (
    a.factory === b.factory
    && equal(a.secret?.name, b.secret?.name)
    && all(a.identity, b.identity)
    && all(a.s3Settings, b.s3Settings)
  );
}

function nameOf({ identity }: CredentialFacts): string {
  return quote(Object.values(identity!)[0]);
}

function conflictProblems({ conflicts, credentials: needs, own }: AccountState, all: readonly CredentialNeed[]): ProgramViolation[] {
  return conflicts
    // two identities of the program are reported with both props
    .filter(({ object, key, present }) => object !== own || !all.some(({ credentials }) => credentials._facts.identity?.[key] === present))
    .map(({ object, key, present, wanted }) => {
      const rule = object === own && !key.startsWith('serving.kserve.io/') ? TWO_IDENTITIES : ANNOTATION_CONFLICT;
      return violationOf(rule, needs.find(({ credentials }) => concerns(credentials._facts, object))?.prop, {
        message: `want ${key}: ${quote(wanted)} on ${object.kind} '${object.name}', which has ${quote(present)}`,
        fix: `use another ${object.kind}, or the same value in both places.`,
      });
    });
}

function concerns({ secret, identity }: CredentialFacts, object: ApiObject): boolean {
  return secret === undefined ? identity !== undefined && object.kind === 'ServiceAccount' : objectOf(secret, 'Secret') === object;
}

function endpointWithRole({ own, storage, credentials: needs, component }: AccountState): ProgramViolation[] {
  if (own === undefined) {
    return [];
  }
  const annotations = annotationsOf(own);
  const endpoint = annotations[storage.s3Settings.endpoint.annotation];
  if (endpoint === undefined || annotations[KEYS.eksRoleArn] === undefined) {
    return [];
  }
  const prop = needs.find(({ credentials }) => credentials._facts.identity?.[KEYS.eksRoleArn] !== undefined)?.prop ?? accountProp(component);
  return [violationOf(ENDPOINT_WITH_ROLE, prop, {
    message: `use an IAM role by ServiceAccount '${own.name}', which also has the S3 endpoint ${quote(endpoint)}, so AWS is never asked for the role's keys`,
    fix: `remove the annotation ${storage.s3Settings.endpoint.annotation} for AWS, or use S3Credentials.fromSecret for another store.`,
  })];
}

function importedAccount({ given, own, additions, component }: AccountState): ProgramViolation[] {
  const { annotations, secrets } = additions;
  if (given === undefined || own !== undefined || (Object.keys(annotations).length === 0 && secrets.length === 0)) {
    return [];
  }
  const commands = [
    ...Object.entries(annotations).map(([key, value]) => `the annotation ${key}: ${quote(value)}`),
    ...secrets.map((name) => `the Secret ${quote(name)} in its list \`secrets\``),
  ];
  return [violationOf(IMPORTED_ACCOUNT, accountProp(component), {
    message: `is ServiceAccount ${quote(given.name)} of others, which needs ${commands.join(' and ')}`,
    fix: 'add it there and waive this warning, or leave serviceAccount out and let the service make its own.',
  })];
}

function namespaceProblems({ given, own, component, namespace, credentials: needs }: AccountState): ProgramViolation[] {
  const foreign = (object: ApiObject | undefined) => {
    const other = object?.metadata.namespace;
    const known = other !== undefined && namespace !== undefined && !Deferred.is(other) && !Deferred.is(namespace);
    return known && other !== namespace ? other : undefined;
  };
  const say = (prop: string | undefined, what: string, other: string) => violationOf(OTHER_NAMESPACE, prop, {
    message: `name ${what} of namespace '${other}', but the pods run in '${namespace}'`,
    fix: `make it in namespace '${namespace}'; copy a Secret, since pods cannot reach across namespaces.`,
  });
  const account = given === undefined ? undefined : foreign(own);
  return [
    ...(account === undefined ? [] : [say(accountProp(component), `ServiceAccount '${own!.name}'`, account)]),
    ...needs.flatMap(({ prop, credentials: { _facts: { secret } } }) => {
      const other = secret && foreign(objectOf(secret, 'Secret'));
      return other === undefined ? [] : [say(prop, `Secret '${secret!.name}'`, other)];
    }),
  ];
}

function secretProblems({ prop, credentials: { _facts } }: CredentialNeed, { storage }: AccountState): ProgramViolation[] {
  const { secret, s3Settings = {} } = _facts;
  if (secret === undefined) {
    return [];
  }
  const object = objectOf(secret, 'Secret');
  if (object !== undefined) {
    return keyProblems(prop, object, _facts, storage);
  }
  const wanted = Object.entries(s3Settings);
  return wanted.length === 0 ? [] : [violationOf(IMPORTED_SECRET, prop, {
    message: `name Secret ${quote(secret.name)} of others, which needs ${wanted
      .map(([name, value]) => `the annotation ${storage.s3Settings[name].annotation}: ${quote(value)}`).join(' and ')}`,
    fix: `add it there, or the data key ${wanted.map(([name]) => storage.s3Settings[name].key).join(', ')}, and waive this warning; or make the Secret in this program.`,
  })];
}

function keyProblems(prop: string, object: ApiObject, { secretKeys = [], secretKind }: CredentialFacts, storage: StorageData): ProgramViolation[] {
  const { data = {}, stringData = {} } = manifestOf(object);
  const present = [...Object.keys(data), ...Object.keys(stringData)];
  if (present.length === 0) {
    return []; // filled by others
  }
  const missing = secretKeys.filter((anyOf) => !anyOf.some((key) => present.includes(key)));
  if (missing.length > 0) {
    return [violationOf(SECRET_KEYS, prop, {
      message: `name Secret '${object.name}', which has no ${missing.map((anyOf) => anyOf.join(' or ')).join(' and no ')}; it has ${present.join(', ')}`,
      fix: `name the keys ${secretKeys.map((anyOf) => anyOf[0]).join(', ')}.`,
    })];
  }
  const recognised = storage.credentials.find(({ anyOf }) => anyOf.some((key) => present.includes(key)))?.kind;
  return recognised === secretKind ? [] : [violationOf(SECRET_KEYS, prop, {
    message: `name Secret '${object.name}', which KServe takes for credentials of the kind ${recognised} because of its key ${storage.credentials
      .find(({ kind }) => kind === recognised)!.anyOf.find((key) => present.includes(key))}`,
    fix: 'keep one kind of credentials in each Secret.',
  })];
}

function accountProp(component: string | undefined): string {
  return component === undefined ? 'serviceAccount' : `${component}.serviceAccount`;
}
