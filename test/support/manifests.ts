import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import { IConstruct } from 'constructs';
import { parseAllDocuments } from 'yaml';
import { Acceptance, diagnose, expectClusterAccepts } from './accepted';

/** The YAML of an app, all of whose objects a cluster accepts. */
export function synthYaml(app: App, acceptance?: Acceptance): string {
  const yaml = app.synthYaml();
  expectClusterAccepts(app, acceptance);
  return yaml;
}

/** The manifests of an app or a chart as a cluster reads them: written to YAML and parsed again. A cluster accepts them all. */
export function synth(scope: App | Chart, acceptance?: Acceptance): any[] {
  const yaml = scope instanceof App ? scope.synthYaml() : Yaml.stringify(...scope.toJson());
  expectClusterAccepts(scope, acceptance);
  // cdk8s writes YAML 1.1, which is what Kubernetes reads
  return parseAllDocuments(yaml, { version: '1.1' }).map((document) => document.toJS()).filter((manifest) => manifest !== null);
}

/** The manifest of an object, or of a construct's main one. A cluster accepts it unless the library itself refuses it. */
export function rendered(construct: IConstruct, acceptance?: Acceptance): any {
  const object = ApiObject.of(construct);
  diagnose(object, acceptance);
  return object.toJson();
}

/** The only manifest of a kind, or of a kind and name. */
export function find(manifests: any[], kind: string, name?: string): any {
  const found = manifests.filter((manifest) => manifest.kind === kind && (name === undefined || manifest.metadata.name === name));
  if (found.length !== 1) {
    const all = manifests.map((manifest) => `${manifest.kind}/${manifest.metadata.name}`).join(', ') || 'nothing';
    throw new Error(`${found.length} manifests are ${kind}/${name ?? '*'} in ${all}`);
  }
  return found[0];
}
