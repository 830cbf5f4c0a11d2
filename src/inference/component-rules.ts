import { Deferred } from '../core/deferred';
import { ManifestViolation, Rule } from '../diagnostics/rule';
import { KServeRelease } from '../release';
import { Abilities } from '../release/abilities';
import { SERVER_CONTAINER, TRANSFORMER_CONTAINER } from '../release/container-names';
import { DeploymentMode } from '../target';
import { missingContainerFields, missingPodFields, REQUIRING_FIELDS, unknownPodFields } from '../target/pod-fields';
import { ClusterRule } from '../target/rule-context';
import { ComponentView, componentsOf, containersOf, FRAMEWORKS, modeOf, podsOf, variablesOf } from '../target/service-view';

/** Raised by `Explainer.alibi`. */
export const ALIBI_IS_GONE: Rule = {
  code: 'KSV1401',
  title: 'Alibi explainers no longer exist',
  severity: 'error',
  origin: 'schema',
  bites: 'create',
  mirrors: 'CRD: spec.explainer has no field alibi in any release from 0.13 on',
  explanation: 'KServe dropped its Alibi explainer after v0.12. A strict client refuses the field; a lenient one drops it, and the webhook then finds an explainer without an implementation.',
};

const FORBIDDEN_VARIABLE: ClusterRule = {
  code: 'KSV1402',
  about: ['env'],
  title: 'An environment variable is forbidden',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'InferenceService validator: PYTHONPATH in any container',
  explanation: 'From KServe 0.18 the webhook refuses PYTHONPATH in every container, because it can replace the server\'s own code.',
  * check(manifest, { target }) {
    const forbidden = target.release._data.forbiddenEnv;
    for (const container of componentsOf(manifest).flatMap(containersOf)) {
      for (const { name, at } of variablesOf(container)) {
        if (!Deferred.is(name) && forbidden.includes(name)) {
          yield {
            at,
            message: `sets the environment variable ${name}, which KServe ${target.release} refuses`,
            fix: 'install the packages into the image instead.',
          };
        }
      }
    }
  },
};

const CONTAINER_NAME: ClusterRule = {
  code: 'KSV1403',
  title: 'A model\'s container has a name',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'InferenceService validator: the name field is not allowed in a standard predictor',
  explanation: 'KServe names the container of a model itself and refuses any other name.',
  * check(manifest) {
    for (const field of FRAMEWORKS) {
      const name = manifest.spec?.predictor?.[field]?.name;
      if (name !== undefined && name !== '') {
        yield { at: `/spec/predictor/${field}/name`, value: name, message: 'names the container of a model, which KServe does itself', fix: 'leave the name out.' };
      }
    }
  },
};

const ONE_IMPLEMENTATION: ClusterRule = {
  code: 'KSV1404',
  title: 'A component has no or several implementations',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'InferenceService validator: exactly one implementation must be specified',
  explanation: 'A predictor is either a model or a container named `kserve-container`, a transformer is a container, an explainer the ART one or a container; other containers stand beside it under other names.',
  * check(manifest) {
    for (const component of componentsOf(manifest)) {
      const containers: any[] = component.spec.containers ?? [];
      const kinds = KINDS_OF[component.name].filter((field) => component.spec[field] !== undefined);
      if (kinds.length === 0 && containers.length === 0) {
        yield { at: component.at, message: 'has nothing that serves', fix: `give the ${component.name} ${OFFERED[component.name]}.` };
      } else {
        yield* tooMany(component, kinds, containers);
      }
    }
  },
};

const KINDS_OF = { predictor: FRAMEWORKS, transformer: [], explainer: ['art'] };
const OFFERED = { predictor: 'a model or a container', transformer: 'a container', explainer: 'a container' };

function* tooMany({ name: component, at }: ComponentView, kinds: string[], containers: any[]): Iterable<ManifestViolation> {
  // KServe gives its own name to the first container of an explainer
  const own = component === 'explainer' ? Math.min(0, containers.length - 1) : containers.findIndex(({ name }) => name === SERVER_CONTAINER);
  if (kinds.length > 0 && own >= 0) {
    yield {
      at: `${at}/containers/${own}`,
      message: component === 'explainer'
        ? 'stands beside the ART explainer, so the explainer has two implementations'
        : 'is named `kserve-container` beside a model, so the predictor has two implementations',
      fix: component === 'explainer' ? 'keep one of the two.' : 'give the container another name, or put its fields into the model\'s own props.',
    };
  } else if (kinds.length > 1) {
    yield { at: `${at}/${kinds[1]}`, message: `stands beside ${kinds[0]}: a predictor serves one model`, fix: 'keep one of them.' };
  } else if (component === 'predictor' && kinds.length === 0 && containers.length > 1 && own < 0) {
    yield {
      at: `${at}/containers`,
      message: 'has several containers and none is called `kserve-container`, so KServe does not know which one serves',
      fix: 'name the serving container `kserve-container`.',
    };
  }
}

const TRANSFORMER_STORAGE: ClusterRule = {
  code: 'KSV1405',
  about: ['env'],
  title: 'A collocated transformer asks for the model',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'InferenceService validator: STORAGE_URI in transformer-container',
  explanation: 'The model is mounted into a collocated transformer as well, at `/mnt/models`; KServe refuses a second request for it.',
  * check(manifest) {
    for (const container of componentsOf(manifest).filter(({ name }) => name === 'predictor').flatMap(containersOf)) {
      const variable = variablesOf(container).find(({ name }) => name === 'STORAGE_URI');
      // the only container is the predictor, whatever its name
      const collocated = container.container.name === TRANSFORMER_CONTAINER && implementations(manifest.spec.predictor) > 1;
      if (collocated && variable !== undefined) {
        yield { at: variable.at, message: 'sets STORAGE_URI on the collocated transformer', fix: 'remove it; the predictor\'s model is at /mnt/models there too.' };
      }
    }
  },
};

function implementations(predictor: ComponentView['spec']): number {
  return FRAMEWORKS.filter((field) => predictor[field] !== undefined).length + (predictor.containers ?? []).length;
}

const PROTOCOL_VARIABLE: ClusterRule = {
  code: 'KSV1406',
  about: ['env'],
  title: 'The PROTOCOL variable of a custom predictor is unknown',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'InferenceService validator: PROTOCOL of a custom predictor is v1 or v2',
  explanation: 'The variable tells KServe which REST protocol the container speaks; gRPC is recognised by the port\'s name.',
  * check(manifest) {
    const first = manifest.spec?.predictor?.containers?.[0];
    if (first === undefined || FRAMEWORKS.some((field) => manifest.spec.predictor[field] !== undefined)) {
      return;
    }
    for (const { name, value, at } of variablesOf({ container: first, at: '/spec/predictor/containers/0' })) {
      if (name === 'PROTOCOL' && !Deferred.is(value) && !['v1', 'v2'].includes(value)) {
        yield { at, value, message: 'is no protocol that KServe knows for a container', allowed: 'v1, v2', fix: 'use InferenceProtocol.V1 or InferenceProtocol.V2; for gRPC name the port `h2c`.' };
      }
    }
  },
};

/** Fields that only some releases have, with the ability that says so. */
const FIELDS: { at: string[]; ability: keyof Abilities }[] = [
  { at: ['spec', 'predictor', 'storageContainerName'], ability: 'storageContainerName' },
  { at: ['spec', 'predictor', 'model', 'confidential'], ability: 'confidential' },
  { at: ['spec', 'predictor', 'name'], ability: 'predictorName' },
  { at: ['spec', 'canary'], ability: 'canaryPredictors' },
];

const NEWER_FIELD: ClusterRule = {
  code: 'KSV1407',
  title: 'The release has no such field',
  severity: 'error',
  origin: 'schema',
  bites: 'create',
  mirrors: 'CRD of the release',
  explanation: 'A strict client refuses the unknown field; others lose it without a word.',
  * check(manifest, { target: { release } }) {
    const { abilities } = release._data;
    for (const { at, ability } of FIELDS) {
      const value = abilities[ability] ? undefined : at.reduce<any>((parent, field) => parent?.[field], manifest);
      if (value !== undefined) {
        const since = KServeRelease.all().find(({ _data }) => _data.abilities[ability]);
        yield {
          at: `/${at.join('/')}`,
          message: `is a field that KServe ${release} does not have`,
          allowed: `KServe ${since} and newer`,
          fix: 'leave it out or upgrade KServe.',
        };
      }
    }
  },
};

const NEWER_POD_FIELD: ClusterRule = {
  code: 'KSV1408',
  title: 'The release does not know a pod field',
  severity: 'error',
  origin: 'schema',
  bites: 'create',
  mirrors: 'CRD of the release: its copy of the pod schema',
  explanation: 'KServe\'s CRDs carry a copy of Kubernetes\' pod fields, so a newer field is unknown to them even where the cluster knows it.',
  * check(manifest, { target: { release } }) {
    for (const { pod, at } of componentsOf(manifest).flatMap(podsOf)) {
      for (const found of unknownPodFields(pod, at, release)) {
        yield { at: found, message: `is a pod field that KServe ${release} does not know`, fix: 'leave it out or upgrade KServe.' };
      }
    }
  },
};

const MISSING_POD_FIELD: ClusterRule = {
  code: 'KSV1409',
  about: REQUIRING_FIELDS,
  title: 'A required pod field is missing',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'Kubernetes validation of the Deployment; required fields in the CRD, before which KServe\'s mutating webhook writes them as empty',
  explanation: 'All fields of `podSpec` are optional in the program, because KServe fills most of them in; a few are required wherever their parent is given. KServe writes the missing field as an empty one, and Kubernetes refuses the pods, or the API server the service.',
  * check(manifest) {
    for (const component of componentsOf(manifest)) {
      const own = containersOf(component).filter(({ at }) => !/\/(containers|initContainers)\//.test(at));
      const missing = [
        ...podsOf(component).flatMap(({ pod, at }) => [...missingPodFields(pod, at)]),
        ...own.flatMap(({ container, at }) => [...missingContainerFields(container, at)]),
      ];
      for (const at of missing) {
        yield { at, message: 'is required here and not given', fix: `add ${at.slice(at.lastIndexOf('/') + 1)}.` };
      }
    }
  },
};

const REFUSED_POD_FIELD: ClusterRule = {
  code: 'KSV1410',
  about: ['activeDeadlineSeconds', 'overhead', 'priority', 'preemptionPolicy', 'restartPolicy'],
  title: 'Kubernetes refuses a pod field here',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'Kubernetes validation of Deployments: activeDeadlineSeconds; admission plugins RuntimeClass (overhead) and Priority (priority, preemptionPolicy)',
  explanation: 'KServe accepts the service, but Kubernetes refuses its Deployment or the pods: those of a Deployment never end by themselves, overhead belongs to a runtime class, and priority and preemption to a priority class.',
  * check(manifest, { target }) {
    if (modeOf(manifest, target) === DeploymentMode.KNATIVE) {
      return; // it drops them
    }
    for (const { pod, at } of componentsOf(manifest).flatMap(podsOf)) {
      for (const { field, unless, allowed, fix } of REFUSED_POD_FIELDS) {
        if (pod[field] !== undefined && !Deferred.is(pod[field]) && pod[field] !== allowed && (unless === undefined || pod[unless] === undefined)) {
          yield { at: `${at}/${field}`, message: 'is refused by Kubernetes', fix };
        }
      }
    }
  },
};

/** What pods of a Deployment cannot have, or only beside another field. */
const REFUSED_POD_FIELDS: { field: string; unless?: string; allowed?: string; fix: string }[] = [
  { field: 'restartPolicy', allowed: 'Always', fix: 'leave it out; pods of a service are restarted.' },
  { field: 'activeDeadlineSeconds', fix: 'leave it out; pods of a service run until they are replaced.' },
  { field: 'overhead', unless: 'runtimeClassName', fix: 'set runtimeClassName: the runtime class brings its overhead.' },
  { field: 'priority', unless: 'priorityClassName', fix: 'set priorityClassName: the priority class brings the number.' },
  { field: 'preemptionPolicy', unless: 'priorityClassName', fix: 'set priorityClassName: the priority class brings the policy.' },
];

export const COMPONENT_RULES: ClusterRule[] = [
  FORBIDDEN_VARIABLE, CONTAINER_NAME, ONE_IMPLEMENTATION, TRANSFORMER_STORAGE, PROTOCOL_VARIABLE, NEWER_FIELD, NEWER_POD_FIELD, MISSING_POD_FIELD,
  REFUSED_POD_FIELD,
];
