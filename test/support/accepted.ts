import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { CRDS_AVAILABLE, crdErrors, itWithCrds } from './crds';
import { Diagnostics, Finding, KServeRelease, ServingTarget } from '../../src';
import { stepsOf } from '../../src/core/cause';
import { Deferred } from '../../src/core/deferred';
import { causesOf, ManifestObject } from '../../src/core/manifest';

/** What a test says of the objects that it makes. */
export interface Acceptance {
  /**
   * Why the schema of a CRD refuses them, on purpose. The test fails when it
   * accepts them all.
   *
   * @default - every object is one that a cluster accepts
   */
  readonly refusedBecause?: string;
}

if (!CRDS_AVAILABLE) {
  // one line in each test file that would have checked its objects
  itWithCrds('the objects that these tests make are what a cluster accepts', () => undefined);
}

/** The kinds that tests make up to have a construct of their own. */
const MADE_UP = 'acme.org/';

/** Fails when a cluster of its release refuses an object that a construct and those below it render. */
export function expectClusterAccepts(scope: IConstruct, { refusedBecause }: Acceptance = {}): void {
  const objects = objectsIn(scope);
  objects.forEach(expectCausesFit);
  if (!CRDS_AVAILABLE) return;
  const refused = objects.flatMap(reasons);
  if (refusedBecause === undefined) {
    expect(refused).toEqual([]);
  } else if (refused.length === 0) {
    throw new Error(`a cluster accepts everything in '${scope.node.path}', although ${refusedBecause}`);
  }
}

/** What the library finds in a program. Where none is an error, every object is one that a cluster accepts. */
export function diagnose(scope: IConstruct, acceptance?: Acceptance): Finding[] {
  const findings = Diagnostics.of(scope).all();
  if (findings.some(({ severity }) => severity === 'error')) objectsIn(scope).forEach(expectCausesFit);
  else expectClusterAccepts(scope, acceptance);
  return findings;
}

function objectsIn(scope: IConstruct): ApiObject[] {
  return scope.node.findAll().filter(ApiObject.isApiObject) as ApiObject[];
}

/** What the props of an object caused must stand in its manifest: the same code renders both. */
function expectCausesFit(object: ApiObject): void {
  if (!(object instanceof ManifestObject)) return;
  const manifest = object._read().manifest; // without JSON patches
  const unknown = [...causesOf(object).keys()].filter((pointer) => valueAt(manifest, pointer) === undefined);
  expect({ object: object.node.path, unknown }).toEqual({ object: object.node.path, unknown: [] });
}

function valueAt(manifest: any, pointer: string): unknown {
  return stepsOf(pointer).reduce((parent, step) => parent?.[step], manifest);
}

function reasons(object: ApiObject): string[] {
  if (object.apiVersion.startsWith(MADE_UP)) return [];
  return crdErrors(object.toJson(), releaseOf(object))
    .filter((error) => !Deferred.is(error)) // judged when the value is there
    .map((error) => `${object.node.path} ${error}`);
}

/** Only constructs of KServe's kinds have asked for their target; asking for others would change what a test sees. */
function releaseOf(object: ApiObject): string {
  return (object.apiGroup === 'serving.kserve.io' ? ServingTarget.of(object).release : KServeRelease.LATEST).version;
}
