import { App, Chart, Yaml } from 'cdk8s';
import { parseAllDocuments } from 'yaml';

/** The manifests of an app or a chart as a cluster reads them: written to YAML and parsed again. */
export function synth(scope: App | Chart): any[] {
  const yaml = scope instanceof App ? scope.synthYaml() : Yaml.stringify(...scope.toJson());
  // cdk8s writes YAML 1.1, which is what Kubernetes reads
  return parseAllDocuments(yaml, { version: '1.1' }).map((document) => document.toJS()).filter((manifest) => manifest !== null);
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
