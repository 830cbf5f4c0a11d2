import { Deferred } from '../../src/core/deferred';
import { POD_LIST_RULES } from '../../src/target/pod-list-rules';
import { judge, knative, standard, violations } from '../inference/judge';

const MODEL = { modelFormat: { name: 'sklearn' } };
const SPREAD = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' };
const found = (predictor: object) => judge(POD_LIST_RULES, standard(predictor));

test.each<[string, object, string[]]>([
  ['a spread constraint twice', { model: MODEL, topologySpreadConstraints: [SPREAD, { ...SPREAD, maxSkew: 2 }] }, ['topologySpreadConstraints/1']],
  ['spread constraints that differ in what happens', { model: MODEL, topologySpreadConstraints: [SPREAD, { ...SPREAD, whenUnsatisfiable: 'DoNotSchedule' }] }, []],
  ['a spread constraint without a key', { model: MODEL, topologySpreadConstraints: [SPREAD, { maxSkew: 1 }, { maxSkew: 1 }] }, []],
  ['a variable twice', { model: { ...MODEL, env: [{ name: 'A', value: '1' }, { name: 'B' }, { name: 'A', value: '2' }] } }, ['model/env/2']],
  ['a port twice', { model: { ...MODEL, ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP', name: 'h' }] } }, ['model/ports/1']],
  ['a port of two protocols', { model: { ...MODEL, ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }] } }, []],
  ['two mounts at a path', { containers: [{ name: 'a', volumeMounts: [{ name: 'x', mountPath: '/m' }, { name: 'y', mountPath: '/m' }] }] }, ['containers/0/volumeMounts/1']],
  ['a claim twice', { model: { ...MODEL, resources: { claims: [{ name: 'gpu' }, { name: 'gpu' }] } } }, ['model/resources/claims/1']],
  ['one variable in two containers', { containers: [{ name: 'a', env: [{ name: 'A' }] }, { name: 'b', env: [{ name: 'A' }] }] }, []],
  ['a deferred name beside its like', { model: { ...MODEL, env: [{ name: new Deferred('a') }, { name: new Deferred('a') }] } }, []],
])('keys: %s', (_, predictor, at) => {
  expect(found(predictor)).toEqual(at.map((pointer) => `KSV1419 /spec/predictor/${pointer}`));
});

test('the message says what must differ', () => {
  const [{ value, message, fix }] = violations(POD_LIST_RULES, standard({ model: MODEL, topologySpreadConstraints: [SPREAD, SPREAD] }));

  expect([value, message, fix]).toEqual([
    'zone, ScheduleAnyway',
    'has the same topologyKey and whenUnsatisfiable as another entry of topologySpreadConstraints',
    'keep one of the two, or let them differ in topologyKey and whenUnsatisfiable.',
  ]);
});

test.each<[string, object, string[]]>([
  ['volumes', { model: MODEL, volumes: [{ name: 'v' }, { name: 'w' }, { name: 'v' }] }, ['volumes/2']],
  ['containers', { model: MODEL, containers: [{ name: 's' }, { name: 's' }] }, ['containers/1']],
  ['an init container and a container', { model: MODEL, containers: [{ name: 's' }], initContainers: [{ name: 's' }] }, ['initContainers/0']],
  ['ports of a container', { model: { ...MODEL, ports: [{ containerPort: 1, name: 'h' }, { containerPort: 2, name: 'h' }] } }, ['model/ports/1']],
  ['workers', { model: MODEL, workerSpec: { containers: [{ name: 's' }, { name: 's' }] } }, ['workerSpec/containers/1']],
  ['ports of two containers', { containers: [{ name: 'a', ports: [{ containerPort: 1, name: 'h' }] }, { name: 'b', ports: [{ containerPort: 2, name: 'h' }] }] }, []],
  ['ports without names', { model: { ...MODEL, ports: [{ containerPort: 1 }, { containerPort: 2 }] } }, []],
  ['names that are not known yet', { model: MODEL, volumes: [{ name: new Deferred('v') }, { name: new Deferred('v') }] }, []],
])('names: %s', (_, predictor, at) => {
  expect(found(predictor)).toEqual(at.map((pointer) => `KSV1420 /spec/predictor/${pointer}/name`));
});

test('pull secrets repeat in Standard mode only', () => {
  const predictor = { model: MODEL, imagePullSecrets: [{ name: 'registry' }, { name: 'registry' }] };

  expect(judge(POD_LIST_RULES, standard(predictor))).toEqual([]);
  expect(judge(POD_LIST_RULES, knative(predictor))).toEqual(['KSV1420 /spec/predictor/imagePullSecrets/1/name']);
});

test('runtimes and storage containers are judged as well, and a list without keys is not', () => {
  const env = [{ name: 'A', value: '1' }, { name: 'A', value: '2' }];
  const runtime = { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ServingRuntime' };

  expect(judge(POD_LIST_RULES, { ...runtime, spec: { containers: [{ name: 'a', env }, { name: 'a' }] } }))
    .toEqual(['KSV1419 /spec/containers/0/env/1', 'KSV1420 /spec/containers/1/name']);
  expect(judge(POD_LIST_RULES, { ...runtime, kind: 'ClusterStorageContainer', spec: { container: { name: 'a', env } } }))
    .toEqual(['KSV1419 /spec/container/env/1']);
  expect(judge(POD_LIST_RULES, { ...runtime, spec: { builtInAdapter: { env }, containers: [] } })).toEqual([]);
  expect(judge(POD_LIST_RULES, { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', spec: { env } })).toEqual([]);
});
