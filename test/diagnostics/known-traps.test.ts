import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeploymentMode, Explainer, InferenceLogger, InferenceService, InferenceServiceProps, KServeRelease, ModelFormat, ModelSource, Predictor, Scaling,
  Transformer,
} from '../../src';
import { RULES } from '../../src/rules';
import { IRIS } from '../inference/support';
import { chartOn } from '../support/chart';
import { rendered } from '../support/manifests';

/** What keeps users from a manifest that KServe refuses, ignores or gets wrong. */
type Answer =
  /** A rule refuses or warns. */
  | { rules: string[] }
  /** No program that compiles makes it; `types` below shows it. */
  | { types: string }
  /** The library writes the right thing; `written` below shows it. */
  | { written: string }
  /** It cannot be known at synthesis; a page says so. */
  | { docs: string; says: RegExp };

const IDIOMS: { [idiom: string]: Answer } = {
  'explainer.alibi': { rules: ['KSV1401'] },
  'explainer.aix, transformer.custom, predictor.custom': { types: 'no such factories' },
  'spec.canary with spec.canaryTrafficPercent (v1alpha2)': { types: 'no such props' },
  'spec.default.predictor (v1alpha2)': { types: 'no such props' },
  'apiVersion serving.kserve.io/v1alpha2': { written: 'v1beta1' },
  'predictor.traffic': { types: 'no such props' },
  'scaleMetric: qps': { rules: ['KSV1532'] },
  'scaleMetric: cpu in Knative without the class annotation': { written: 'class' },
  'scaleMetric: concurrency in Standard': { rules: ['KSV1511'] },
  'minReplicas, timeout, logger under model': { types: 'component props are beside the model' },
  'autoscaling with a lower-case s': { written: 'autoScaling' },
  'minReplicas: 0 in Standard with HPA': { rules: ['KSV1505'] },
  'autoScaling.behavior with HPA': { rules: ['KSV1515'] },
  'autoscalerClass: kpa': { rules: ['KSV1531'] },
  'annotation targetUtilizationPercentage': { rules: ['KSV1533'] },
  'storageUri of a single file over https': { rules: ['KSV1205', 'KSV1206'] },
  'storageUri with only a directory over https': { rules: ['KSV1205'] },
  'two model files in the source': { docs: 'models-and-storage.md', says: /exactly one|one model file/i },
  'onnx or mlflow without protocolVersion': { written: 'v2' },
  'modelFormat vllm': { rules: ['KSV1721'] },
  'xgboost version 1 from 0.17': { rules: ['KSV1721'] },
  'model.name': { rules: ['KSV1403'] },
  'canary model without a name': { types: 'no such props' },
  'custom predictor with two containers, none named kserve-container': { rules: ['KSV1404'] },
  'model beside a container named kserve-container': { rules: ['KSV1404'] },
  'transformer container with another name': { written: 'kserve-container' },
  'graph with routes, service or a JSONPath condition': { rules: ['KSV2020'] },
  'splitter weights of 99 or 1.0': { rules: ['KSV2007'] },
  'graph data $response.predictions': { rules: ['KSV2019'] },
  'deploymentMode changed on a live object': { docs: 'targets-and-modes.md', says: /can(not| never) change|delete/i },
  'logger without a mode': { written: 'mode' },
  'batcher.timeout': { rules: ['KSV1608', 'KSV1607'] },
  'deploymentStrategy with Knative': { rules: ['KSV1903'] },
  'canaryTrafficPercent in Standard': { rules: ['KSV1904'] },
  'containerConcurrency on a Standard predictor': { rules: ['KSV1504'] },
  'TrainedModel from hf:// or pvc://': { rules: ['KSV1802'] },
};

const TRAPS: { [trap: string]: Answer } = {
  '1 the mode is always explicit': { written: 'mode annotation' },
  '2 scaling on the component, storage on the model': { types: 'component props are beside the model' },
  '3 no name on a model': { rules: ['KSV1403'] },
  '4 logger.mode is required': { written: 'mode' },
  '5 protocol v2 for onnx, mlflow, tensorrt, triton, vLLM': { written: 'v2' },
  '6 runtime, format, version and protocol against the release; case-exact names': { rules: ['KSV1721', 'KSV1722'] },
  '7 Standard: zero replicas, concurrency, behavior': { rules: ['KSV1505', 'KSV1504', 'KSV1515'] },
  '8 Knative: resource metrics, strategy, workers': { rules: ['KSV1511', 'KSV1903', 'KSV1412'] },
  '9 graphs': { rules: ['KSV2003', 'KSV2004', 'KSV2005', 'KSV2007', 'KSV2019', 'KSV2020'] },
  '10 name lengths': { rules: ['KSV1102'] },
  '11 the credentials annotation depends on the installation': { written: 'no annotation' },
  '12 chart names before and after 0.17': { written: 'charts' },
  '13 big CRDs and their conversion webhook': { docs: 'getting-started.md', says: /server-side/i },
  '14 0.20.0 has no multi-node serving': { rules: ['KSV1411'] },
  '15 explainers speak V1 only': { rules: ['KSV1431'] },
  '16 Standard mode has no Service of the name': { written: 'address' },
};

/** A program that must not compile has a line here that expects the compiler's error. */
const TYPES: { [what: string]: () => unknown } = {
  // @ts-expect-error no Explainer.aix
  'no such factories': () => [Explainer.aix, Transformer.custom, Predictor.custom],
  // @ts-expect-error none of these is a prop
  'no such props': (): InferenceServiceProps => ({ predictor: Predictor.fromModel(IRIS), canary: {}, canaryTrafficPercent: 10, default: {}, traffic: [] }),
  // @ts-expect-error a component's fields cannot stand in its model
  'component props are beside the model': () => ModelFormat.of('sklearn', '1', { minReplicas: 2 }),
};

const manifest = (props: Partial<InferenceServiceProps>): any =>
  rendered(new InferenceService(chartOn(), 'iris', { predictor: Predictor.fromModel(IRIS), ...props }));

const WRITTEN: { [what: string]: () => void } = {
  'v1beta1': () => expect(manifest({}).apiVersion).toBe('serving.kserve.io/v1beta1'),
  'class': () => {
    const { predictor } = manifest({
      deploymentMode: DeploymentMode.KNATIVE,
      predictor: Predictor.fromModel({
        ...IRIS,
        scaling: Scaling.cpu({ maxReplicas: 3 }),
      }),
    }).spec;

    expect(predictor.annotations['autoscaling.knative.dev/class']).toBe('hpa.autoscaling.knative.dev');
  },
  'autoScaling': () => expect(JSON.stringify(manifest({
    predictor: Predictor.fromModel({
      ...IRIS,
      scaling: Scaling.keda({ metrics: [] }),
    }),
  }))).toContain('"autoScaling"'),
  'v2': () => {
    for (const format of [ModelFormat.ONNX, ModelFormat.MLFLOW, ModelFormat.TENSORRT, ModelFormat.TRITON, ModelFormat.VLLM]) {
      expect(manifest({ predictor: Predictor.fromModel({ ...IRIS, format }) }).spec.predictor.model.protocolVersion).toBe('v2');
    }
  },
  'kserve-container': () => expect(manifest({ transformer: Transformer.fromContainer({ image: 'a:1' }) }).spec.transformer.containers[0].name).toBe('kserve-container'),
  'mode': () => expect(manifest({ predictor: Predictor.fromModel({ ...IRIS, logger: InferenceLogger.all() }) }).spec.predictor.logger)
    .toEqual({ mode: 'all' }),
  'mode annotation': () => expect(manifest({}).metadata.annotations['serving.kserve.io/deploymentMode']).toBe('Standard'),
  'no annotation': () => expect(JSON.stringify(manifest({ predictor: Predictor.fromModel({ ...IRIS, source: ModelSource.storageKey('k') }) }))).not.toContain('ecretName'),
  'charts': () => expect(KServeRelease.all().map(({ _data }) => _data.charts.controller))
    .toEqual(['kserve', 'kserve-resources', 'kserve-resources', 'kserve-resources', 'kserve-resources']),
  'address': () => expect(new InferenceService(chartOn(), 'iris', { predictor: Predictor.fromModel(IRIS) }).internalUrl)
    .toBe('http://iris-predictor.models.svc.cluster.local'),
};

const docs = join(__dirname, '..', '..', 'docs');

describe.each(Object.entries({ ...IDIOMS, ...TRAPS }))('%s', (_, answer) => {
  if ('rules' in answer) {
    test.each(answer.rules)('is found by %s', (code) => {
      expect(RULES.map((rule) => rule.code)).toContain(code);
    });
  } else if ('written' in answer) {
    test('is written right', () => {
      WRITTEN[answer.written]();
    });
  } else if ('types' in answer) {
    test('does not compile', () => {
      expect(TYPES).toHaveProperty([answer.types]);
    });
  } else {
    test('is told by the docs', () => {
      expect(existsSync(join(docs, answer.docs))).toBe(true);
      expect(readFileSync(join(docs, answer.docs), 'utf8')).toMatch(answer.says);
    });
  }
});
