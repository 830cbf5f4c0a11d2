import { chosenRuntime } from './chosen-runtime';
import { annotationPointer, labelPointer, Manifest } from '../core/manifest';
import { Deferred } from '../core/deferred';
import { KEYS } from '../release/keys';
import { DeploymentMode, KnativeFeatures, ServingTarget } from '../target';
import { ClusterRule, RuleContext } from '../target/rule-context';
import { ComponentView, componentsOf, containersOf, modeOf, strandsWorkers } from '../target/service-view';
import { ManifestViolation } from '../diagnostics/rule';

const UNKNOWN_MODE: ClusterRule = {
  code: 'KSV1901',
  title: 'The deployment mode is unknown or has an old name',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'GetDeploymentMode: unknown annotation values are ignored; at 0.16 the old names break every update',
  explanation: 'KServe ignores a mode that it does not know and takes the cluster\'s default. The old names RawDeployment and Serverless are accepted, but with KServe 0.16 every later update of the service is refused.',
  * check(manifest, { target: { release } }) {
    const value = manifest.metadata.annotations?.[KEYS.deploymentMode];
    if (value !== undefined && !Deferred.is(value) && !['Standard', 'Knative', 'ModelMesh'].includes(value)) {
      yield { at: annotationPointer(KEYS.deploymentMode), value, message: `is no deployment mode of KServe ${release}`, allowed: 'Standard, Knative', fix: 'use the prop deploymentMode.' };
    }
  },
};

const MODE_NOT_INSTALLED: ClusterRule = {
  code: 'KSV1902',
  title: 'The cluster does not have the mode',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'InferenceService reconciler: event ServerlessModeRejected when Knative Serving is absent',
  explanation: 'KServe accepts the service and then stops: without Knative Serving nothing runs in Knative mode.',
  * check(manifest, { target }) {
    const { components, cluster } = target;
    const mode = modeOf(manifest, target);
    const missing = mode === DeploymentMode.KNATIVE ? components.knative === false : components.standard === false;
    if (missing) {
      const [other, component] = mode === DeploymentMode.KNATIVE ? ['STANDARD', 'knative'] : ['KNATIVE', 'standard'];
      yield {
        at: annotationPointer(KEYS.deploymentMode),
        value: mode,
        message: `is not offered by cluster '${cluster}'`,
        fix: `set deploymentMode: DeploymentMode.${other}, or install it and say so: ServingTarget.attach(…, { components: { ${component}: true } }).`,
      };
    }
  },
};

/** What one mode ignores or refuses in a component, and what to do about it. */
interface WrongMode { field: string; mode: DeploymentMode; effect: string; fix: string }

const REFUSED_FIELDS: WrongMode[] = [
  { field: 'deploymentStrategy', mode: DeploymentMode.KNATIVE, effect: 'is refused in Knative mode, where revisions replace each other', fix: 'leave it out, or use rolloutDuration on the service.' },
];

const FIELD_REFUSED: ClusterRule = {
  code: 'KSV1903',
  about: ['deploymentStrategy'],
  title: 'A field is refused in this mode',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'InferenceService validator: KPA rules, deploymentStrategy must be unset',
  explanation: 'Knative has no Deployment strategy: it starts a new revision and moves the traffic.',
  check: (manifest, context) => wrongModes(manifest, context, REFUSED_FIELDS),
};

function* wrongModes(manifest: Manifest, { target }: RuleContext, fields: WrongMode[]): Iterable<ManifestViolation> {
  const mode = modeOf(manifest, target);
  for (const { spec, at } of componentsOf(manifest)) {
    for (const wrong of fields.filter((one) => one.mode === mode && spec[one.field] !== undefined)) {
      yield { at: `${at}/${wrong.field}`, message: wrong.effect, fix: wrong.fix };
    }
  }
}

const KNATIVE_ONLY = [
  { key: KEYS.enableTagRouting, what: 'tag routing' },
  { key: KEYS.knativeRolloutDuration, what: 'a rollout duration' },
  { key: KEYS.enableMetricAggregation, what: 'metric aggregation' },
];

const ANNOTATION_IGNORED: ClusterRule = {
  code: 'KSV1904',
  about: [...KNATIVE_ONLY.map(({ key }) => key), 'canaryTrafficPercent'],
  title: 'A Knative setting has no effect in Standard mode',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'ksvc_reconciler.go: annotations and canaryTrafficPercent are read there and by Knative; metrics_aggregate_injector.go looks for a queue-proxy',
  explanation: 'There are no revisions and no queue-proxy in Standard mode. A new version gets all traffic at once, whatever canaryTrafficPercent says.',
  * check(manifest, { target }) {
    if (modeOf(manifest, target) === DeploymentMode.STANDARD) {
      for (const { spec: { canaryTrafficPercent: value }, at } of componentsOf(manifest)) {
        // all traffic is what there is anyway
        if (value !== undefined && (Deferred.is(value) || value !== 100)) {
          yield { at: `${at}/canaryTrafficPercent`, value, message: 'splits traffic between revisions, which Standard mode does not have', fix: 'leave it out, or set deploymentMode: DeploymentMode.KNATIVE.' };
        }
      }
      for (const { key, what } of KNATIVE_ONLY) {
        const value = manifest.metadata.annotations?.[key];
        if (value !== undefined && value !== 'false') {
          yield { at: annotationPointer(key), value, message: `asks for ${what}, which Standard mode does not have`, fix: 'leave it out, or set deploymentMode: DeploymentMode.KNATIVE.' };
        }
      }
    }
  },
};

const VISIBILITY: ClusterRule = {
  code: 'KSV1905',
  about: [KEYS.knativeVisibility, KEYS.standardVisibility],
  title: 'The visibility label is the other mode\'s',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'Knative reads networking.knative.dev/visibility, the raw ingress reconciler networking.kserve.io/visibility',
  explanation: 'Each mode reads a label of its own, so a service with the other mode\'s label is open to the outside without anybody noticing.',
  * check(manifest, { target }) {
    const labels = manifest.metadata.labels ?? {};
    const [right, wrong] = modeOf(manifest, target) === DeploymentMode.KNATIVE
      ? [KEYS.knativeVisibility, KEYS.standardVisibility] : [KEYS.standardVisibility, KEYS.knativeVisibility];
    if (labels[wrong] === 'cluster-local' && labels[right] !== 'cluster-local') {
      yield { at: labelPointer(wrong), value: 'cluster-local', message: 'is not read in this mode: the service is reachable from outside', fix: 'use the prop clusterLocal: true.' };
    }
  },
};

/** What needs a feature flag of Knative: the flag, its wire name, and where a component uses it. */
const FLAGS: { feature: keyof KnativeFeatures; flag: string; uses: (component: ComponentView) => string[] }[] = [
  ...([
    ['affinity', 'podspec-affinity', 'affinity'],
    ['nodeSelector', 'podspec-nodeselector', 'nodeSelector'],
    ['tolerations', 'podspec-tolerations', 'tolerations'],
    ['topologySpreadConstraints', 'podspec-topologyspreadconstraints', 'topologySpreadConstraints'],
    ['initContainers', 'podspec-init-containers', 'initContainers'],
    ['securityContext', 'podspec-securitycontext', 'securityContext'],
    ['runtimeClassName', 'podspec-runtimeclassname', 'runtimeClassName'],
    ['schedulerName', 'podspec-schedulername', 'schedulerName'],
    ['priorityClassName', 'podspec-priorityclassname', 'priorityClassName'],
    ['hostAliases', 'podspec-hostaliases', 'hostAliases'],
    ['hostNetwork', 'podspec-hostnetwork', 'hostNetwork'],
    ['hostIpc', 'podspec-hostipc', 'hostIPC'],
    ['hostPid', 'podspec-hostpid', 'hostPID'],
    ['dnsPolicy', 'podspec-dnspolicy', 'dnsPolicy'],
    ['dnsConfig', 'podspec-dnsconfig', 'dnsConfig'],
    ['shareProcessNamespace', 'podspec-shareprocessnamespace', 'shareProcessNamespace'],
  ] as const).map(([feature, flag, field]) => ({
    feature,
    flag,
    uses: ({ spec, at }: ComponentView) => spec[field] === undefined ? [] : [`${at}/${field}`],
  })),
  ...([
    ['persistentVolumeClaim', 'podspec-persistent-volume-claim', 'persistentVolumeClaim'],
    ['emptyDir', 'podspec-volumes-emptydir', 'emptyDir'],
    ['hostPath', 'podspec-volumes-hostpath', 'hostPath'],
    ['csi', 'podspec-volumes-csi', 'csi'],
    ['imageVolume', 'podspec-volumes-image', 'image'],
  ] as const).map(([feature, flag, source]) => ({
    feature,
    flag,
    uses: ({ spec, at }: ComponentView) => (spec.volumes ?? []).flatMap((volume: any, i: number) => volume[source] === undefined ? [] : [`${at}/volumes/${i}`]),
  })),
  {
    feature: 'persistentVolumeClaim',
    flag: 'podspec-persistent-volume-claim',
    uses: ({ spec, at }) => /^pvc:/.test(String(spec.model?.storageUri)) ? [`${at}/model/storageUri`] : [],
  },
  {
    // KServe writes the init container and its volume into the Knative Service itself
    feature: 'initContainers',
    flag: 'podspec-init-containers',
    uses: ({ spec, at }) => spec.storageUris === undefined ? [] : [`${at}/storageUris`],
  },
  {
    feature: 'fieldRef',
    flag: 'podspec-fieldref',
    uses: (component) => containersOf(component).flatMap(({ container, at }) => (container.env ?? [])
      .flatMap(({ valueFrom }: any, i: number) => valueFrom?.fieldRef ?? valueFrom?.resourceFieldRef ? [`${at}/env/${i}`] : [])),
  },
  {
    feature: 'multiContainer',
    flag: 'multi-container',
    uses: ({ spec, at }) => (spec.containers ?? []).length + (spec.model === undefined ? 0 : 1) > 1 ? [`${at}/containers`] : [],
  },
  {
    feature: 'addCapabilities',
    flag: 'containerspec-addcapabilities',
    uses: (component) => containersOf(component).flatMap(({ container, at }) => container.securityContext?.capabilities?.add === undefined ? [] : [`${at}/securityContext/capabilities/add`]),
  },
];

const FEATURE_OFF: ClusterRule = {
  code: 'KSV1906',
  title: 'Knative\'s feature flag for a pod field is off',
  severity: 'error',
  origin: 'webhook',
  bites: 'runtime',
  mirrors: 'Knative Serving webhook: must not set the field(s)',
  explanation: 'KServe accepts the service, but Knative refuses the Knative Service that KServe makes of it, until the flag in ConfigMap config-features is `enabled`. An annotation on the service does not help.',
  * check(manifest, context) {
    const { target } = context;
    if (modeOf(manifest, target) !== DeploymentMode.KNATIVE || strandsWorkers(manifest, target)) {
      return;
    }
    const off = FLAGS.filter(({ feature }) => target.knativeFeatures[feature] === false);
    for (const component of off.length === 0 ? [] : componentsOf(manifest)) {
      for (const flag of off) {
        yield* flag.uses(component).map((at) => featureOff(flag, target, at));
      }
      const runtime = chosenRuntime(component, manifest, context);
      const passedOn = runtime && PASSED_ON.filter((field) => component.spec[field] === undefined).map((field) => [field, runtime.spec[field]]);
      for (const flag of passedOn === undefined ? [] : off) {
        for (const used of flag.uses({ name: component.name, spec: Object.fromEntries(passedOn!), at: '' })) {
          yield featureOff(flag, target, `${component.at}/model`, `has the runtime ${runtime!.name}, whose ${used.split('/')[1]} `);
        }
      }
    }
  },
};

/** The pod fields of a runtime that KServe gives to the pods of its services. */
const PASSED_ON = ['nodeSelector', 'affinity', 'tolerations', 'volumes', 'schedulerName'];

function featureOff({ feature, flag }: typeof FLAGS[number], { cluster }: ServingTarget, at: string, whose = ''): ManifestViolation {
  const name = flag.startsWith('podspec') || flag.startsWith('containerspec') ? `kubernetes.${flag}` : flag;
  return {
    at,
    message: `${whose}needs Knative's feature flag ${name}, which is off in cluster '${cluster}'`,
    fix: `enable it in ConfigMap config-features and say so: ServingTarget.attach(…, { knativeFeatures: { ${feature}: true } }); or use DeploymentMode.STANDARD.`,
  };
}

const TOO_LONG: ClusterRule = {
  code: 'KSV1907',
  about: ['timeout'],
  title: 'A timeout is longer than Knative allows',
  severity: 'warning',
  origin: 'webhook',
  bites: 'runtime',
  mirrors: 'Knative Serving webhook: timeoutSeconds at most max-revision-timeout-seconds (600)',
  explanation: 'Knative refuses revisions whose timeout exceeds max-revision-timeout-seconds of ConfigMap config-defaults, 600 seconds unless raised.',
  * check(manifest, { target }) {
    if (modeOf(manifest, target) === DeploymentMode.KNATIVE) {
      for (const { spec, at } of componentsOf(manifest)) {
        if (!Deferred.is(spec.timeout) && spec.timeout > 600) {
          yield { at: `${at}/timeout`, value: spec.timeout, message: 'exceeds Knative\'s usual limit', allowed: '0 to 600 seconds', fix: 'lower it, or raise max-revision-timeout-seconds and waive this finding.' };
        }
      }
    }
  },
};

export const MODE_RULES: ClusterRule[] = [
  UNKNOWN_MODE, MODE_NOT_INSTALLED, FIELD_REFUSED, ANNOTATION_IGNORED, VISIBILITY, FEATURE_OFF, TOO_LONG,
];
