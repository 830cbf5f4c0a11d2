import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate, podSchema } from '../../../scripts/generate-pod-spec';
import { documented } from '../../../scripts/pod-spec/docs';
import type { Container, PodSpecOverride } from '../../../src/core/generated/pod-spec';
import { REQUIRED_POD_FIELDS } from '../../../src/core/generated/pod-spec-fields';
import { KServeRelease } from '../../../src/release';
import { crdErrors, describeWithCrds, itWithCrds, schemaPaths, specSchema } from '../../support/crds';
import type { Schema } from '../../support/schema';

const source = (file: string) => readFileSync(join(__dirname, '../../..', file), 'utf8');
const STRUCTS = source('src/core/generated/pod-spec.ts');
const [OLDEST, , , , NEWEST] = ['0.16.0', '0.17.0', '0.18.0', '0.19.0', '0.20.0'];

/** The type of each field of each struct. */
const TYPES = new Map(STRUCTS.split('export interface ').slice(1).map((struct) =>
  [struct.split(' ')[0], new Map([...struct.matchAll(/^ {2}readonly (\w+)\?: (.+);$/gm)].map(([, field, type]) => [field, type]))]));

/** One example of each kind of field. */
const POD: PodSpecOverride = {
  hostPID: true,
  terminationGracePeriodSeconds: 60,
  nodeSelector: { zone: 'a' },
  overhead: { cpu: '250m', memory: 1024 },
  tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists' }],
  volumes: [
    { name: 'scratch', emptyDir: { medium: 'Memory', sizeLimit: '1Gi' } },
    { name: 'claim', ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage: '10Gi' } } } } } },
  ],
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'a' } } }],
};
const CONTAINER: Container = {
  name: 'proxy',
  env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } }],
  resources: { limits: { 'cpu': 1, 'nvidia.com/gpu': '1' } },
  readinessProbe: { httpGet: { port: 'http', path: '/ready' }, periodSeconds: 5 },
  startupProbe: { tcpSocket: { port: 8080 } },
};

describeWithCrds('the structs of a pod', () => {
  test.each(Object.entries(generate()))('%s is what the generator writes', (file, content) => {
    expect(source(file)).toBe(content);
  });

  test('have a field of the right type for every field of a pod in an InferenceService', () => {
    const wrong = (type: string, schema: Schema, path: string): string[] => Object.entries<Schema>(schema.properties).flatMap(([name, child]) => {
      const [at, declared] = [`${path}.${name}`, TYPES.get(type)?.get(name)];
      const element = child.items ?? child;
      if (element.properties) return declared ? wrong(declared.replace('[]', ''), element, at) : [at];
      const plain = { string: 'string', boolean: 'boolean', integer: 'number' }[element.type as string];
      const expected = plain ? [plain, `${plain}[]`, `{ [key: string]: ${plain} }`] : [
        'string | number', 'number | string', '{ [key: string]: string }', '{ [key: string]: string | number }', '{ [key: string]: any }',
      ];
      return expected.includes(declared!) ? [] : [at];
    });

    expect(Object.keys(podSchema(NEWEST).properties)).toHaveLength(40);
    expect(wrong('PodSpecOverride', podSchema(NEWEST), 'pod')).toEqual([]);
  });

  test('serve every place that holds pods or containers', () => {
    const fields = (schema: Schema) => Object.keys(schema.properties);
    const { predictor, transformer, explainer } = specSchema('InferenceService', NEWEST).properties;
    const container = fields(predictor.properties.containers.items);
    const pod = fields(podSchema(NEWEST));

    for (const component of [transformer, explainer]) expect(fields(component)).toEqual(expect.arrayContaining(pod));
    expect(fields(predictor.properties.workerSpec)).toEqual(expect.arrayContaining(pod));
    expect(fields(predictor.properties.model)).toEqual(expect.arrayContaining(container));
    expect(fields(specSchema('ServingRuntime', NEWEST).properties.containers.items)).toEqual(container);
    expect(fields(specSchema('ClusterStorageContainer', NEWEST).properties.container)).toEqual(container);
    expect(fields(specSchema('LLMInferenceService', NEWEST).properties.template)).toEqual(expect.arrayContaining(pod));
  });

  test('make objects that a cluster accepts', () => {
    const service = { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris' } };

    expect(crdErrors({ ...service, spec: { predictor: { ...POD, containers: [CONTAINER] } } }, OLDEST)).toEqual([]);
  });
});

test('every field is optional and documented with its default and the API reference', () => {
  const fields = STRUCTS.match(/^ {2}readonly .*$/gm)!;

  expect(fields.filter((field) => !/^ {2}readonly \w+\?: .+;$/.test(field))).toEqual([]);
  expect(STRUCTS.match(/\n {3}\*\n {3}\* @default \S.*\n {3}\* @see https:\/\/kubernetes\.io\/\S+#\w+-v1-(core|meta)\n {3}\*\/\n {2}readonly /g)).toHaveLength(fields.length);
});

test('no words are kept for fields that do not exist', () => {
  const stale = documented().filter((name) => {
    const [type, field] = name.split('.');
    return !TYPES.get(type === 'PodSpec' ? 'PodSpecOverride' : type)?.has(field);
  });

  expect(stale).toEqual([]);
});

itWithCrds('the fields that a release lacks are those of its data', () => {
  const pod = podSchema(NEWEST).properties;
  const paths = (release: string) => schemaPaths('InferenceService', release)
    .filter((path) => /^predictor\.(?!initContainers)/.test(path) && Object.hasOwn(pod, path.split(/[.[]/)[1]))
    .map((path) => path.slice('predictor.'.length));
  const newest = paths(NEWEST);

  for (const release of ['0.16.0', '0.17.0', '0.18.0', '0.19.0']) {
    const known = new Set(paths(release));
    const lacking = newest.filter((path) => !known.has(path));
    // what is below a field that is lacking goes without saying
    const outermost = lacking.filter((path) => !lacking.some((other) => path.startsWith(`${other}.`) || path.startsWith(`${other}[]`)));
    expect(outermost.sort()).toEqual([...KServeRelease.of(release)._data.podFieldsMissing].sort());
  }
});

describeWithCrds('the required fields', () => {
  const refused = (predictor: object) => crdErrors(
    { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris' }, spec: { predictor } },
    NEWEST,
  );

  test('are required by the cluster', () => {
    expect(REQUIRED_POD_FIELDS).toEqual(expect.arrayContaining(['containers[].name', 'volumes[].name', 'topologySpreadConstraints[].maxSkew']));
    expect(refused({ containers: [{}], volumes: [{ hostPath: {} }] })).toEqual([
      'spec.predictor.containers[0].name: required',
      'spec.predictor.volumes[0].name: required',
      'spec.predictor.volumes[0].hostPath.path: required',
    ]);
  });

  test('do not hold the port of a check, which Knative fills in', () => {
    expect(REQUIRED_POD_FIELDS).not.toContain('containers[].readinessProbe.httpGet.port');
    expect(refused({ containers: [{ name: 'a', readinessProbe: { httpGet: { path: '/' } } }] })).toEqual([]);
  });
});
