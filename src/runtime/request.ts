import type { RuntimeRequest } from './selection';
import type { Manifest } from '../core/manifest';
import type { KServeRelease } from '../release';
import { KEYS } from '../release/keys';

/** A request together with the place in the manifest that makes it. */
export interface LocatedRequest extends RuntimeRequest {
  /** JSON pointer to the model. */
  readonly at: string;
}

/** What an InferenceService asks for; undefined if no runtime is chosen for it. */
export function requestOf({ metadata, spec }: Manifest, release: KServeRelease, namespace: string | undefined): LocatedRequest | undefined {
  const { protocols, modes } = release._data;
  const predictor = spec?.predictor;
  if (predictor === undefined || metadata.annotations?.[KEYS.deploymentMode] === modes.modelMesh.name) {
    return undefined;
  }
  const multiNode = predictor.workerSpec !== undefined;
  const { model } = predictor;
  if (model?.modelFormat !== undefined) {
    const { modelFormat: { name, version }, protocolVersion, runtime } = model;
    return { format: name, version, protocol: protocolVersion, runtime, multiNode, namespace, at: '/spec/predictor/model' };
  }
  // the webhook rewrites a framework's own field to `model`
  const format = Object.keys(protocols.frameworks).find((framework) => predictor[framework] !== undefined);
  return format === undefined ? undefined : {
    format,
    protocol: predictor[format].protocolVersion ?? protocols.frameworks[format],
    multiNode,
    namespace,
    at: `/spec/predictor/${format}`,
  };
}
