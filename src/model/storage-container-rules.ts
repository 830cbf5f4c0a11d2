import { controllerRegExp, servesPods, takes } from './container-match';
import { Deferred } from '../core/deferred';
import { ManifestViolation } from '../diagnostics/rule';
import { ClusterRule } from '../target/rule-context';

/** Variables whose values are secrets. */
const SECRET_VARIABLES = /^(GIT_PASSWORD|HF_TOKEN|AWS_SECRET_ACCESS_KEY|AZURE_CLIENT_SECRET|AZ_CLIENT_SECRET|AZURE_STORAGE_ACCESS_KEY|.*(PASSWORD|_TOKEN|_SECRET))$/;

const NO_FORMAT: ClusterRule = {
  code: 'KSV1811',
  individual: true,
  title: 'A storage container takes no URI',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'StorageContainerSpec.IsStorageUriSupported',
  explanation: 'KServe chooses a storage container by the prefixes and regular expressions that it lists; without any it is never used.',
  check: ({ spec }) => (spec?.supportedUriFormats ?? []).some(({ prefix, regex }: any) => prefix || regex) ? [] : [{
    at: '/spec/supportedUriFormats',
    message: 'are missing and so are regexes, so the container is never used',
    fix: 'set prefixes, such as [\'registry://\'].',
  }],
};

const BAD_REGEX: ClusterRule = {
  code: 'KSV1812',
  individual: true,
  title: 'A regular expression of a storage container does not compile',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'StorageContainerSpec.IsStorageUriSupported: regexp.MatchString',
  explanation: 'The controller tries the expression on the URI of every service of the cluster and fails each of them when it does not compile. Its syntax, RE2, has no look-around and no back-references.',
  check: ({ spec }) => (spec?.supportedUriFormats ?? []).flatMap(({ prefix, regex }: any, i: number) =>
    prefix || !regex || Deferred.is(regex) || controllerRegExp(regex) !== undefined ? [] : [{
      at: `/spec/supportedUriFormats/${i}/regex`,
      value: regex,
      message: 'does not compile in the controller',
      allowed: 'RE2 syntax: https://github.com/google/re2/wiki/Syntax',
      fix: 'correct the expression; write look-ahead as an expression of its own.',
    }]),
};

const AMBIGUOUS: ClusterRule = {
  code: 'KSV1813',
  individual: true,
  title: 'Two storage containers take the same URI',
  severity: 'warning',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'GetStorageContainerSpec: the first match of a list without order',
  explanation: 'KServe uses whichever it finds first, and the order is not fixed. Its own container `default` takes gs, s3, hdfs, webhdfs, hf and https.',
  check(manifest, { target, neighbours }) {
    if (!servesPods(manifest)) {
      return [];
    }
    const { prefixes, patterns } = target.release._data.storage.defaultContainer;
    const installed = {
      ...manifest,
      disabled: false,
      spec: { supportedUriFormats: [...prefixes.map((prefix) => ({ prefix })), ...patterns.map((regex) => ({ regex }))] },
    };
    const own = neighbours.ofKind('ClusterStorageContainer');
    const others = own
      .filter(({ name, manifest: other }) => name !== manifest.metadata.name && servesPods(other))
      .map(({ name, manifest: other }) => ({ name, manifest: other }))
      .concat(own.some(({ name }) => name === 'default') ? [] : [{ name: 'default', manifest: installed }]);
    return (manifest.spec?.supportedUriFormats ?? []).flatMap(({ prefix, regex }: any, i: number): ManifestViolation[] => {
      if (Deferred.is(prefix) || Deferred.is(regex)) {
        return [];
      }
      const sample = prefix ? `${prefix}owner/model` : sampleOf(regex ?? '');
      const other = sample === undefined ? undefined : others.find((candidate) => takes(candidate.manifest, sample));
      return other === undefined ? [] : [{
        at: `/spec/supportedUriFormats/${i}/${prefix ? 'prefix' : 'regex'}`,
        value: prefix || regex,
        message: `is taken by ClusterStorageContainer '${other.name}' too, and KServe uses whichever it finds first`,
        fix: target.release._data.abilities.storageContainerName
          ? `name this one by storageContainerName: '${manifest.metadata.name}' on the predictors that need it, and waive this warning.`
          : 'use a scheme of your own, or name this container `default` to replace KServe\'s.',
      }];
    });
  },
};

const FILTERS: ClusterRule = {
  code: 'KSV1814',
  individual: true,
  title: 'The release has no file patterns',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'storage initializer: STORAGE_ALLOW_PATTERNS, STORAGE_IGNORE_PATTERNS',
  explanation: 'KServe\'s storage initializer reads the patterns from 0.17 on; before, it downloads everything.',
  check: ({ spec }, { target: { release } }) => release._data.abilities.storageFilters || spec?.container?.image !== undefined ? []
    : (spec?.container?.env ?? []).flatMap(({ name }: any, i: number) => /^STORAGE_(ALLOW|IGNORE)_PATTERNS$/.test(name) ? [{
      at: `/spec/container/env/${i}`,
      message: `is not read by the storage initializer of KServe ${release.version}, which downloads all files`,
      fix: 'keep in the folder what the server needs, use another image, or KServe 0.17.',
    }] : []),
};

const SECRET_IN_CLEAR: ClusterRule = {
  code: 'KSV1815',
  individual: true,
  title: 'A secret stands in the manifest',
  severity: 'error',
  origin: 'ours',
  bites: 'create',
  explanation: 'A ClusterStorageContainer can be read by everybody who may list it, and the manifest is kept in git.',
  check: ({ spec }) => (spec?.container?.env ?? []).flatMap(({ name, value }: any, i: number) =>
    value !== undefined && value !== '' && !Deferred.is(name) && SECRET_VARIABLES.test(name) ? [{
      at: `/spec/container/env/${i}`,
      message: `sets ${name} to a value in clear text`,
      fix: `use EnvValue.fromSecretValue({ secret, key: '${name}' }); each namespace that serves models needs the Secret.`,
    }] : []),
};

/** Rules about a ClusterStorageContainer. */
export const STORAGE_CONTAINER_RULES: ClusterRule[] = [NO_FORMAT, BAD_REGEX, AMBIGUOUS, FILTERS, SECRET_IN_CLEAR];

/** From a regular expression to a text that it takes, in small steps. */
const SAMPLE_STEPS: [RegExp, string][] = [
  [/^\(\?[ims]+\)/, ''],
  [/\[\^[^\]]*\][+*?]*/g, 'x'],
  [/\[([^\]\\])[^\]]*\][+*?]*/g, '$1'],
  [/(?<!\\)\.[+*]\??/g, 'owner'],
  [/\\w/g, 'x'],
  [/\\d/g, '1'],
  [/\((?:\?:)?([^()|]*)[^()]*\)/g, '$1'],
  [/(?<!\\)(?:[+*?^$]|\{\d+,?\d*\})/g, ''],
  [/\\(.)/g, '$1'],
];

/** A URI that a regular expression takes; undefined when the steps lead to none. */
function sampleOf(regex: string): string | undefined {
  const sample = SAMPLE_STEPS.reduce((text, [from, to]) => text.replace(from, to), regex);
  return [`${sample}owner/model`, sample].find((candidate) => controllerRegExp(regex)?.test(candidate));
}
