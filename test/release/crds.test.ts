import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KServeRelease } from '../../src/release';
import type { Abilities } from '../../src/release/abilities';
import type { ReleaseData } from '../../src/release/data';
import type { RuntimeData } from '../../src/release/runtime-data';
import { findCrd } from '../support/crd-files';
import { CRDS_DIR, describeWithCrds, expectAccepted, schemaPaths, specSchema } from '../support/crds';

const RELEASES = KServeRelease.all();

interface Kind {
  readonly plural: string;
  readonly versions: string[];
  readonly version: string;
  readonly namespaced: boolean;
}

/** The kinds that the CRD files of a release define, in the form of the release data. */
function kindsInCrds(release: string): { [kind: string]: Kind } {
  const folder = join(CRDS_DIR, 'kserve', `v${release}`);
  return Object.fromEntries(readdirSync(folder).map((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const kind = /^    kind: (\w+)$/m.exec(text)![1];
    const crd = findCrd('serving.kserve.io', kind, { kserve: `v${release}` })!;
    // in every version `storage` stands after `name`, both at the outermost indentation
    const lines = [...text.matchAll(/^ {2,6}(?:- )?(?:name|storage): (v\d\w*|true|false)$/gm)].map(([, value]) => value);
    return [kind, {
      plural: /^    plural: (\w+)$/m.exec(text)![1],
      versions: crd.versions.filter(({ served }) => served).map(({ name }) => name),
      version: lines[lines.indexOf('true') - 1],
      namespaced: crd.scope === 'Namespaced',
    }];
  }));
}

function hasField(kind: string, path: string): (release: string) => boolean {
  return (release) => schemaPaths(kind, release).includes(path);
}

/** Abilities that the schema alone decides. */
const FIELDS: [keyof Abilities, (release: string) => boolean][] = [
  ['storageUris', hasField('InferenceService', 'predictor.storageUris')],
  ['canaryPredictors', hasField('InferenceService', 'canary')],
  ['canaryModelNameRequired', (release) => {
    const canary = specSchema('InferenceService', release).properties?.canary?.items;
    return canary?.properties?.predictor.properties?.model.required?.includes('name') ?? false;
  }],
  ['predictorName', hasField('InferenceService', 'predictor.name')],
  ['storageContainerName', hasField('InferenceService', 'predictor.storageContainerName')],
  ['confidential', hasField('InferenceService', 'predictor.model.confidential')],
  ['loggerMarshaller', hasField('InferenceService', 'predictor.logger.marshallerUrl')],
  ['loggerBatching', hasField('InferenceService', 'predictor.logger.batchSize')],
  ['loggerBatching', hasField('InferenceService', 'predictor.logger.batchInterval')],
  ['runtimeSchedulerName', hasField('ServingRuntime', 'schedulerName')],
  ['runtimeSchedulerName', hasField('ClusterServingRuntime', 'schedulerName')],
  ['localModelNamespaces', hasField('LocalModelCache', 'serviceAccountName')],
  ['localModelNamespaces', (release) => findCrd('serving.kserve.io', 'LocalModelNamespaceCache', { kserve: `v${release}` }) !== undefined],
  ['localModelForLlm', (release) =>
    'llmInferenceServices' in findCrd('serving.kserve.io', 'LocalModelCache', { kserve: `v${release}` })!.versions[0].schema.properties!.status.properties!],
  ['llmScaling', hasField('LLMInferenceService', 'scaling')],
  ['llmStorageInitializer', hasField('LLMInferenceService', 'storageInitializer.enabled')],
  ['llmSchedulerConfig', hasField('LLMInferenceService', 'router.scheduler.config')],
  ['llmGatewaySectionName', hasField('LLMInferenceService', 'router.gateway.refs[].sectionName')],
  ['llmLoraLimits', hasField('LLMInferenceService', 'model.lora.maxRank')],
  ['llmTrafficGroups', hasField('LLMInferenceService', 'router.route.group')],
  ['llmKvCacheOffloading', hasField('LLMInferenceService', 'kvCacheOffloading')],
  ['llmTracing', hasField('LLMInferenceService', 'tracing')],
];

/** Every path of the pod part of a predictor; the fields of an init container count as a container's. */
function podPaths(release: string): Set<string> {
  // `template` of an LLM service is a pod spec and nothing else, so it tells a predictor's pod fields from KServe's own
  const fields = RELEASES.flatMap(({ version }) => Object.keys(specSchema('LLMInferenceService', version).properties!.template.properties!));
  const podFields = new Set(fields);
  return new Set(schemaPaths('InferenceService', release)
    .filter((path) => path.startsWith('predictor.'))
    .map((path) => path.slice('predictor.'.length))
    .filter((path) => podFields.has(/^\w+/.exec(path)![0]))
    .map((path) => path.replace(/^initContainers/, 'containers')));
}

/** Of several paths the ones that are below no other. */
function topmost(paths: string[]): string[] {
  return paths.filter((path) => !paths.some((other) => other !== path && (path.startsWith(`${other}.`) || path.startsWith(`${other}[]`))));
}

function asManifest(runtime: RuntimeData, { kinds }: ReleaseData): object {
  const { name, formats, protocols, image, container, volumes, worker } = runtime;
  const reference = `${image.repository}:${image.tag}`;
  return {
    apiVersion: `serving.kserve.io/${kinds.ClusterServingRuntime.version}`,
    kind: 'ClusterServingRuntime',
    metadata: { name },
    spec: {
      supportedModelFormats: formats,
      protocolVersions: protocols,
      containers: [{ name: 'kserve-container', image: reference, ...container }],
      volumes,
      workerSpec: worker && {
        pipelineParallelSize: worker.pipelineParallelSize.helm,
        tensorParallelSize: worker.tensorParallelSize,
        containers: [{ name: worker.containerName, image: reference, ...worker.container }],
        volumes: worker.volumes,
      },
    },
  };
}

describeWithCrds('the CRDs agree with the release data', () => {
  describe.each(RELEASES.map((release) => [release.version, release._data] as const))('of %s', (version, data) => {
    test('about kinds, their names, versions and scopes', () => {
      expect(data.kinds).toEqual(kindsInCrds(version));
    });

    test.each(FIELDS)('about %s', (ability, inSchema) => {
      expect(inSchema(version)).toBe(data.abilities[ability]);
    });

    test('about pod fields that are missing', () => {
      const own = podPaths(version);
      const known = new Set(RELEASES.flatMap((release) => [...podPaths(release.version)]));

      expect(topmost([...known].filter((path) => !own.has(path))).sort()).toEqual([...data.podFieldsMissing].sort());
    });

    test('about framework fields', () => {
      const fields = Object.entries<any>(specSchema('InferenceService', version).properties!.predictor.properties!)
        .filter(([name, { properties }]) => properties?.protocolVersion && name !== 'model')
        .map(([name]) => name);

      expect(Object.keys(data.protocols.frameworks).sort()).toEqual(fields.sort());
    });

    test('about scale metrics', () => {
      expect([...data.scaleMetrics].sort()).toEqual([...specSchema('InferenceService', version).properties!.predictor.properties!.scaleMetric.enum!].sort());
    });

    test('and accept every built-in runtime', () => {
      expectAccepted(Object.values(data.runtimes).map((runtime) => asManifest(runtime, data)), version);
    });
  });

  test('in as many releases as there are', () => {
    const known = RELEASES.map(({ version }) => `v${version}`);

    expect(readdirSync(join(CRDS_DIR, 'kserve')).filter((folder) => known.includes(folder))).toEqual(known);
  });
});
