import { KServeRelease } from '../../../../src/release';
import type { RuntimeData } from '../../../../src/release/runtime-data';
import { KubeObject } from '../client';

/** Releases whose storage container does not say that it can fetch several models. */
const SINGLE_MODEL_DOWNLOAD = ['0.16.0', '0.17.0'];

/** The ClusterServingRuntimes and the storage container of a release, made from what the library knows of it. */
export function releaseObjects(release: KServeRelease): KubeObject[] {
  const { runtimes } = release._data;
  return [...Object.values(runtimes).filter((runtime) => runtime.installed).map(clusterServingRuntime), storageContainer(release)];
}

function clusterServingRuntime(runtime: RuntimeData): KubeObject {
  const image = `${runtime.image.repository}:${runtime.image.tag}`;
  const { worker } = runtime;
  return {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ClusterServingRuntime',
    metadata: { name: runtime.name, annotations: { 'serving.kserve.io/server-type': runtime.serverType } },
    spec: {
      annotations: { 'prometheus.kserve.io/port': String(runtime.metricsPort), 'prometheus.kserve.io/path': '/metrics' },
      supportedModelFormats: runtime.formats,
      ...(runtime.protocols.length > 0 ? { protocolVersions: runtime.protocols } : {}),
      containers: [{ name: 'kserve-container', image, ...runtime.container }],
      ...(runtime.volumes ? { volumes: runtime.volumes } : {}),
      ...(worker ? {
        workerSpec: {
          pipelineParallelSize: worker.pipelineParallelSize.helm,
          tensorParallelSize: worker.tensorParallelSize,
          containers: [{ name: worker.containerName, image, ...worker.container }],
          ...(worker.volumes ? { volumes: worker.volumes } : {}),
        },
      } : {}),
    },
  };
}

function storageContainer(release: KServeRelease): KubeObject {
  const { storage, config } = release._data;
  const { image, cpuRequest, cpuLimit, memoryRequest, memoryLimit } = config.storageInitializer;
  return {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ClusterStorageContainer',
    metadata: { name: 'default' },
    spec: {
      container: {
        name: 'storage-initializer',
        image,
        resources: { requests: { cpu: cpuRequest, memory: memoryRequest }, limits: { cpu: cpuLimit, memory: memoryLimit } },
      },
      supportedUriFormats: [
        ...storage.defaultContainer.prefixes.map((prefix) => ({ prefix })),
        ...storage.defaultContainer.patterns.map((regex) => ({ regex })),
      ],
      workloadType: 'initContainer',
      ...(SINGLE_MODEL_DOWNLOAD.includes(release.version) ? {} : { supportsMultiModelDownload: true }),
    },
  };
}
