import { Deferred } from '../core/deferred';
import type { KServeRelease } from '../release';
import { formatFacts } from '../release/formats';
import type { InferenceProtocol } from '../target/inference-protocol';

/**
 * The protocol to write for a format where the user gives none and names no runtime.
 *
 * Written where no built-in runtime is chosen without it, and where the webhook would
 * write it, since a field that appears only on the cluster shows as drift. Undefined
 * where KServe's own default does, and for formats of other people's runtimes.
 */
export function defaultProtocol(format: string, release: KServeRelease): InferenceProtocol | undefined {
  if (Deferred.is(format)) {
    return undefined;
  }
  const data = release._data;
  return (data.protocols.ofFormat[format] ?? formatFacts(data, format)?.protocolToName) as InferenceProtocol | undefined;
}
