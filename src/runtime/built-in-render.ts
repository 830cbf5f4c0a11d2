import type { BuiltInRuntimeOptions } from './built-in-runtimes-props';
import { SERVER_CONTAINER } from '../release/container-names';
import { caused } from '../core/cause';
import { Deferred } from '../core/deferred';
import { renderResources } from '../core/resources-rendering';
import { defined, Fields } from '../core/fields';
import { KEYS } from '../release/keys';
import type { RuntimeData, RuntimeImage } from '../release/runtime-data';

/** The spec of a runtime of the release. */
export function renderBuiltIn(data: RuntimeData, options: BuiltInRuntimeOptions): Fields {
  const { formats, protocols, container, volumes, worker } = data;
  const over = defined({
    image: options.image === undefined
      ? caused('imageRegistry', imageOf(data.image, options.imageRegistry))
      : caused('image', options.image),
    resources: options.resources && caused('resources', renderResources(options.resources)),
  });
  return defined({
    annotations: { [KEYS.prometheusPort]: String(data.metricsPort), [KEYS.prometheusPath]: '/metrics' },
    supportedModelFormats: formats,
    protocolVersions: protocols.length > 0 ? protocols : undefined,
    containers: [{ name: SERVER_CONTAINER, ...container, ...over }],
    volumes,
    workerSpec: worker && defined({
      pipelineParallelSize: worker.pipelineParallelSize.helm,
      tensorParallelSize: worker.tensorParallelSize,
      containers: [{ name: worker.containerName, ...worker.container, ...over }],
      volumes: worker.volumes,
    }),
    disabled: caused('disabled', options.disabled),
  });
}

/** An image, or its copy in another registry, where it keeps its path. */
function imageOf({ repository, tag }: RuntimeImage, registry: string | undefined): string {
  if (registry === undefined) {
    return `${repository}:${tag}`;
  }
  const path = repository.replace(/^[^/]*[.:][^/]*\//, ''); // without the registry that it is in by default
  return `${Deferred.is(registry) ? registry : registry.replace(/\/+$/, '')}/${path}:${tag}`;
}
