import { containersFor, takes } from './container-match';
import { isDownload, StoredList, storedIn } from './stored';
import { Deferred } from '../core/deferred';
import { Rule } from '../diagnostics/rule';
import { Neighbour } from '../target/neighbours';
import { ClusterRule, RuleContext } from '../target/rule-context';

const FACTS: Pick<Rule, 'severity' | 'origin' | 'bites'> = { severity: 'error', origin: 'controller', bites: 'runtime' };

const ONE_DOWNLOAD: ClusterRule = {
  ...FACTS,
  code: 'KSV1225',
  about: ['storageUris'],
  title: 'The storage container downloads one model only',
  mirrors: 'predictor.go: GetStorageContainerSpec of the first URI; CommonStorageInitialization: supportsMultiModelDownload',
  explanation: 'KServe gives all sources of a list to the ClusterStorageContainer that takes the first one. That container must say that it can download several, even for a list of one; otherwise Standard mode refuses to start pods, and Knative mode starts them without any model.',
  check: (manifest, context) => storedIn(manifest).lists.flatMap((list) => {
    const container = downloaderOf(list, context)?.containers.find(({ manifest: { spec } }) => spec.supportsMultiModelDownload !== true);
    const [first] = list.mounts;
    return container === undefined ? [] : [{
      at: first.at,
      value: first.uri,
      message: `is taken by ClusterStorageContainer '${container.name}', which downloads one model only`,
      fix: `set supportsMultiModelDownload: true on '${container.path}' if its image can, or use a single \`source\`.`,
    }];
  }),
};

const NO_DOWNLOAD: ClusterRule = {
  ...FACTS,
  code: 'KSV1226',
  about: ['storageUris'],
  title: 'The release does not download several sources',
  mirrors: 'storage.go CreateInitContainerWithConfig (0.16); the release\'s own ClusterStorageContainer without supportsMultiModelDownload (0.17)',
  explanation: 'KServe 0.16 makes a Deployment of them that Kubernetes refuses. In KServe 0.17 the first source decides: where its own storage container would take it, Standard mode refuses to start pods, and Knative mode starts them without any model. Volume claims work.',
  check: (manifest, context) => {
    const { release } = context.target;
    const { storageUrisDownload, defaultContainerDownloadsSeveral } = release._data.abilities;
    if (defaultContainerDownloadsSeveral) {
      return [];
    }
    return storedIn(manifest).lists.filter((list) => storageUrisDownload
      ? list.mounts.length > 0 && isDownload(list.mounts[0]) && downloaderOf(list, context)?.containers.length === 0
      : list.mounts.some(isDownload)).map(({ component: { at } }) => ({
      at: `${at}/storageUris`,
      message: storageUrisDownload ? `begins with a source that the storage container of KServe ${release} takes, which downloads one only` : `has a source that KServe ${release} does not download`,
      allowed: storageUrisDownload ? 'lists that begin with a volume claim, or with a source of a ClusterStorageContainer of your own' : 'volume claims',
      fix: `use a single \`source\`${storageUrisDownload ? ', make a ClusterStorageContainer with supportsMultiModelDownload: true for the first one' : ''}, or run KServe 0.18 or newer.`,
    }));
  },
};

const OTHER_CONTAINER: ClusterRule = {
  ...FACTS,
  code: 'KSV1227',
  about: ['storageUris'],
  title: 'A source is downloaded by the storage container of the first one',
  mirrors: 'predictor.go: GetStorageContainerSpec of the first URI, for the whole list',
  explanation: 'KServe gives all sources of a list to the storage container that takes the first one. A container that is made for one of the others is not asked, and the one that is may not know what to do with the URI.',
  check: (manifest, context) => storedIn(manifest).lists.flatMap((list) => {
    const downloader = downloaderOf(list, context);
    return downloader === undefined ? [] : list.mounts.slice(1).filter(isDownload).flatMap(({ uri, at }) => {
      const [chosen] = downloader.containers;
      const meant = containersFor(context.neighbours, uri!)[0]?.name ?? context.target.storageUriPrefixes.find((prefix) => uri!.startsWith(prefix));
      const isLost = chosen === undefined ? meant !== undefined : downloader.containers.every(({ manifest: container }) => !takes(container, uri!));
      return !isLost ? [] : [{
        at,
        value: uri,
        message: `is downloaded by ${chosen === undefined ? 'KServe\'s own storage container' : `ClusterStorageContainer '${chosen.name}'`}, which takes the first source${meant === undefined ? '' : `, and not by the one for '${meant}'`}`,
        fix: 'let one container take all sources of the list, and put a source of its own first.',
      }];
    });
  }),
};

/** The containers of the program that may download a list: none if it is one of the release's own. */
interface Downloader { readonly containers: readonly Neighbour[] }

/** Who downloads a list, which the first source decides; undefined where that cannot be known. */
function downloaderOf({ component, mounts: [first] }: StoredList, { neighbours, target }: RuleContext): Downloader | undefined {
  const name = component.spec.storageContainerName;
  if (name !== undefined) {
    const named = neighbours.ofKind('ClusterStorageContainer').filter((container) => !Deferred.is(name) && container.name === name);
    return named.length === 0 ? undefined : { containers: named };
  }
  const uri = first?.uri;
  const isKnown = uri !== undefined && !target.storageUriPrefixes.some((prefix) => uri.startsWith(prefix));
  return isKnown ? { containers: containersFor(neighbours, uri) } : undefined;
}

/** Rules about who downloads several sources of one component. */
export const DOWNLOAD_RULES: ClusterRule[] = [ONE_DOWNLOAD, NO_DOWNLOAD, OTHER_CONTAINER];
