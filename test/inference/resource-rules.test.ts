import { judge, standard } from './judge';
import { RESOURCE_RULES } from '../../src/inference/resource-rules';

const found = (predictor: object) => judge(RESOURCE_RULES, standard(predictor)).filter((finding) => finding.startsWith('KSV1421'));
const model = (resources: object, further = {}) => ({ model: { modelFormat: { name: 'sklearn' }, resources, ...further } });

test.each<[string, object, string[]]>([
  ['a limit below the default request', model({ limits: { memory: '1Gi' } }), ['KSV1421 /spec/predictor/model/resources/limits/memory']],
  ['a limit below the default request of a container', { containers: [{ name: 'kserve-container', image: 'server', resources: { limits: { cpu: '500m' } } }] },
    ['KSV1421 /spec/predictor/containers/0/resources/limits/cpu']],
  ['a request above the default limit', model({ requests: { memory: '4Gi' } }), ['KSV1421 /spec/predictor/model/resources/requests/memory']],
  ['a limit with a request', model({ limits: { memory: '1Gi' }, requests: { memory: '512Mi' } }), []],
  ['a limit of the default', model({ limits: { memory: '2Gi', cpu: '1' } }), []],
  ['a limit on a runtime whose requests are not known', model({ limits: { memory: '1Gi' } }, { runtime: 'acme-server' }), []],
])('%s', (_, predictor, findings) => {
  expect(found(predictor)).toEqual(findings);
});
