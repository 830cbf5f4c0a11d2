import { Manifest } from '../core/manifest';
import { Neighbour, Neighbours } from '../target/neighbours';

/** Syntax that JavaScript has and the controller's regular expressions (RE2) have not. */
const NOT_RE2 = /\(\?<?[=!]|\\[1-9]|\(\?<\w+>.*\\k</;
/** Syntax that RE2 has and JavaScript has not, with what says the same. */
const RE2_ONLY: [RegExp, string][] = [[/\(\?P</g, '(?<'], [/\\A/g, '^'], [/\\z/g, '$'], [/\[\[:(\w+):\]\]/g, '\\w']];

/** A regular expression of the controller; undefined when the controller cannot compile it. */
export function controllerRegExp(pattern: string): RegExp | undefined {
  if (NOT_RE2.test(pattern)) {
    return undefined;
  }
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const rest = flags === null ? pattern : pattern.slice(flags[0].length);
  try {
    return new RegExp(RE2_ONLY.reduce((text, [from, to]) => text.replace(from, to), rest), flags?.[1]);
  } catch {
    return undefined;
  }
}

/** Whether a ClusterStorageContainer takes a URI: by prefix, or by regular expression where it has no prefix. */
export function takes(container: Manifest, uri: string): boolean {
  return (container.spec?.supportedUriFormats ?? []).some(({ prefix, regex }: { prefix?: string; regex?: string }) =>
    prefix ? uri.startsWith(prefix) : regex ? controllerRegExp(regex)?.test(uri) ?? false : false);
}

/** Whether KServe uses a ClusterStorageContainer for the pods of services. */
export function servesPods(container: Manifest): boolean {
  return container.disabled !== true && (container.spec?.workloadType ?? 'initContainer') === 'initContainer';
}

/** The ClusterStorageContainers of the program that KServe may choose for a URI. */
export function containersFor(neighbours: Neighbours, uri: string): Neighbour[] {
  return neighbours.ofKind('ClusterStorageContainer').filter(({ manifest }) => servesPods(manifest) && takes(manifest, uri));
}
