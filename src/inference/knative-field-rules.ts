import { chosenRuntime } from './chosen-runtime';
import { Deferred } from '../core/deferred';
import { DeploymentMode } from '../target';
import { ClusterRule } from '../target/rule-context';
import { componentsOf, containersOf, modeOf } from '../target/service-view';

/** What Knative's API leaves out of a pod, up to Knative 1.21. */
const DROPPED_POD_FIELDS = [
  'activeDeadlineSeconds', 'hostname', 'hostnameOverride', 'hostUsers', 'nodeName', 'os', 'overhead', 'preemptionPolicy', 'priority',
  'readinessGates', 'resourceClaims', 'resources', 'restartPolicy', 'schedulingGates', 'serviceAccount', 'setHostnameAsFQDN', 'subdomain',
  'terminationGracePeriodSeconds',
];

/** What it leaves out of a container; init containers are not looked into. */
const DROPPED_CONTAINER_FIELDS = ['lifecycle', 'resizePolicy', 'restartPolicy', 'restartPolicyRules', 'stdin', 'stdinOnce', 'tty', 'volumeDevices'];

const FIXES: { readonly [field: string]: string } = {
  terminationGracePeriodSeconds: 'leave it out and set the timeout of the component: pods get as long to end as a request may take.',
  nodeName: 'use a nodeSelector.',
  priority: 'use priorityClassName.',
  serviceAccount: 'use the prop serviceAccount, or serviceAccountName.',
};

const DROPPED: ClusterRule = {
  code: 'KSV1908',
  about: [...DROPPED_POD_FIELDS, ...DROPPED_CONTAINER_FIELDS],
  title: 'Knative drops a pod field',
  severity: 'warning',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'CRD services.serving.knative.dev: its schema of pods and containers, beyond which the API server prunes',
  explanation: 'Knative knows only a part of Kubernetes\' pod. KServe hands the field on, the API server drops it from the Knative Service without a word, and the pods run without it. The time that pods get to end is that of a request.',
  * check(manifest, context) {
    if (modeOf(manifest, context.target) !== DeploymentMode.KNATIVE) {
      return;
    }
    for (const component of componentsOf(manifest)) {
      const containers = containersOf(component).filter(({ at }) => !/\/(initContainers|workerSpec)\//.test(at));
      const dropped = [
        ...DROPPED_POD_FIELDS.map((field) => ({ field, value: component.spec[field], at: component.at })),
        ...containers.flatMap(({ container, at }) => DROPPED_CONTAINER_FIELDS.map((field) => ({ field, value: container[field], at }))),
      ];
      for (const { field, at } of dropped.filter(({ value }) => value !== undefined)) {
        yield { at: `${at}/${field}`, message: 'has no effect in Knative mode: Knative drops it', fix: FIXES[field] ?? 'leave it out, or use DeploymentMode.STANDARD.' };
      }
    }
  },
};

const NOT_MOUNTED: ClusterRule = {
  code: 'KSV1909',
  about: ['volumes'],
  title: 'Knative does not accept a volume that is not mounted',
  severity: 'error',
  origin: 'webhook',
  bites: 'runtime',
  mirrors: 'Knative Serving webhook: volume with name … not mounted',
  explanation: 'KServe accepts the service, but Knative refuses the Knative Service that KServe makes of it as long as a volume is in no container\'s mounts. Standard mode does not mind.',
  * check(manifest, context) {
    if (modeOf(manifest, context.target) !== DeploymentMode.KNATIVE) {
      return;
    }
    for (const component of componentsOf(manifest).filter(({ spec }) => spec.volumes !== undefined)) {
      const own = containersOf(component).filter(({ at }) => !at.includes('/workerSpec/')).map(({ container }) => container);
      const runtime = chosenRuntime(component, manifest, context);
      if (runtime === undefined && component.spec.model !== undefined) {
        continue; // the runtime may mount it
      }
      const mounted = [...own, ...runtime?.spec.containers ?? []]
        .flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }: { name: string }) => name));
      for (const [i, { name }] of component.spec.volumes.entries()) {
        if (!Deferred.is(name) && !mounted.some((one) => Deferred.is(one) || one === name)) {
          yield {
            at: `${component.at}/volumes/${i}`,
            value: name,
            message: 'is a volume that no container mounts',
            fix: 'mount it with volumeMounts, leave it out, or use DeploymentMode.STANDARD.',
          };
        }
      }
    }
  },
};

/** The rules on pods that only Knative has. */
export const KNATIVE_FIELD_RULES: ClusterRule[] = [DROPPED, NOT_MOUNTED];
