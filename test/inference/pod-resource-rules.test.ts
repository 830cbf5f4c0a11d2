import { judge, knative, standard, violations } from './judge';
import { Deferred } from '../../src/core/deferred';
import { POD_RESOURCE_RULES } from '../../src/inference/pod-resource-rules';

const amounts = (cpu: string, memory = '1Gi') => ({ cpu, memory });
const container = (requests: object, limits: object = requests, further = {}) => ({ name: 'kserve-container', image: 'server', resources: { requests, limits }, ...further });
const ONE = container(amounts('1'));

test.each<[string, object, string[]]>([
  ['requests above the sum', { containers: [ONE, { ...ONE, name: 'b' }], resources: { requests: amounts('3', '2Gi') } }, []],
  ['requests of the sum', { containers: [ONE, { ...ONE, name: 'b' }], resources: { requests: amounts('2', '2Gi') } }, []],
  ['requests below the sum', { containers: [ONE, { ...ONE, name: 'b' }], resources: { requests: amounts('1', '1Gi') } }, ['requests/cpu', 'requests/memory']],
  ['limits below the sum', { containers: [container(amounts('1'), amounts('2')), { ...container(amounts('1'), amounts('2')), name: 'b' }], resources: { limits: { cpu: '3' } } }, []],
  ['a limit below that of a container', { containers: [container(amounts('1'), amounts('4'))], resources: { limits: { cpu: '3' } } }, ['limits/cpu']],
  ['a limit below the sum, without a request', { containers: [ONE, { ...ONE, name: 'b' }], resources: { limits: { cpu: '1500m' } } }, ['limits/cpu']],
  ['a request above the limit', { containers: [ONE], resources: { requests: { cpu: '3' }, limits: { cpu: '2' } } }, ['requests/cpu']],
  ['below the default of a model', { model: { modelFormat: { name: 'sklearn' } }, resources: { requests: { cpu: '500m' } } }, ['requests/cpu']],
  ['a limit for a missing request', { containers: [ONE, { name: 'b', resources: { limits: { cpu: '2' } } }], resources: { requests: { cpu: '2' } } }, ['requests/cpu']],
  ['a runtime whose requests are not known', { model: { modelFormat: { name: 'sklearn' }, runtime: 'acme' }, resources: { requests: { cpu: '500m' } } }, []],
  ['an init container larger than all', { containers: [ONE], initContainers: [container(amounts('3'), amounts('3'), { name: 'i' })], resources: { requests: { cpu: '2' } } }, ['requests/cpu']],
  ['the limit of an init container', { containers: [ONE], initContainers: [container(amounts('1'), amounts('3'), { name: 'i' })], resources: { limits: { cpu: '2' } } }, []],
  ['a sidecar', { containers: [ONE], initContainers: [container(amounts('1'), amounts('1'), { name: 'i', restartPolicy: 'Always' })], resources: { requests: { cpu: '1500m' } } }, ['requests/cpu']],
  ['other resources', { containers: [ONE], resources: { limits: { 'nvidia.com/gpu': '1', 'hugepages-2Mi': '4Mi' }, requests: { 'ephemeral-storage': '1Gi' } } }, ['requests/ephemeral-storage', 'limits/nvidia.com~1gpu']],
  ['claims', { containers: [ONE], resources: { claims: [{ name: 'gpu' }] } }, ['claims']],
  ['an amount that is not known yet', { containers: [ONE], resources: { requests: { cpu: new Deferred('cpu') } } }, []],
  ['a container whose amount is not known yet', { containers: [container({ cpu: new Deferred('cpu') })], resources: { requests: { cpu: '100m' } } }, []],
])('%s', (_, predictor, at) => {
  expect(judge(POD_RESOURCE_RULES, standard(predictor))).toEqual(at.map((pointer) => `KSV1425 /spec/predictor/resources/${pointer}`));
});

test('workers have a pod of their own', () => {
  const predictor = {
    model: { modelFormat: { name: 'huggingface' } },
    workerSpec: { containers: [{ name: 'worker-container', resources: { requests: { cpu: '2' } } }], resources: { requests: { cpu: '1' } } },
    resources: { requests: { cpu: '1' } },
  };

  expect(judge(POD_RESOURCE_RULES, standard(predictor))).toEqual(['KSV1425 /spec/predictor/workerSpec/resources/requests/cpu']);
});

test('Knative drops them', () => {
  expect(judge(POD_RESOURCE_RULES, knative({ containers: [ONE], resources: { requests: { cpu: '1m' } } }))).toEqual([]);
});

test('the message says how much it takes', () => {
  const [cpu, memory] = violations(POD_RESOURCE_RULES, standard({
    containers: [container(amounts('250m', '1536Mi')), { ...ONE, name: 'b' }], resources: { requests: { cpu: '1', memory: '1Gi' } },
  }));

  expect(cpu.message).toBe('is below the 1250m that the containers request together');
  expect(memory.fix).toBe('request at least 3Gi, or less in the containers.');
});
