import { SERVER_CONTAINER, WORKER_CONTAINER } from '../release/container-names';
import type { BuiltInAdapter, ClusterServingRuntimeProps, RuntimeContainerOptions, RuntimePodOptions, RuntimeWorkers } from './runtime-props';
import { allUnder, caused, eachCaused } from '../core/cause';
import { renderContainer } from '../core/container';
import { defined, Fields, nonEmpty } from '../core/fields';
import { KEYS } from '../release/keys';
import type { RuntimeFacts } from '../target';

/** The spec of a runtime. */
export function renderRuntime(props: ClusterServingRuntimeProps): Fields {
  const { workers, builtInAdapter } = props;
  return {
    ...renderPod(props, {
      ...prometheusAnnotations(props),
      ...defined({ [KEYS.executorBackend]: caused('workers.executorBackend', workers?.executorBackend) }),
    }),
    ...defined({
      supportedModelFormats: caused('formats', props.formats.map((format, i) => eachCaused(`[${i}]`, format))),
      protocolVersions: caused('protocolVersions', props.protocolVersions && [...props.protocolVersions]),
      containers: [
        { ...allUnder('container', renderServer(props.container)), name: serverName(props) },
        ...Object.entries(props.extraContainers ?? {})
          .map(([name, container]) => caused(`extraContainers.${name}`, { ...renderServer(container), name })),
      ],
      workerSpec: workers && caused('workers', renderWorkers(workers)),
      disabled: caused('disabled', props.disabled),
      multiModel: caused('multiModel', props.multiModel),
      grpcEndpoint: caused('grpcEndpoint', props.grpcEndpoint),
      grpcDataEndpoint: caused('grpcDataEndpoint', props.grpcDataEndpoint),
      httpDataEndpoint: caused('httpDataEndpoint', props.httpDataEndpoint),
      replicas: caused('replicas', props.replicas),
      storageHelper: props.storageHelperDisabled === undefined
        ? undefined
        : caused('storageHelperDisabled', { disabled: props.storageHelperDisabled }),
      builtInAdapter: builtInAdapter && caused('builtInAdapter', renderAdapter(builtInAdapter)),
    }),
  };
}

/** What KServe looks at in a runtime when it chooses one. */
export function factsOfProps(props: ClusterServingRuntimeProps, name: string, namespace: string | undefined): RuntimeFacts {
  return {
    name,
    namespace,
    formats: [...props.formats],
    protocolVersions: [...props.protocolVersions ?? []],
    disabled: props.disabled ?? false,
    multiModel: props.multiModel ?? false,
    multiNode: props.workers !== undefined,
  };
}

function serverName({ containerName, builtInAdapter }: ClusterServingRuntimeProps): string {
  return caused('containerName', containerName) ?? caused('builtInAdapter.serverType', builtInAdapter?.serverType) ?? SERVER_CONTAINER;
}

function renderServer({ image, ...container }: RuntimeContainerOptions): Fields {
  return { ...renderContainer(container), image: caused('image', image) };
}

function renderPod(props: RuntimePodOptions, annotations: Fields): Fields {
  return defined({
    labels: props.podLabels && eachCaused('podLabels', props.podLabels),
    annotations: nonEmpty(annotations, props.podAnnotations && eachCaused('podAnnotations', props.podAnnotations)),
    nodeSelector: caused('nodeSelector', props.nodeSelector && { ...props.nodeSelector }),
    affinity: caused('affinity', props.affinity),
    tolerations: caused('tolerations', props.tolerations && [...props.tolerations]),
    volumes: caused('volumes', props.volumes && [...props.volumes]),
    imagePullSecrets: caused('imagePullSecrets', props.imagePullSecrets?.map(({ name }) => ({ name }))),
    hostIPC: caused('hostIpc', props.hostIpc),
    schedulerName: caused('schedulerName', props.schedulerName),
  });
}

function renderWorkers(workers: RuntimeWorkers): Fields {
  return {
    ...renderPod(workers, {}),
    ...defined({
      pipelineParallelSize: caused('pipelineParallelSize', workers.pipelineParallelSize),
      tensorParallelSize: caused('tensorParallelSize', workers.tensorParallelSize),
      containers: [caused('container', { ...renderServer(workers.container), name: WORKER_CONTAINER })],
    }),
  };
}

function prometheusAnnotations({ prometheusPort, prometheusPath }: ClusterServingRuntimeProps): Fields {
  return defined({
    [KEYS.prometheusPort]: caused('prometheusPort', prometheusPort === undefined ? undefined : String(prometheusPort)),
    [KEYS.prometheusPath]: caused('prometheusPath', prometheusPath ?? (prometheusPort === undefined ? undefined : '/metrics')),
  });
}

function renderAdapter(adapter: BuiltInAdapter): Fields {
  return defined({
    serverType: caused('serverType', adapter.serverType),
    runtimeManagementPort: caused('runtimeManagementPort', adapter.runtimeManagementPort),
    memBufferBytes: caused('memBuffer', adapter.memBuffer && adapter.memBuffer.toKibibytes() * 1024),
    modelLoadingTimeoutMillis: caused('modelLoadingTimeout', adapter.modelLoadingTimeout?.toMilliseconds()),
    env: adapter.env && Object.entries(adapter.env).map(([name, { value, valueFrom }]) => caused(`env.${name}`, { name, value, valueFrom })),
  });
}
