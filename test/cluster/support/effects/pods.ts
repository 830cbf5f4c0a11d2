import { Duration, Size } from 'cdk8s';
import { Cpu, EnvValue, PercentOrAbsolute, ServiceAccount } from 'cdk8s-plus-28';
import {
  Batcher, Container, DeploymentStrategy, InferenceLogger, LogFormat, Placement, PodSecurity, PodSpecOverride,
} from '../../../../src';
import { EffectProgram, Fields, on, Shape } from './program';

const ALL: Shape[] = ['model', 'transformer', 'explainer'];
const SCHEDULED = 'no node is like this';

const TERM = { matchExpressions: [{ key: 'kubernetes.io/os', operator: 'Exists' }] };
const SIDECAR = { name: 'sidecar', image: 'example/sidecar:1', resources: { limits: { memory: '64Mi' } } };

/** Fields of pods, each with a value of its own. */
const POD_FIELDS: { readonly [field in keyof Required<Omit<PodSpecOverride, 'hostnameOverride'>>]: readonly [value: unknown, shown: RegExp, unready?: string] } = {
  activeDeadlineSeconds: [98765, /activeDeadlineSeconds = 98765/],
  affinity: [{ nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 41, preference: TERM }] } }, /affinity.*weight = 41/],
  automountServiceAccountToken: [false, /automountServiceAccountToken = false/],
  containers: [[SIDECAR], /image = example\/sidecar:1/],
  dnsConfig: [{ searches: ['dns.example.com'] }, /dnsConfig.*dns\.example\.com/],
  dnsPolicy: ['Default', /dnsPolicy = Default/],
  enableServiceLinks: [true, /enableServiceLinks = true/],
  hostAliases: [[{ ip: '192.0.2.9', hostnames: ['alias'] }], /hostAliases.*192\.0\.2\.9/],
  hostIPC: [true, /hostIPC = true/],
  hostNetwork: [true, /hostNetwork = true/],
  hostPID: [true, /hostPID = true/],
  hostUsers: [false, /hostUsers = false/],
  hostname: ['given-host', /hostname = given-host/],
  imagePullSecrets: [[{ name: 'pull' }], /imagePullSecrets.*pull/],
  initContainers: [[{ name: 'first', image: 'example/first:1' }], /image = example\/first:1/],
  nodeName: ['bench', /nodeName = bench/],
  nodeSelector: [{ 'kubernetes.io/arch': 'amd64' }, /nodeSelector\.kubernetes\.io\/arch = amd64/],
  os: [{ name: 'linux' }, /\.os\.name = linux/],
  overhead: [{ cpu: '7m' }, /overhead.*7m/],
  preemptionPolicy: ['Never', /preemptionPolicy = Never/],
  priority: [77, /priority = 77/],
  priorityClassName: ['system-node-critical', /priorityClassName = system-node-critical/],
  readinessGates: [[{ conditionType: 'example.com/gate' }], /readinessGates.*example\.com\/gate/],
  resourceClaims: [[{ name: 'claim', resourceClaimName: 'claim' }], /resourceClaims.*claim/, SCHEDULED],
  resources: [{ limits: { cpu: '30' }, requests: { cpu: '20', memory: '90Gi' } }, /spec\.resources\.limits\.cpu = 30/],
  restartPolicy: ['OnFailure', /restartPolicy = OnFailure/],
  runtimeClassName: ['effects', /runtimeClassName = effects/],
  schedulerName: ['another', /schedulerName = another/, SCHEDULED],
  schedulingGates: [[{ name: 'example.com/gate' }], /schedulingGates.*example\.com\/gate/, SCHEDULED],
  securityContext: [{ fsGroup: 4321 }, /fsGroup = 4321/],
  serviceAccount: ['bench-account', /serviceAccountName = bench-account/],
  serviceAccountName: ['bench-account', /serviceAccountName = bench-account/],
  setHostnameAsFQDN: [true, /setHostnameAsFQDN = true/],
  shareProcessNamespace: [true, /shareProcessNamespace = true/],
  subdomain: ['given-domain', /subdomain = given-domain/],
  terminationGracePeriodSeconds: [97, /terminationGracePeriodSeconds = 97/],
  tolerations: [[{ key: 'example.com/taint', operator: 'Exists' }], /tolerations.*example\.com\/taint/],
  topologySpreadConstraints: [[{ maxSkew: 3, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }], /maxSkew = 3/],
  volumes: [[{ name: 'v', configMap: { name: 'c' } }], /volumes.*configMap\.name = c$/],
};

const probe = (periodSeconds: number) => ({ httpGet: { path: '/probe', port: 8080 }, periodSeconds });

/** Fields of containers; the name is KServe's. */
const CONTAINER_FIELDS: { readonly [field in keyof Required<Omit<Container, 'name' | 'restartPolicy' | 'restartPolicyRules'>>]: readonly [value: unknown, shown: RegExp, unready?: string] } = {
  args: [['--override=1'], /args.*--override=1/],
  command: [['override'], /command.*override/],
  env: [[{ name: 'OVERRIDE', value: 'set' }], /env.*OVERRIDE/],
  envFrom: [[{ configMapRef: { name: 'variables', optional: true } }], /envFrom.*variables/],
  image: ['example/override:1', /image = example\/override:1/],
  imagePullPolicy: ['Never', /imagePullPolicy = Never/],
  lifecycle: [{ preStop: { exec: { command: ['stop-it'] } } }, /lifecycle.*stop-it/],
  livenessProbe: [probe(41), /livenessProbe\.periodSeconds = 41/],
  ports: [[{ containerPort: 8181, name: 'http1' }], /ports.*containerPort = 8181/],
  readinessProbe: [probe(42), /[rR]eadiness.*42/],
  resizePolicy: [[{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }], /resizePolicy.*RestartContainer/],
  resources: [{ limits: { cpu: '3' } }, /resources\.limits\.cpu = 3/],
  securityContext: [{ runAsUser: 4322 }, /runAsUser = 4322/],
  startupProbe: [probe(43), /startupProbe\.periodSeconds = 43/],
  stdin: [true, /stdin = true/],
  stdinOnce: [true, /stdinOnce = true/],
  terminationMessagePath: ['/dev/words', /terminationMessagePath = \/dev\/words/],
  terminationMessagePolicy: ['FallbackToLogsOnError', /terminationMessagePolicy = FallbackToLogsOnError/],
  tty: [true, /tty = true/],
  volumeDevices: [[{ name: 'disk', devicePath: '/dev/disk' }], /volumeDevices.*\/dev\/disk/, 'the claim does not exist'],
  volumeMounts: [[{ name: 'v', mountPath: '/override' }], /volumeMounts.*\/override/],
  workingDir: ['/override', /workingDir = \/override/],
};

/** What a field needs beside it. */
const BESIDE: { readonly [field: string]: Fields } = {
  'podSpec.containers': { override: { ports: [{ containerPort: 8080 }] } },
  'podSpec.volumes': { override: { volumeMounts: [{ name: 'v', mountPath: '/v' }] } },
  'override.volumeMounts': { podSpec: { volumes: [{ name: 'v', emptyDir: {} }] } },
  'override.volumeDevices': { podSpec: { volumes: [{ name: 'disk', persistentVolumeClaim: { claimName: 'disk' } }] } },
};

/** What does not go together with other fields. */
const ALONE = ['hostNetwork', 'hostUsers', 'hostPID', 'hostIPC', 'setHostnameAsFQDN', 'os', 'serviceAccount', 'containers'];

function fields(struct: string, prop: 'podSpec' | 'override', table: { [field: string]: readonly [unknown, RegExp, string?] }): EffectProgram[] {
  return Object.entries(table).map(([field, [value, shown, unready]]) => ({
    shape: 'model',
    props: { ...BESIDE[`${prop}.${field}`], [prop]: { ...BESIDE[`${prop}.${field}`]?.[prop], [field]: value } },
    shows: { [`${struct}.${field}`]: shown },
    unready,
    unreadyIn: 'standard', // Knative drops or refuses these
    alone: ALONE.includes(field),
    group: prop,
  }));
}

const STORAGE = { path: 'log-path', key: 'log-key', parameters: { region: 'log-region' } };

/** Props that all components and containers have. */
export const POD_PROGRAMS: EffectProgram[] = [
  ...on(ALL, { timeout: Duration.seconds(121) }, { 'ComponentOptions.timeout': /(timeoutSeconds|timeouts\.request) = (121s?|2m1s)/ }),
  ...on(ALL, { containerConcurrency: 7 }, { 'ComponentOptions.containerConcurrency': /(containerConcurrency = 7|--workers|args.* = 7$)/ }),
  ...on(ALL, { logger: InferenceLogger.all({ url: 'http://sink.example.com', metadataHeaders: ['x-logged'], metadataAnnotations: ['logged-annotation'] }) }, {
    'ComponentOptions.logger': /image = kserve\/agent|logger/,
    'InferenceLoggerOptions.url': /sink\.example\.com/,
    'InferenceLoggerOptions.metadataHeaders': /x-logged/,
    'InferenceLoggerOptions.metadataAnnotations': /logged-annotation/,
  }),
  ...on(['model'], (chart) => ({
    logger: InferenceLogger.requests({
      url: 's3://logs', storage: { ...STORAGE, format: LogFormat.JSON, serviceAccount: ServiceAccount.fromServiceAccountName(chart, 'LogAccount', 'log-account') },
    }),
  }), {
    'InferenceLoggerOptions.storage': /s3:\/\/logs/,
    'LoggerStorage.path': /log-path/,
    'LoggerStorage.format': /= json/,
    'LoggerStorage.parameters': /log-region/,
    'LoggerStorage.serviceAccount': /AWS_SECRET_ACCESS_KEY/,
  }),
  ...on(['model'], { logger: InferenceLogger.all({ url: 'http://sink.example.com', marshallerUrl: 'http://marshal.example.com' }) }, { 'InferenceLoggerOptions.marshallerUrl': /marshal\.example\.com/ }),
  ...on(['model'], { logger: InferenceLogger.all({ url: 's3://logs', storage: STORAGE, batchSize: 19, batchInterval: Duration.seconds(29) }) }, { 'InferenceLoggerOptions.batchInterval': /= 29s$/, 'InferenceLoggerOptions.batchSize': /= 19$/ }),
  ...on(ALL, { batcher: Batcher.of({ maxBatchSize: 17, maxLatency: Duration.millis(51) }) }, { 'BatcherOptions.maxLatency': /= 51$/, 'ComponentOptions.batcher': /--enable-batcher|\/batcher = true/, 'BatcherOptions.maxBatchSize': /= 17$/ }),
  ...on(['model'], { batcher: Batcher.of({ timeout: 23 }) }, { 'BatcherOptions.timeout': /= 23$/ }),
  ...on(ALL, { labels: { 'acme.org/labelled': 'component' } }, { 'ComponentOptions.labels': /acme\.org\/labelled = component/ }),
  ...on(ALL, { annotations: { 'acme.org/annotated': 'component' } }, { 'ComponentOptions.annotations': /acme\.org\/annotated = component/ }),
  ...on(ALL, {
    deploymentStrategy: DeploymentStrategy.rollingUpdate({ maxSurge: PercentOrAbsolute.absolute(3), maxUnavailable: PercentOrAbsolute.absolute(2) }),
  }, {
    'ComponentOptions.deploymentStrategy': /strategy/,
    'RollingUpdateOptions.maxSurge': /maxSurge = 3/,
    'RollingUpdateOptions.maxUnavailable': /maxUnavailable = 2/,
  }),
  ...on(ALL, {
    placement: Placement.of({
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      tolerations: [{ key: 'example.com/placed', operator: 'Exists' }],
      affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 43, podAffinityTerm: { topologyKey: 'zone' } }] } },
      topologySpreadConstraints: [{ maxSkew: 4, topologyKey: 'rack', whenUnsatisfiable: 'ScheduleAnyway' }],
    }),
  }, {
    'ComponentOptions.placement': /nodeSelector/,
    'PlacementConfiguration.nodeSelector': /nodeSelector\.kubernetes\.io\/os = linux/,
    'PlacementConfiguration.tolerations': /example\.com\/placed/,
    'PlacementConfiguration.affinity': /weight = 43/,
    'PlacementConfiguration.topologySpreadConstraints': /maxSkew = 4/,
  }),
  ...on(ALL, (chart) => ({ serviceAccount: ServiceAccount.fromServiceAccountName(chart, 'Account', 'bench-account') }), { 'ComponentOptions.serviceAccount': /serviceAccountName = bench-account/ }),
  ...on(ALL, { podDisruptionBudget: { minAvailable: PercentOrAbsolute.absolute(1) } }, {
    'ComponentOptions.podDisruptionBudget': /PodDisruptionBudget.*expectedPods = 1/,
    'PodDisruptionBudgetOptions.minAvailable': /PodDisruptionBudget.*desiredHealthy = 1/,
  }),
  ...on(['model'], { podDisruptionBudget: { maxUnavailable: PercentOrAbsolute.absolute(1) } }, { 'PodDisruptionBudgetOptions.maxUnavailable': /PodDisruptionBudget.*disruptionsAllowed = 1/ }),
  ...on(ALL, { podSecurity: PodSecurity.RESTRICTED }, { 'ComponentOptions.podSecurity': /seccompProfile\.type = RuntimeDefault/ }),
  ...on(['transformer', 'explainer'], { podSpec: { priorityClassName: 'system-node-critical' } }, { 'ComponentOptions.podSpec': /priorityClassName = system-node-critical/ }),
  ...on(['model'], { podSpec: { imagePullSecrets: [{ name: 'also-pull' }] } }, { 'ComponentOptions.podSpec': /imagePullSecrets.*also-pull/ }),

  ...on([...ALL, 'server'], { command: ['given-command'] }, { 'ContainerOptions.command': /command.*given-command/ }),
  ...on([...ALL, 'server'], { args: ['--given=1'] }, { 'ContainerOptions.args': /args.*--given=1/ }),
  ...on([...ALL, 'server'], { env: { GIVEN: EnvValue.fromValue('given-value') } }, { 'ContainerOptions.env': /env.*given-value/ }),
  ...on([...ALL, 'server'], {
    resources: {
      cpu: { request: Cpu.millis(501), limit: Cpu.units(5) },
      memory: { request: Size.mebibytes(1025), limit: Size.gibibytes(5) },
      ephemeralStorage: { request: Size.gibibytes(1), limit: Size.gibibytes(9) },
    },
  }, {
    'ContainerOptions.resources': /resources/,
    'Resources.cpu': /resources\.limits\.cpu = 5/,
    'CpuResources.request': /resources\.requests\.cpu = 501m/,
    'CpuResources.limit': /resources\.limits\.cpu = 5/,
    'Resources.memory': /resources\.limits\.memory = 5Gi/,
    'MemoryResources.request': /resources\.requests\.memory = 1025Mi/,
    'MemoryResources.limit': /resources\.limits\.memory = 5Gi/,
    'Resources.ephemeralStorage': /resources\.limits\.ephemeral-storage = 9Gi/,
  }),
  ...on(['model'], { resources: { gpu: { count: 2, resource: 'amd.com/gpu' } } }, {
    'Resources.gpu': /amd\.com\/gpu/, 'GpuResources.count': /limits\.amd\.com\/gpu = 2/, 'GpuResources.resource': /amd\.com\/gpu = 2/,
  }),
  ...on(['model'], { resources: { extended: { 'acme.com/npu': 3 } } }, { 'Resources.extended': /acme\.com\/npu = 3/ }, SCHEDULED),
  ...on(['model', 'explainer'], { ports: [{ containerPort: 8282, name: 'http1' }] }, { 'ContainerOptions.ports': /ports.*containerPort = 8282|targetPort = 8282/ }),
  ...on([...ALL, 'server'], { readinessProbe: probe(31) }, { 'ContainerOptions.readinessProbe': /[rR]eadiness.*31/ }),
  ...on([...ALL, 'server'], { livenessProbe: probe(32) }, { 'ContainerOptions.livenessProbe': /livenessProbe\.periodSeconds = 32/ }),
  ...on([...ALL, 'server'], { startupProbe: probe(33) }, { 'ContainerOptions.startupProbe': /startupProbe\.periodSeconds = 33/ }),
  ...on([...ALL, 'server'], { volumeMounts: [{ name: 'mounted', mountPath: '/given' }], podSpec: { volumes: [{ name: 'mounted', emptyDir: {} }] } }, {
    'ContainerOptions.volumeMounts': /volumeMounts.*\/given/,
  }),
  ...on([...ALL, 'server'], { securityContext: { runAsUser: 4323 } }, { 'ContainerOptions.securityContext': /runAsUser = 4323/ }),
  ...on([...ALL, 'server'], { override: { imagePullPolicy: 'Never' } }, { 'ContainerOptions.override': /imagePullPolicy = Never/ }),

  ...fields('PodSpecOverride', 'podSpec', POD_FIELDS),
  ...fields('Container', 'override', CONTAINER_FIELDS),
  { shape: 'model', props: { override: { name: 'given-name' } }, shows: { 'Container.name': /given-name/ } },
];

