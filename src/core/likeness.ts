import { ApiObject } from 'cdk8s';
import { Manifest, ManifestObject } from './manifest';

/**
 * Equal for objects that differ in nothing but their names and the places of their
 * models; undefined where that is not known.
 */
export function likenessOf(object: ApiObject, manifest: Manifest): string | undefined {
  if (!(object instanceof ManifestObject) || !object._isPlain) {
    return undefined;
  }
  const { metadata: { name, ...metadata }, ...rest } = manifest;
  return JSON.stringify([metadata, rest]).replace(MODEL_PLACE, '$1');
}

/** What follows the scheme of a model's URI, unless it holds a template. */
const MODEL_PLACE = /("storageUri":"(?:[a-z][a-z0-9+.-]*:\/\/)?)(?:[^"\\{]|\\.)*(?=")/g;
