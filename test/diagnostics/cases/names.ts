import { RuleCase } from '.';

const service = (id: string, props = '', scope = 'chart') => `
new InferenceService(${scope}, '${id}', {${props}
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,
    source: ModelSource.gcs('gs://kfserving-examples/models/sklearn/1.0/model'),
  }),
});
`;

const onTarget = (target: string, namespace: string, rest: string) => `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20${target} });
const chart = new Chart(app, 'models', { namespace: '${namespace}' });
${rest.trim()}
`;

export const NAMES_CASES: { [code: string]: RuleCase } = {
  KSV1101: {
    wrong: service('Fraud_Detector'),
    right: service('fraud-detector'),
  },
  KSV1102: {
    wrong: service('customer-churn-prediction-for-the-european-market'),
    right: service('customer-churn-prediction-eu'),
  },
  KSV1103: {
    wrong: `${service('blue', `
  name: 'fraud-detector',`).trimEnd()}
${service('green', `
  name: 'fraud-detector',`).trim()}
`,
    right: `${service('blue', `
  name: 'fraud-detector-blue',`).trimEnd()}
${service('green', `
  name: 'fraud-detector-green',`).trim()}
`,
  },
  KSV1104: {
    wrong: onTarget('', 'kserve', service('iris')),
    right: onTarget('', 'models', service('iris')),
  },
  KSV1105: {
    wrong: onTarget(', domainTemplate: \'{{ .Name }}.{{ .Annotations.team }}.{{ .IngressDomain }}\'', 'models', service('iris')),
    right: onTarget(', domainTemplate: \'{{ .Name }}.{{ .Namespace }}.{{ .IngressDomain }}\'', 'models', service('iris')),
  },
  KSV1106: {
    wrong: `${service('fraud').trimEnd()}
${service('fraud-predictor').trim()}
`,
    right: `${service('fraud').trimEnd()}
${service('fraud-scores').trim()}
`,
  },
};
