import { caused, eachCaused } from '../core/cause';
import { renderContainer } from '../core/container';
import { defined, Fields, overlaid } from '../core/fields';
import { SERVER_CONTAINER, WORKER_CONTAINER } from '../release/container-names';
import { RuntimeChoice } from '../runtime';
import { InferenceProtocol } from '../target/inference-protocol';
import { renderArtifacts, storageUriVariable } from './artifacts';
import { collocated, predictorBeside } from './collocation';
import { ComponentSetting, joinContainers, renderComponent, secured } from './component';
import { ContainerPredictorOptions, ModelPredictorOptions, PredictorShape, WorkerOptions } from './predictor';
import { GRPC_PORT_NAME, protocolVariable, serverPorts, speaksGrpc, withVariables } from './server-container';
import { CollocatedTransformerOptions } from './transformer';

/** What a predictor needs to know of its service. */
export interface PredictorSetting extends ComponentSetting {
  /** Name of the service, which is the model's name. */
  readonly service: string;
  /** The protocol, with the default for the format. */
  readonly protocol: InferenceProtocol | undefined;
  /** The runtime that KServe will choose, as far as it is known. */
  readonly choice: () => RuntimeChoice | undefined;
  /** The transformer in the predictor's pods. */
  readonly transformer?: CollocatedTransformerOptions;
}

/** The `predictor` of a spec. */
export function renderPredictor(shape: PredictorShape, setting: PredictorSetting): Fields {
  const beside = setting.transformer === undefined ? [] : [collocated(setting.transformer, setting)];
  return shape.kind === 'model'
    ? fromModel(shape.props, shape.workers, setting, beside)
    : fromContainer(shape.props, setting, beside);
}

function fromModel(props: ModelPredictorOptions, workers: WorkerOptions | undefined, setting: PredictorSetting, beside: Fields[]): Fields {
  const { format, confidential } = props;
  const { single, several } = renderArtifacts(props);
  return overlaid({ ...renderComponent(props, setting, beside), ...several }, {
    storageContainerName: caused('storageContainerName', props.storageContainerName),
    workerSpec: workers && caused('workers', renderWorkers(workers)),
    model: secured(props, overlaid({ ...predictorBeside(setting.transformer, setting, renderContainer(props)), ...single }, {
      modelFormat: caused('format', { name: format.name, version: format.version }),
      runtime: caused('runtime', props.runtime?.name),
      runtimeVersion: caused('runtimeVersion', props.runtimeVersion),
      protocolVersion: caused('protocol', setting.protocol),
      image: caused('image', props.image),
      ports: props.ports === undefined ? grpcPort(props, setting) : undefined,
      confidential: confidential && caused('confidential', { enabled: confidential.enabled ?? true, resourceId: confidential.resourceId }),
    })),
  });
}

function fromContainer(props: ContainerPredictorOptions, setting: PredictorSetting, beside: Fields[]): Fields {
  const { several } = renderArtifacts(props);
  const container = renderContainer(props);
  return {
    ...renderComponent(props, setting, [
      secured(props, {
        name: SERVER_CONTAINER,
        ...container,
        ...defined({
          image: caused('image', props.image),
          ports: serverPorts(props, container.ports),
          env: withVariables(container.env, [storageUriVariable(props), protocolVariable(props.protocol)]),
        }),
      }),
      ...beside,
    ]),
    ...several,
    ...defined({ storageContainerName: caused('storageContainerName', props.storageContainerName) }),
  };
}

function renderWorkers({ image, pipelineParallelSize, tensorParallelSize, podSpec, ...container }: WorkerOptions): Fields {
  const fields = { ...renderContainer(container), ...defined({ image: caused('image', image) }) };
  return {
    ...podSpec && eachCaused('podSpec', podSpec),
    pipelineParallelSize: caused('pipelineParallelSize', pipelineParallelSize),
    tensorParallelSize: caused('tensorParallelSize', tensorParallelSize),
    // the schema demands the list, and KServe lays the runtime's worker under the container of this name
    containers: joinContainers([{ name: WORKER_CONTAINER, ...fields }], podSpec?.containers),
  };
}

function grpcPort(props: ModelPredictorOptions, { choice, protocol }: PredictorSetting): Fields[] | undefined {
  const port = speaksGrpc(protocol, props.transport) ? choice()?.grpcPort : undefined;
  return port === undefined ? undefined
    : [caused(props.transport === undefined ? 'protocol' : 'transport', { containerPort: port, name: GRPC_PORT_NAME, protocol: 'TCP' })];
}
