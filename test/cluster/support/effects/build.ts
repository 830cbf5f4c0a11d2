import { ApiObject, App, Chart, Size } from 'cdk8s';
import {
  ClusterServingRuntime, ClusterStorageContainer, Diagnostics, Explainer, GraphNode, InferenceGraph, InferenceService, InferenceServiceProps,
  KnativeFeatures,
  ModelFormat, ModelSource, Predictor, ServingRuntime, ServingTarget, Step, TrainedModel, Transformer,
} from '../../../../src';
import { KubeObject } from '../../bench/client';
import { ClusterHandle } from '../../bench/handle';
import { factsOf } from '../programs';
import { sklearn } from '../service';
import { EffectProgram, Fields, Shape } from './program';

/** A program with what the library says of it, and what it makes. */
export interface BuiltProgram {
  readonly name: string;
  readonly shape: Shape;
  /** In the order in which they are applied. */
  readonly objects: KubeObject[];
  /** The service or graph. */
  readonly main: KubeObject;
  readonly errors: string[];
  readonly warnings: string[];
}

/** Knative's flags as it comes. */
const BY_DEFAULT: KnativeFeatures = {
  affinity: false,
  nodeSelector: false,
  tolerations: false,
  topologySpreadConstraints: false,
  initContainers: false,
  persistentVolumeClaim: false,
  persistentVolumeWrite: false,
  hostPath: false,
  csi: false,
  imageVolume: false,
  securityContext: false,
  addCapabilities: false,
  runtimeClassName: false,
  schedulerName: false,
  priorityClassName: false,
  hostAliases: false,
  hostNetwork: false,
  hostIpc: false,
  hostPid: false,
  dnsPolicy: false,
  dnsConfig: false,
  shareProcessNamespace: false,
  fieldRef: false,
};

const service = (chart: Chart, name: string, props: Partial<InferenceServiceProps>) =>
  new InferenceService(chart, name, { predictor: sklearn(), ...props });

const RUNTIME = { formats: [{ name: 'given', version: '1', autoSelect: true }], container: { image: 'example/runtime:1' } };
const ofRuntime = (runtime: ServingRuntime | ClusterServingRuntime) =>
  ({ predictor: Predictor.fromModel({ format: ModelFormat.of('given'), runtime, source: ModelSource.gcs('gs://bench/given') }) });

const SHAPES: { readonly [shape in Shape]: (chart: Chart, name: string, props: any) => unknown } = {
  service,
  model: (chart, name, props) => service(chart, name, { predictor: sklearn(props) }),
  server: (chart, name, props) => service(chart, name, { predictor: Predictor.fromContainer({ image: 'example/server:1', ...props }) }),
  transformer: (chart, name, props) => service(chart, name, { transformer: Transformer.fromContainer({ image: 'example/transformer:1', ...props }) }),
  explainer: (chart, name, props) => service(chart, name, { explainer: Explainer.fromContainer({ image: 'example/explainer:1', ...props }) }),
  art: (chart, name, props) => service(chart, name, { explainer: Explainer.art(props) }),
  collocated: (chart, name, props) => service(chart, name, { transformer: Transformer.collocated({ image: 'example/transformer:1', ...props }) }),
  workers: (chart, name, props) => service(chart, name, {
    predictor: Predictor.fromWorkers({ format: ModelFormat.HUGGINGFACE, source: ModelSource.pvcNamed('models'), workers: {}, ...props }),
  }),
  graph: (chart, name, props) => new InferenceGraph(chart, name, { root: GraphNode.sequence([Step.toUrl('http://a', { name: 'a' })]), ...props }),
  runtime: (chart, name, props) => service(chart, name, ofRuntime(new ServingRuntime(chart, `${name}-runtime`, { ...RUNTIME, ...props }))),
  clusterRuntime: (chart, name, props) =>
    service(chart, name, ofRuntime(new ClusterServingRuntime(chart, `${chart.namespace}-${name}`, { ...RUNTIME, ...props }))),
  storageContainer: (chart, name, props) => {
    const prefix = `${chart.namespace}-${name}://`;
    new ClusterStorageContainer(chart, `${chart.namespace}-${name}`, { prefixes: [prefix], image: 'example/base:1', ...props });
    return service(chart, name, { predictor: sklearn({ source: ModelSource.uri(`${prefix}model`) }) });
  },
  trainedModel: (chart, name, { isTrained }) => {
    const predictor = Predictor.fromModel({ format: ModelFormat.SKLEARN, resources: { memory: { limit: Size.gibibytes(2) } } });
    const inferenceService = service(chart, name, { predictor });
    if (isTrained) {
      new TrainedModel(chart, 'Model', {
        name: 'given-model',
        inferenceService,
        source: ModelSource.gcs('gs://given/trained'),
        framework: ModelFormat.SKLEARN,
        memory: Size.mebibytes(199),
      });
    }
  },
};

/** What comes before services, and after them. */
const ORDER = [
  'Secret', 'ServiceAccount', 'ServingRuntime', 'ClusterServingRuntime', 'ClusterStorageContainer', 'PodDisruptionBudget', 'InferenceService', 'TrainedModel',
];

/** Builds a program of some props, for the cluster of this run. Warnings are those on these props, not those of every service. */
export function build(cluster: ClusterHandle, namespace: string, name: string, shape: Shape, props: EffectProgram['props']): BuiltProgram {
  const app = new App();
  ServingTarget.attach(app, { ...factsOf(cluster), knativeFeatures: BY_DEFAULT });
  const chart = new Chart(app, 'chart', { namespace });
  SHAPES[shape](chart, name, typeof props === 'function' ? props(chart) : props);
  const objects: KubeObject[] = app.node.findAll().flatMap((node) => ApiObject.isApiObject(node) ? [(node as ApiObject).toJson()] : []);
  return {
    name,
    shape,
    objects: objects.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind)),
    main: objects.find(({ kind }) => kind === 'InferenceService' || kind === 'InferenceGraph')!,
    errors: Diagnostics.of(app).errors().map(({ code }) => code),
    warnings: Diagnostics.of(app).warnings().map(({ code }) => code),
  };
}

/** Several programs of a shape in one, unless they set the same prop. */
export function merged(a: Fields, b: Fields): Fields | undefined {
  const both: { [prop: string]: unknown } = { ...a };
  for (const [key, value] of Object.entries(b)) {
    if (!(key in a)) {
      both[key] = value;
    } else if (isPlain(a[key]) && isPlain(value)) {
      const inner = merged(a[key], value as Fields);
      if (inner === undefined) {
        return undefined;
      }
      both[key] = inner;
    } else {
      return undefined;
    }
  }
  return both;
}

function isPlain(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
