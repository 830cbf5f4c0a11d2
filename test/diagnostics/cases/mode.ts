import { RuleCase } from '.';

const service = (props: { service?: string; predictor?: string; target?: string } = {}) => `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20${props.target ?? ''} });
const chart = new Chart(app, 'fraud', { namespace: 'fraud' });
const detector = new InferenceService(chart, 'detector', {${props.service ?? ''}
  predictor: Predictor.fromContainer({
    image: 'ghcr.io/acme/detector:1.4.0',${props.predictor ?? ''}
  }),
});
`;

const KNATIVE = `
  deploymentMode: DeploymentMode.KNATIVE,`;

export const MODE_CASES: { [code: string]: RuleCase } = {
  KSV1901: {
    wrong: `${service().trimEnd()}
ApiObject.of(detector).addJsonPatch(
  JsonPatch.replace('/metadata/annotations/serving.kserve.io~1deploymentMode', 'RawDeployment'),
);
`,
    right: service({
      service: `
  deploymentMode: DeploymentMode.STANDARD,`,
    }),
  },
  KSV1902: {
    wrong: service({ service: KNATIVE, target: ', components: { knative: false }' }),
    right: service({ service: KNATIVE, target: ', components: { knative: true }' }),
  },
  KSV1903: {
    wrong: service({
      service: KNATIVE,
      predictor: `
    deploymentStrategy: DeploymentStrategy.recreate(),`,
    }),
    right: service({
      predictor: `
    deploymentStrategy: DeploymentStrategy.recreate(),`,
    }),
  },
  KSV1904: {
    wrong: service({
      service: `
  tagRouting: true,`,
    }),
    right: service({
      service: `${KNATIVE}
  tagRouting: true,`,
    }),
  },
  KSV1905: {
    wrong: service({
      service: `
  labels: { 'networking.knative.dev/visibility': 'cluster-local' },`,
    }),
    right: service({
      service: `
  clusterLocal: true,`,
    }),
  },
  KSV1906: {
    wrong: service({
      target: ', knativeFeatures: { nodeSelector: false }',
      service: KNATIVE,
      predictor: `
    podSpec: { nodeSelector: { 'acme.org/pool': 'gpu' } },`,
    }),
    right: service({
      target: ', knativeFeatures: { nodeSelector: true }',
      service: KNATIVE,
      predictor: `
    podSpec: { nodeSelector: { 'acme.org/pool': 'gpu' } },`,
    }),
  },
  KSV1907: {
    wrong: service({
      service: KNATIVE,
      predictor: `
    timeout: Duration.minutes(30),`,
    }),
    right: service({
      service: KNATIVE,
      predictor: `
    timeout: Duration.minutes(10),`,
    }),
  },
  KSV1908: {
    wrong: service({
      service: KNATIVE,
      predictor: `
    podSpec: { terminationGracePeriodSeconds: 120 },`,
    }),
    right: service({
      service: KNATIVE,
      predictor: `
    timeout: Duration.seconds(120),`,
    }),
  },
  KSV1909: {
    wrong: service({
      service: KNATIVE,
      predictor: `
    podSpec: { volumes: [{ name: 'lookup', configMap: { name: 'lookup' } }] },`,
    }),
    right: service({
      service: KNATIVE,
      predictor: `
    podSpec: { volumes: [{ name: 'lookup', configMap: { name: 'lookup' } }] },
    volumeMounts: [{ name: 'lookup', mountPath: '/etc/lookup', readOnly: true }],`,
    }),
  },
};
