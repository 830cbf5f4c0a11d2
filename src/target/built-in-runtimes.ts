import { KServeRelease } from '../release';
import { installedRuntimes } from '../release/formats';
import { RuntimeFacts } from './runtime-facts';

/** The ClusterServingRuntimes that a release installs. */
export function builtInRuntimes(release: KServeRelease): RuntimeFacts[] {
  return installedRuntimes(release._data).map(({ name, formats, protocols, worker }) => ({
    name,
    formats: [...formats],
    protocolVersions: [...protocols],
    multiNode: worker !== undefined,
  }));
}
