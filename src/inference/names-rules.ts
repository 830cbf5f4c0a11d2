import { Deferred } from '../core/deferred';
import { DerivedNames } from '../core/derived-names';
import { DerivedName } from '../core/derived-names-props';
import { Manifest } from '../core/manifest';
import { ManifestViolation } from '../diagnostics/rule';
import { DeploymentMode } from '../target';
import { Neighbour } from '../target/neighbours';
import { ClusterRule, RuleContext } from '../target/rule-context';
import { modeOf } from '../target/service-view';
import { namesOfManifest } from './names-facts';

const AT = '/metadata/name';
const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

const PATTERN: ClusterRule = {
  code: 'KSV1101',
  title: 'The name of the service is not valid',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'inference_service_validation.go validateInferenceServiceName',
  explanation: 'The webhook asks for a name that can begin a host name and a label. The construct\'s id is the name unless the prop `name` says otherwise.',
  * check(manifest) {
    const { name } = manifest.metadata;
    if (!Deferred.is(name) && !NAME.test(name)) {
      const valid = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^[-0-9]+|-+$/g, '');
      yield {
        at: AT,
        value: name,
        message: 'is no name for an InferenceService',
        allowed: 'lower-case letters, digits and \'-\', a letter first, no \'-\' last',
        fix: valid === '' ? 'give the service another name.' : `set name: '${valid}', or give the construct such an id.`,
      };
    }
  },
};

const TOO_LONG: ClusterRule = {
  code: 'KSV1102',
  title: 'A name that follows from the service\'s name is too long',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'constants.go PredictorServiceName, GetRawServiceLabel; domain.go GenerateDomainName; Knative\'s revision names; Kubernetes\' limit of 63 characters for labels, Services and parts of host names',
  explanation: 'KServe accepts any length and then fails to make the object, again and again, so the service never becomes ready.',
  * check(manifest, context) {
    const { name } = manifest.metadata;
    if (Deferred.is(name)) {
      return;
    }
    const names = namesOfManifest(manifest, context);
    const tooLong = names.tooLong();
    if (tooLong.length > 0) {
      const worst = tooLong.reduce((a, b) => b.name.length - b.limit > a.name.length - a.limit ? b : a);
      const longest = names.longestName();
      yield {
        at: AT,
        value: name,
        message: `makes ${describeName(worst)} ${worst.name.length} characters long, where ${worst.limit} are allowed`
          + (tooLong.length > 1 ? `, and ${tooLong.length - 1} more name${tooLong.length > 2 ? 's' : ''} too long` : ''),
        allowed: longest > 0 ? `names of up to ${longest} characters` : 'no name, with this namespace and these host names',
        fix: fixFor(worst, longest, manifest, context),
      };
    }
  },
};

function describeName({ kind, name, object }: DerivedName): string {
  switch (kind) {
    case 'Label': return `${object}, '${name}',`;
    case 'DNS label': return `the part '${name}' of ${object}`;
    case 'Host': return `the host '${name}' of ${object}`;
    default: return `${kind} '${name}' of ${object}`;
  }
}

function fixFor({ kind }: DerivedName, longest: number, manifest: Manifest, { target }: RuleContext): string {
  const shorter = longest > 0 ? `shorten the name to ${longest} characters` : 'shorten the namespace';
  const template = modeOf(manifest, target.deploymentMode) === DeploymentMode.KNATIVE ? 'knativeDomainTemplate' : 'domainTemplate';
  return kind === 'DNS label'
    ? `${shorter}, or separate name and namespace by a dot in the cluster's template of host names and say so: ServingTarget.attach(…, { ${template}: … }).`
    : `${shorter}.`;
}

const SAME_NAME: ClusterRule = {
  code: 'KSV1103',
  title: 'Two services have the same name',
  severity: 'error',
  origin: 'ours',
  bites: 'create',
  explanation: 'Both would be the same object of the cluster: the one that is applied last replaces the other, without a word.',
  * check(manifest, { neighbours, namespace, target }) {
    const { kind, metadata: { name } } = manifest;
    const same = Deferred.is(name) ? [] : neighbours.named(kind, namespace, name);
    if (same.length > 1) {
      yield {
        at: AT,
        value: name,
        message: `is the name of ${same.map(({ path }) => `'${path}'`).join(' and ')} in ${namespace === undefined ? 'one namespace' : `namespace '${namespace}'`} of cluster '${target.cluster}'`,
        fix: 'give each a name of its own by its id or the prop name; or another namespace.',
      };
    }
  },
};

const CONTROLLER_NAMESPACE: ClusterRule = {
  code: 'KSV1104',
  title: 'The service is in the namespace of KServe\'s controller',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'config/webhook: the pod webhook\'s namespaceSelector leaves out namespaces with label control-plane',
  explanation: 'KServe\'s pod webhook does not look into its own namespace: no model is downloaded and no logger is added, and the server starts without a model.',
  * check(_, { namespace, target }) {
    if (namespace !== undefined && namespace === target.controllerNamespace) {
      yield { at: '/metadata/namespace', value: namespace, message: 'is where KServe\'s controller runs, and its webhook does not look there', fix: 'put the service into a namespace of its own.' };
    }
  },
};

const UNKNOWN_VARIABLE: ClusterRule = {
  code: 'KSV1105',
  title: 'The host name depends on more than is known here',
  severity: 'warning',
  origin: 'ours',
  bites: 'synthesis',
  explanation: 'Of KServe\'s and Knative\'s templates the library evaluates name, namespace and domain. With anything else `url` is undefined, and the length of host names is not checked.',
  * check(manifest, context) {
    const [first] = context.neighbours.ofKind(manifest.kind);
    const unknown = namesOfManifest(manifest, context).unknownVariables();
    // once is enough: the template is the same for all
    if (unknown.length > 0 && (first === undefined || first.name === manifest.metadata.name)) {
      yield {
        at: AT,
        value: manifest.metadata.name,
        message: `gets a host by a template of the target that asks for ${unknown.map((action) => `'${action}'`).join(', ')}, so its url is not known here`,
        allowed: '.Name, .Namespace, and .IngressDomain or .Domain',
        fix: 'waive this finding, or use a template without it.',
      };
    }
  },
};

const TAKEN: ClusterRule = {
  code: 'KSV1106',
  title: 'A name that follows from the service\'s name is taken',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'controllerutil.SetControllerReference: an object has one controller; reconcilers update the object that they find by name',
  explanation: 'KServe makes an object where another one of the same name stands. Depending on the kind it overwrites it or gives up; the two services then fight for it.',
  * check(manifest, context) {
    if (Deferred.is(manifest.metadata.name)) {
      return;
    }
    for (const derived of namesOfManifest(manifest, context).all()) {
      const other = derived.apiVersion === undefined || AUTOSCALERS.includes(derived.kind) ? undefined : ownerOf(derived, manifest.metadata.name, context);
      if (other !== undefined) {
        yield takenBy(derived, other, manifest.metadata.name);
        return;
      }
    }
  },
};

/** A second autoscaler has a rule of its own, whatever its name. */
const AUTOSCALERS = ['HorizontalPodAutoscaler', 'ScaledObject'];

function takenBy(derived: DerivedName, other: Neighbour, name: string): ManifestViolation {
  return {
    at: AT,
    value: name,
    message: `makes ${describeName(derived)}, which '${other.path}' makes as well`,
    fix: 'rename one of the two.',
  };
}

/** Another object of the program with this name, or another service from which it follows. */
function ownerOf({ kind, apiVersion, name }: DerivedName, service: string, context: RuleContext): Neighbour | undefined {
  const { neighbours, namespace } = context;
  const object = neighbours.named(kind, namespace, name).find((one) => groupOf(one.object.apiVersion) === groupOf(apiVersion!));
  if (object !== undefined) {
    return object;
  }
  // the names of services from which such a name could follow
  const candidates = [name, name.replace(/-(predictor|transformer|explainer)$/, '')].filter((one) => one !== service);
  for (const other of candidates.flatMap((one) => neighbours.named('InferenceService', namespace, one))) {
    const names: DerivedNames = namesOfManifest(other.manifest, { ...context });
    if (names.all().some((one) => one.kind === kind && one.apiVersion === apiVersion && one.name === name)) {
      return other;
    }
  }
  return undefined;
}

function groupOf(apiVersion: string): string {
  return apiVersion.split('/').slice(0, -1).join();
}

/** Rules on the name of a service and on the names that follow from it. */
export const NAME_RULES: ClusterRule[] = [PATTERN, TOO_LONG, SAME_NAME, CONTROLLER_NAMESPACE, UNKNOWN_VARIABLE, TAKEN];
