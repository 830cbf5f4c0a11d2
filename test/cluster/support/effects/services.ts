import { Duration } from 'cdk8s';
import { Explainer, ModelFormat, ModelSource, InferenceProtocol, Transformer, Transport } from '../../../../src';
import { sklearn } from '../service';
import { EffectProgram } from './program';

const SPANNING = 'no node has that many GPUs free';

/** Props of services, and those that only one kind of component has. */
export const SERVICE_PROGRAMS: EffectProgram[] = [
  { shape: 'service', props: { transformer: Transformer.fromContainer({ image: 'example/transformer:1' }) }, shows: { 'InferenceServiceProps.transformer': /\(transformer\)/ } },
  { shape: 'service', props: { explainer: Explainer.fromContainer({ image: 'example/explainer:1' }) }, shows: { 'InferenceServiceProps.explainer': /\(explainer\)/ } },
  { shape: 'service', props: { labels: { 'acme.org/label': 'service' } }, shows: { 'InferenceServiceProps.labels': /acme\.org\/label = service/ } },
  { shape: 'service', props: { annotations: { 'acme.org/note': 'service' } }, shows: { 'InferenceServiceProps.annotations': /acme\.org\/note = service/ } },
  { shape: 'service', props: { clusterLocal: true }, shows: { 'InferenceServiceProps.clusterLocal': /HTTPRoute.*= gone|VirtualService.*= gone|status \.url/ } },
  { shape: 'service', props: { tagRouting: true }, shows: { 'InferenceServiceProps.tagRouting': /tag = latest/ } },
  { shape: 'service', props: { rolloutDuration: Duration.minutes(5) }, shows: { 'InferenceServiceProps.rolloutDuration': /rollout-duration = 300s/ } },
  { shape: 'service', props: { prometheusScraping: true }, shows: { 'InferenceServiceProps.prometheusScraping': /prometheus\.io\/port = / } },
  { shape: 'service', props: { metricAggregation: true }, shows: { 'InferenceServiceProps.metricAggregation': /enable-metric-aggregation = true|AGGREGATE/ } },
  { shape: 'service', props: { writableModel: true }, shows: { 'InferenceServiceProps.writableModel': /readOnly = (false|gone)/ } },
  { shape: 'service', props: { storageInitializerUid: 1337 }, shows: { 'InferenceServiceProps.storageInitializerUid': /runAsUser = 1337/ } },
  {
    shape: 'service',
    props: { gkeAccelerator: 'nvidia-l4', predictor: sklearn({ resources: { gpu: { count: 1 } } }) },
    shows: { 'InferenceServiceProps.gkeAccelerator': /cloud\.google\.com\/gke-accelerator = nvidia-l4/ },
    unready: 'no node has the label',
  },

  { shape: 'model', alone: true, props: { format: ModelFormat.LIGHTGBM }, shows: { 'ModelPredictorOptions.format': /image = kserve\/lgbserver/ } },
  { shape: 'model', alone: true, props: { runtimeVersion: 'v0.15.9' }, shows: { 'ModelPredictorOptions.runtimeVersion': /image = kserve\/sklearnserver:v0\.15\.9/ } },
  { shape: 'model', alone: true, props: { protocol: InferenceProtocol.V2 }, shows: { 'ModelPredictorOptions.protocol': /image = .*mlserver/ } },
  { shape: 'model', alone: true, props: { format: ModelFormat.TRITON, protocol: InferenceProtocol.V2, transport: Transport.GRPC }, shows: { 'ModelPredictorOptions.transport': /h2c/ } },
  { shape: 'model', alone: true, props: { image: 'example/instead:1' }, shows: { 'ModelPredictorOptions.image': /image = example\/instead:1/ } },
  { shape: 'model', props: { source: ModelSource.gcs('gs://effects-named/iris'), storageContainerName: 'zz-effects-named' }, shows: { 'ModelPredictorOptions.storageContainerName': /image = example\/named:1/ } },
  { shape: 'server', props: { source: ModelSource.gcs('gs://effects-named/iris'), storageContainerName: 'zz-effects-named' }, shows: { 'ContainerPredictorOptions.storageContainerName': /image = example\/named:1/ } },
  {
    shape: 'model',
    props: { confidential: { enabled: true, resourceId: 'kbs:///one/two/three' } },
    shows: {
      'ModelPredictorOptions.confidential': /kbs:\/\/\/one\/two\/three/,
      'ConfidentialModel.enabled': /CONFIDENTIAL|confidential|kbs/,
      'ConfidentialModel.resourceId': /kbs:\/\/\/one\/two\/three/,
    },
  },
  { shape: 'server', props: { image: 'example/given:1' }, shows: { 'ContainerPredictorOptions.image': /image = example\/given:1/ } },
  { shape: 'server', props: { protocol: InferenceProtocol.V2 }, shows: { 'ContainerPredictorOptions.protocol': /env.*value = v2/ } },
  { shape: 'server', props: { port: 8383 }, shows: { 'ContainerPredictorOptions.port': /containerPort = 8383/ } },
  { shape: 'transformer', props: { image: 'example/given:1' }, shows: { 'ContainerTransformerOptions.image': /image = example\/given:1/ } },
  { shape: 'transformer', props: { protocol: InferenceProtocol.V2 }, shows: { 'ContainerTransformerOptions.protocol': /= v2$/ } },
  { shape: 'transformer', props: { port: 8484 }, shows: { 'ContainerTransformerOptions.port': /containerPort = 8484/ } },
  { shape: 'transformer', props: { passPredictorProtocol: false }, shows: { 'ContainerTransformerOptions.passPredictorProtocol': /args/ } },
  { shape: 'explainer', props: { image: 'example/given:1' }, shows: { 'ContainerExplainerOptions.image': /image = example\/given:1/ } },
  { shape: 'art', props: { type: 'GivenAttack' }, shows: { 'ArtExplainerOptions.type': /GivenAttack/ } },
  { shape: 'art', props: { runtimeVersion: 'v0.15.8' }, shows: { 'ArtExplainerOptions.runtimeVersion': /image = kserve\/art-explainer:v0\.15\.8/ } },
  { shape: 'art', props: { config: { nb_classes: '31' } }, shows: { 'ArtExplainerOptions.config': /= 31$/ } },
  { shape: 'collocated', props: { image: 'example/given:1' }, shows: { 'CollocatedTransformerOptions.image': /image = example\/given:1/ } },
  { shape: 'collocated', props: { port: 8585 }, shows: { 'CollocatedTransformerOptions.port': /containerPort = 8585/ } },
  { shape: 'collocated', props: { protocol: InferenceProtocol.V2 }, shows: { 'CollocatedTransformerOptions.protocol': /env.*= v2$/ } },
  { shape: 'collocated', props: { predictorPort: 8686 }, shows: { 'CollocatedTransformerOptions.predictorPort': /8686/ } },

  { shape: 'workers', props: { workers: { image: 'example/worker:1' } }, shows: { 'WorkerOptions.image': /image = example\/worker:1/, 'MultiNodePredictorOptions.workers': /image = example\/worker:1/ }, unready: SPANNING },
  { shape: 'workers', props: { workers: { pipelineParallelSize: 3, tensorParallelSize: 2 } }, shows: { 'WorkerOptions.pipelineParallelSize': /= 3$/, 'WorkerOptions.tensorParallelSize': /= 2$/ }, unready: SPANNING },
  { shape: 'workers', props: { workers: { podSpec: { priorityClassName: 'system-node-critical' } } }, shows: { 'WorkerOptions.podSpec': /priorityClassName = system-node-critical/ }, unready: SPANNING },
];
