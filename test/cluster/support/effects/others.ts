import { Duration, Size } from 'cdk8s';
import { Cpu, EnvValue, Secret, ServiceAccount } from 'cdk8s-plus-28';
import { GraphNode, InferenceProtocol, OnError, Placement, Scaling, ServerType, Step, StepInput } from '../../../../src';
import { EffectProgram } from './program';

const graph = (props: EffectProgram['props'], shows: EffectProgram['shows'], as?: string): EffectProgram => ({ shape: 'graph', props, shows, as });
const url = (name: string, options: object = {}) => Step.toUrl(`http://${name}`, { name, ...options });
const root = (node: GraphNode, shows: EffectProgram['shows']) => graph({ root: node }, shows);

/** Graphs: nodes and steps are arguments of the router. */
const GRAPHS: EffectProgram[] = [
  root(GraphNode.sequence([url('a'), url('given-step', { input: StepInput.PREVIOUS, onError: OnError.CONTINUE, mapPredictionsToInstances: true })]), {
    'InferenceGraphProps.root': /given-step/,
    'StepOptions.name': /given-step/,
    'StepOptions.input': /\$response/,
    'StepOptions.onError': /Soft/,
    'StepOptions.mapPredictionsToInstances': /mapPredictionsToInstances/,
  }),
  root(GraphNode.splitter([url('a', { weight: 29 }), url('b', { weight: 71 })]), { 'StepOptions.weight': /"weight":29/ }),
  root(GraphNode.sequence([url('a'), Step.toNode(GraphNode.ensemble([url('b')], { name: 'given-node' }))]), { 'GraphNodeOptions.name': /given-node/ }),
  graph({ root: GraphNode.sequence([Step.toNodeNamed('other-node')]), nodes: { 'other-node': GraphNode.sequence([url('b')]) } }, { 'InferenceGraphProps.nodes': /other-node/ }),
  graph({ labels: { 'acme.org/label': 'graph' } }, { 'InferenceGraphProps.labels': /acme\.org\/label = graph/ }),
  graph({ annotations: { 'acme.org/note': 'graph' } }, { 'InferenceGraphProps.annotations': /acme\.org\/note = graph/ }),
  graph({ clusterLocal: true }, { 'InferenceGraphProps.clusterLocal': /visibility = cluster-local|status \.url/ }),
  graph({ resources: { cpu: { request: Cpu.millis(101), limit: Cpu.millis(303) } } }, { 'InferenceGraphProps.resources': /limits\.cpu = 303m/ }),
  graph({ scaling: Scaling.cpu({ minReplicas: 2, maxReplicas: 4, targetUtilization: 66 }) }, { 'InferenceGraphProps.scaling': /(averageUtilization|target) = 66|minReplicas = 2/ }, 'cpu'),
  graph({ scaling: Scaling.concurrency({ minReplicas: 2, maxReplicas: 4, target: 6 }) }, { 'InferenceGraphProps.scaling': /target = 6/ }, 'concurrency'),
  graph({ placement: Placement.of({ nodeSelector: { 'kubernetes.io/os': 'linux' }, tolerations: [{ key: 'example.com/graph', operator: 'Exists' }] }) }, {
    'InferenceGraphProps.placement': /nodeSelector\.kubernetes\.io\/os = linux/,
  }),
  graph({ nodeName: 'bench' }, { 'InferenceGraphProps.nodeName': /nodeName = bench/ }),
  graph((chart) => ({ serviceAccount: ServiceAccount.fromServiceAccountName(chart, 'Account', 'bench-account') }), { 'InferenceGraphProps.serviceAccount': /serviceAccountName = bench-account/ }),
  graph({ timeout: Duration.seconds(127) }, { 'InferenceGraphProps.timeout': /timeoutSeconds = 127/ }),
  graph({
    routerTimeouts: {
      serverRead: Duration.seconds(131), serverWrite: Duration.seconds(132), serverIdle: Duration.seconds(133), serviceClient: Duration.seconds(134),
    },
  }, {
    'InferenceGraphProps.routerTimeouts': /131/,
    'RouterTimeouts.serverRead': /131/,
    'RouterTimeouts.serverWrite': /132/,
    'RouterTimeouts.serverIdle': /133/,
    'RouterTimeouts.serviceClient': /134/,
  }),
];

const runtime = (props: EffectProgram['props'], shows: EffectProgram['shows'], unready?: string): EffectProgram => ({ shape: 'runtime', props, shows, unready });
const EMPTY = { name: 'scratch', emptyDir: {} };

/** Runtimes: seen in the pods of a service that names one. */
const RUNTIMES: EffectProgram[] = [
  runtime({ podLabels: { 'acme.org/pod': 'label' } }, { 'RuntimePodOptions.podLabels': /acme\.org\/pod = label/ }),
  runtime({ podAnnotations: { 'acme.org/pod-note': 'note' } }, { 'RuntimePodOptions.podAnnotations': /acme\.org\/pod-note = note/ }),
  runtime({ nodeSelector: { 'kubernetes.io/os': 'linux' } }, { 'RuntimePodOptions.nodeSelector': /nodeSelector\.kubernetes\.io\/os = linux/ }),
  runtime({ affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 44, podAffinityTerm: { topologyKey: 'zone' } }] } } }, { 'RuntimePodOptions.affinity': /weight = 44/ }),
  runtime({ tolerations: [{ key: 'example.com/runtime', operator: 'Exists' }] }, { 'RuntimePodOptions.tolerations': /example\.com\/runtime/ }),
  runtime({ volumes: [EMPTY], container: { image: 'example/runtime:1', volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] } }, { 'RuntimePodOptions.volumes': /volumes.*name = scratch/ }),
  runtime((chart) => ({ imagePullSecrets: [Secret.fromSecretName(chart, 'Pull', 'runtime-pull')] }), { 'RuntimePodOptions.imagePullSecrets': /runtime-pull/ }),
  runtime({ hostIpc: true }, { 'RuntimePodOptions.hostIpc': /hostIPC = true/ }),
  runtime({ schedulerName: 'another' }, { 'RuntimePodOptions.schedulerName': /schedulerName = another/ }, 'no scheduler is called like this'),
  runtime({ container: { image: 'example/runtime:2', env: { GIVEN: EnvValue.fromValue('runtime') } } }, {
    'ClusterServingRuntimeProps.container': /image = example\/runtime:2/, 'RuntimeContainerOptions.image': /image = example\/runtime:2/,
  }),
  runtime({ extraContainers: { extra: { image: 'example/extra:1', ports: [{ containerPort: 8080 }] } } }, { 'ClusterServingRuntimeProps.extraContainers': /image = example\/extra:1/ }),
  runtime({ serverType: ServerType.MLSERVER, protocolVersions: [InferenceProtocol.V2] }, { 'ClusterServingRuntimeProps.serverType': /MLSERVER|modelClass/ }),
  runtime({ prometheusPort: 9191, prometheusPath: '/numbers' }, {
    'ClusterServingRuntimeProps.prometheusPort': /prometheus\.kserve\.io\/port = 9191/, 'ClusterServingRuntimeProps.prometheusPath': /prometheus\.kserve\.io\/path = \/numbers/,
  }),
  { shape: 'clusterRuntime', as: 'cluster', props: { container: { image: 'example/runtime:3' } }, shows: { 'ClusterServingRuntimeProps.container': /image = example\/runtime:3/ } },
];

const downloads = (props: EffectProgram['props'], shows: EffectProgram['shows']): EffectProgram => ({ shape: 'storageContainer', props, shows });

/** Storage containers: seen in the pods whose models they download. */
const STORAGE_CONTAINERS: EffectProgram[] = [
  downloads({ image: 'example/download:1' }, { 'ClusterStorageContainerProps.image': /image = example\/download:1/, 'ClusterStorageContainerProps.prefixes': /image = example\/download:1/ }),
  downloads({ env: { GIVEN: EnvValue.fromValue('download') } }, { 'ClusterStorageContainerProps.env': /value = download/ }),
  downloads({ resources: { memory: { limit: Size.mebibytes(1999) } } }, { 'ClusterStorageContainerProps.resources': /limits\.memory = 1999Mi/ }),
  downloads({ override: { workingDir: '/given' } }, { 'ClusterStorageContainerProps.override': /workingDir = \/given/ }),
  downloads({ allowPatterns: ['*.given'] }, { 'ClusterStorageContainerProps.allowPatterns': /\*\.given/ }),
  downloads({ ignorePatterns: ['*.other'] }, { 'ClusterStorageContainerProps.ignorePatterns': /\*\.other/ }),
];

const TRAINED: EffectProgram[] = [{
  shape: 'trainedModel',
  props: { isTrained: true },
  shows: {
    'TrainedModelProps.name': /ConfigMap.*given-model/,
    'TrainedModelProps.inferenceService': /ConfigMap.*given-model/,
    'TrainedModelProps.source': /gs:\/\/given\/trained/,
    'TrainedModelProps.framework': /"framework":"sklearn"/,
    'TrainedModelProps.memory': /199Mi/,
  },
}];

/** Constructs beside services. */
export const OTHER_PROGRAMS: EffectProgram[] = [...GRAPHS, ...RUNTIMES, ...STORAGE_CONTAINERS, ...TRAINED];
