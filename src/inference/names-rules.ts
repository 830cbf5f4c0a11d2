import { Deferred } from '../core/deferred';
import { DerivedName } from '../core/derived-name';
import { Manifest } from '../core/manifest';
import { ManifestViolation } from '../diagnostics/rule';
import { DeploymentMode } from '../target';
import { Neighbour, Neighbours } from '../target/neighbours';
import { ClusterRule, RuleContext } from '../target/rule-context';
import { modeOf } from '../target/service-view';
import { longestName, namesOfManifest } from './names-facts';

const AT = '/metadata/name';
const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

const PATTERN: ClusterRule = {
  code: 'KSV1101',
  individual: true,
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
  individual: true,
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
    const longest = longestName(manifest, context);
    const tooLong = name.length > longest ? namesOfManifest(manifest, context).tooLong() : [];
    if (tooLong.length > 0) {
      const worst = tooLong.reduce((a, b) => b.name.length - b.limit > a.name.length - a.limit ? b : a);
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
  const template = modeOf(manifest, target) === DeploymentMode.KNATIVE ? 'knativeDomainTemplate' : 'domainTemplate';
  return kind === 'DNS label'
    ? `${shorter}, or separate name and namespace by a dot in the cluster's template of host names and say so: ServingTarget.attach(…, { ${template}: … }).`
    : `${shorter}.`;
}

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
  individual: true,
  title: 'The host name depends on more than is known here',
  severity: 'warning',
  origin: 'ours',
  bites: 'synthesis',
  explanation: 'Of KServe\'s and Knative\'s templates the library evaluates name, namespace and domain. With anything else `url` is undefined, and the length of host names is not checked.',
  * check(manifest, context) {
    // once is enough: the template is the same for all
    const [first] = context.neighbours.ofKind(manifest.kind);
    const isFirst = first === undefined || first.name === manifest.metadata.name;
    const unknown = isFirst ? namesOfManifest(manifest, context).unknownVariables() : [];
    if (unknown.length > 0) {
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
  individual: true,
  title: 'A name that follows from the service\'s name is taken',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'controllerutil.SetControllerReference: an object has one controller; reconcilers update the object that they find by name',
  explanation: 'KServe makes an object where another one of the same name stands. Depending on the kind it overwrites it or gives up; the two services then fight for it.',
  * check(manifest, context) {
    const { name } = manifest.metadata;
    const variant = manifest.spec?.predictor?.name;
    if (Deferred.is(name) || (variant === undefined && !namedLikeComponent(name) && !mayCollide(context.neighbours))) {
      return;
    }
    const others = similarServices(name, variant, context);
    for (const derived of namesOfManifest(manifest, context).all()) {
      const other = ownerOf(derived, others, context);
      if (other !== undefined) {
        yield takenBy(derived, other, name);
        return;
      }
    }
  },
};

const COMPONENTS = ['predictor', 'transformer', 'explainer'];

/** The services whose names differ from this one in the name of a component, so that both could make the same object. */
function similarServices(name: string, variant: string | undefined, { neighbours, namespace }: RuleContext): Neighbour[] {
  const component = COMPONENTS.find((one) => name.endsWith(`-${one}`));
  return [
    ...COMPONENTS.map((one) => `${name}-${one}`),
    ...component === undefined ? [] : [name.slice(0, -component.length - 1)],
    ...variant === undefined ? [] : [`${name}-${variant}`, `${name}-${variant}-predictor`],
  ].flatMap((one) => neighbours.named('InferenceService', namespace, one));
}

function namedLikeComponent(name: string): boolean {
  return name.endsWith('-predictor') || name.endsWith('-transformer') || name.endsWith('-explainer');
}

const collisions = new WeakMap<Neighbours, boolean>();

/** Whether there is anything in a cluster that could make a collision, which is rare. */
function mayCollide(neighbours: Neighbours): boolean {
  let may = collisions.get(neighbours);
  if (may === undefined) {
    may = ['Deployment', 'Service', 'HTTPRoute', 'Ingress', 'VirtualService', 'ConfigMap'].some((kind) => neighbours.ofKind(kind).length > 0)
      || neighbours.ofKind('InferenceService').some(({ name }) => namedLikeComponent(name));
    collisions.set(neighbours, may);
  }
  return may;
}

/** Another object of the program with this name, or another service from which it follows. */
function ownerOf({ kind, apiVersion, name }: DerivedName, others: Neighbour[], context: RuleContext): Neighbour | undefined {
  if (apiVersion === undefined || AUTOSCALERS.includes(kind)) {
    return undefined;
  }
  const { neighbours, namespace } = context;
  return neighbours.named(kind, namespace, name).find((one) => groupOf(one.object.apiVersion) === groupOf(apiVersion))
    ?? others.find((other) => namesOfManifest(other.manifest, context).all()
      .some((one) => one.kind === kind && one.apiVersion === apiVersion && one.name === name));
}

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

function groupOf(apiVersion: string): string {
  return apiVersion.split('/').slice(0, -1).join();
}

/** Rules on the name of a service and on the names that follow from it. */
export const NAME_RULES: ClusterRule[] = [PATTERN, TOO_LONG, CONTROLLER_NAMESPACE, UNKNOWN_VARIABLE, TAKEN];
