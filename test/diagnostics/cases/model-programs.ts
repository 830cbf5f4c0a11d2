/** A service with one model. */
export const service = (source: string, props: { predictor?: string; service?: string } = {}) => `
new InferenceService(chart, 'fraud', {${props.service ?? ''}
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,
    source: ${source},${props.predictor ?? ''}
  }),
});
`;

/** A service with several sources. */
export const several = (...mounts: string[]) => `
new InferenceService(chart, 'llm', {
  predictor: Predictor.fromModel({
    format: ModelFormat.HUGGINGFACE,
    sources: [${mounts.map((mount) => `
      ${mount},`).join('')}
    ],
  }),
});
`;

export const on = (release: string, program: string) => `
const app = new App();
ServingTarget.attach(app, { release: KServeRelease.${release} });
const chart = new Chart(app, 'fraud', { namespace: 'fraud' });
${program.trimStart()}`;

export const PINNED = 'ModelSource.s3(\'s3://models/fraud/v3/\')';

export const container = (props: string, id = 'registry') => `
new ClusterStorageContainer(chart, '${id}', {${props}
});
`;
