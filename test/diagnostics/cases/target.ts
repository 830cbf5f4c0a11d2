import { RuleCase } from '.';

export const TARGET_CASES: { [code: string]: RuleCase } = {
  KSV1001: {
    wrong: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.of('0.15.0') });
`,
    right: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.of('0.20.0') });
`,
  },
  KSV1002: {
    wrong: `
const app = new App();
const chart = new Chart(app, 'fraud', { namespace: 'fraud' });
new InferenceService(chart, 'detector', {
  predictor: Predictor.fromContainer({ image: 'ghcr.io/acme/detector:1.4.0' }),
});
ServingTarget.attach(app, { release: KServeRelease.V0_19 });
`,
    right: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_19 });
const chart = new Chart(app, 'fraud', { namespace: 'fraud' });
new InferenceService(chart, 'detector', {
  predictor: Predictor.fromContainer({ image: 'ghcr.io/acme/detector:1.4.0' }),
});
`,
  },
  KSV1003: {
    wrong: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });
const chart = new Chart(app, 'fraud', { namespace: 'fraud' });
ServingTarget.attach(chart, { release: KServeRelease.V0_19 });
`,
    right: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });
const chart = new Chart(app, 'fraud', { namespace: 'fraud' });
ServingTarget.attach(chart, { deploymentMode: DeploymentMode.KNATIVE });
`,
  },
  KSV1004: {
    wrong: `
const app = new App();
const chart = new Chart(app, 'fraud', { namespace: 'fraud' });
new InferenceService(chart, 'detector', {
  predictor: Predictor.fromContainer({ image: 'ghcr.io/acme/detector:1.4.0' }),
});
ServingTarget.of(app);
`.replace('ServingTarget.of(app);\n', ''),
    right: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });
const chart = new Chart(app, 'fraud', { namespace: 'fraud' });
new InferenceService(chart, 'detector', {
  predictor: Predictor.fromContainer({ image: 'ghcr.io/acme/detector:1.4.0' }),
});
`,
  },
  KSV1005: {
    wrong: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });
const chart = new Chart(app, 'fraud');
new InferenceService(chart, 'detector', {
  predictor: Predictor.fromContainer({ image: 'ghcr.io/acme/detector:1.4.0' }),
});
`,
    right: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });
const chart = new Chart(app, 'fraud', { namespace: 'fraud' });
new InferenceService(chart, 'detector', {
  predictor: Predictor.fromContainer({ image: 'ghcr.io/acme/detector:1.4.0' }),
});
`,
  },
  KSV1006: {
    wrong: `
Diagnostics.of(chart).waive('KSV1907', '');
`,
    right: `
Diagnostics.of(chart).waive('KSV1907', 'max-revision-timeout-seconds is 1800 on our clusters');
`,
  },
  KSV1007: {
    wrong: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });
ServingTarget.attach(app, { release: KServeRelease.V0_20, cluster: 'east' });
`,
    right: `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });
const east = new Chart(app, 'east');
ServingTarget.attach(east, { release: KServeRelease.V0_20, cluster: 'east' });
`,
  },
};
