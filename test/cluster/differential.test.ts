import { ApiObject, ApiObjectProps, App, Chart } from 'cdk8s';
import { Diagnostics, ServingTarget } from '../../src';
import { INFERENCE_GRAPH_RULES } from '../../src/graph/rules';
import { INFERENCE_SERVICE_RULES } from '../../src/inference/rules';
import { TRAINED_MODEL_RULES } from '../../src/model/trained-model-rules';
import { RULES } from '../../src/rules';
import { SERVING_RUNTIME_RULES } from '../../src/runtime/rules';
import { ClusterRule, judgeBy } from '../../src/target/rule-context';
import { KubeObject } from './bench/client';
import { cluster } from './bench/suite';
import { mutants } from './support/mutants';
import {
  GRAPH_MUTATIONS, GRAPHS, RUNTIME_MUTATIONS, RUNTIMES, SERVICE_MUTATIONS, SERVICE_MUTATIONS_OF, SERVICES, TRAINED_MODEL_MUTATIONS, TRAINED_MODELS,
} from './support/mutations';
import { forEachOf } from './support/parallel';
import { factsOf } from './support/programs';

/** How many objects in all, and from which seed: `DIFFERENTIAL=20000 DIFFERENTIAL_SEED=7` for a long run by hand. */
const COUNT = Number(process.env.DIFFERENTIAL ?? 2000);
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20);

/** A runtime that is there already, in the program and in the cluster. */
const BESIDE: KubeObject = {
  apiVersion: 'serving.kserve.io/v1alpha1',
  kind: 'ServingRuntime',
  metadata: { name: 'beside' },
  spec: {
    supportedModelFormats: [{ name: 'beside', version: '1', autoSelect: true, priority: 7 }],
    protocolVersions: ['v2'],
    containers: [{ name: 'kserve-container', image: 'example/server:1' }],
  },
};

const AT_ADMISSION = new Set(RULES.filter(({ severity, origin }) => severity === 'error' && (origin === 'schema' || origin === 'webhook')).map(({ code }) => code));

/** Errors of the library for an object that nobody typed: of admission, and all. */
function verdict(object: KubeObject, rules: ClusterRule[]): { admission: string[]; all: string[] } {
  const app = new App();
  ServingTarget.attach(app, { ...factsOf(cluster()), runtimesComplete: true });
  const chart = new Chart(app, 'chart', { namespace: object.metadata.namespace });
  new ApiObject(chart, 'beside', BESIDE as ApiObjectProps);
  const made = new ApiObject(chart, 'object', object as ApiObjectProps);
  if (object.kind === 'ClusterServingRuntime') {
    Object.assign(made.metadata, { namespace: undefined });
  }
  judgeBy(made, () => rules);
  const all = Diagnostics.of(app).errors().map(({ code }) => code);
  return { admission: all.filter((code) => AT_ADMISSION.has(code)), all };
}

const modeOf = ({ metadata }: KubeObject) => metadata.annotations?.['serving.kserve.io/deploymentMode'];
const classOf = ({ metadata }: KubeObject) => metadata.annotations?.['serving.kserve.io/autoscalerClass'];

/** Without an autoscaler class the webhook looks at no field of scaling; the HorizontalPodAutoscaler then fails, or lacks its metric. */
const unjudged = (object: KubeObject) => modeOf(object) === 'Standard' && classOf(object) === undefined;

/** Where the cluster says nothing at admission, and yet the rule is right: what the object asks for is refused or lost later. */
const LATER: { readonly [code: string]: (object: KubeObject) => boolean } = {
  KSV1511: unjudged,
  KSV1512: unjudged,
  KSV1513: unjudged,
  // Knative's webhook, which sees the ksvc, refuses the containers, the volumes and the target
  KSV1433: (object) => modeOf(object) === 'Knative',
  KSV1909: (object) => modeOf(object) === 'Knative',
  KSV1521: (object) => modeOf(object) === 'Knative',
  // for Knative's class hpa the webhook does not look, and the strategy is lost
  KSV1903: ({ metadata }) => metadata.annotations?.['autoscaling.knative.dev/class'] === 'hpa.autoscaling.knative.dev',
};

/** The webhook overwrites the model with the framework's own field before anything is judged, so the model is lost. */
const isOverwritten = ({ spec }: KubeObject) => spec.predictor?.model !== undefined && spec.predictor.sklearn !== undefined;

const KINDS = {
  InferenceService: {
    share: 0.6,
    valid: SERVICES,
    rules: INFERENCE_SERVICE_RULES,
    mutations: () => [...SERVICE_MUTATIONS, ...SERVICE_MUTATIONS_OF[cluster().kserve] ?? []],
  },
  ServingRuntime: { share: 0.2, valid: RUNTIMES, rules: SERVING_RUNTIME_RULES, mutations: () => RUNTIME_MUTATIONS },
  InferenceGraph: { share: 0.15, valid: GRAPHS, rules: INFERENCE_GRAPH_RULES, mutations: () => GRAPH_MUTATIONS },
  TrainedModel: { share: 0.05, valid: TRAINED_MODELS, rules: TRAINED_MODEL_RULES, mutations: () => TRAINED_MODEL_MUTATIONS },
};

describe('random objects are refused by the library exactly when the cluster refuses them', () => {
  let namespace: string;

  beforeAll(async () => {
    namespace = await cluster().namespace('random');
    await cluster().client.apply({ ...BESIDE, metadata: { ...BESIDE.metadata, namespace } });
  });

  test.each(Object.entries(KINDS))('%s', async (_, { share, valid, rules, mutations }) => {
    const objects = mutants(valid, mutations(), Math.round(COUNT * share), SEED).map((object): KubeObject => ({
      ...object, metadata: { ...object.metadata, ...object.kind === 'ClusterServingRuntime' ? {} : { namespace } },
    }));

    const outcomes = await forEachOf(objects, async (object) => ({
      object, ...verdict(object, rules), refusal: await cluster().refusal(object, { force: true }),
    }), 8);

    const lax = outcomes.filter(({ all, refusal }) => all.length === 0 && refusal !== undefined);
    const strict = outcomes.filter(({ object, admission, refusal }) =>
      refusal === undefined && !isOverwritten(object) && admission.some((code) => !(LATER[code] ?? (() => false))(object)));
    // the smallest differences tell enough
    expect(smallest(lax).map(({ object, refusal }) => ({ object, refusal }))).toEqual([]);
    expect(smallest(strict).map(({ object, admission }) => ({ object, admission }))).toEqual([]);
    expect(outcomes.filter(({ refusal }) => refusal !== undefined).length).toBeGreaterThan(objects.length / 10);
    expect(outcomes.filter(({ refusal }) => refusal === undefined).length).toBeGreaterThan(objects.length / 10);
  });
});

function smallest<T extends { readonly object: KubeObject }>(outcomes: readonly T[]): T[] {
  const size = ({ object }: T) => JSON.stringify(object).length;
  return [...outcomes].sort((a, b) => size(a) - size(b)).slice(0, 5);
}
