import { KServeRelease } from '../release';
import { RuntimeFacts } from './runtime-facts';
import { installedRuntimes } from '../release/formats';

/** The ClusterServingRuntimes that a release installs. */
export function builtInRuntimes(release: KServeRelease): RuntimeFacts[] {
  return installedRuntimes(release._data).map(({ name, formats, protocols, worker }) => ({
    name,
    formats: [...formats],
    protocolVersions: [...protocols],
    multiNode: worker !== undefined,
  }));
}
