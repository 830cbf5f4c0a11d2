/**
 * How a rule about what happens after admission is seen to be true, with the case of the rule or with its program in later-programs.ts.
 * One of the words is enough.
 */
export interface Proof {
  /** Words in the status of an object of the program, or in an event of its namespace. */
  readonly says?: RegExp;
  /** Words in what the controller logs of the namespace, where it says them nowhere else. */
  readonly logs?: RegExp;
  /** Words of a warning with which the server accepts an object. */
  readonly warns?: RegExp;
  /** The end of the name of a Deployment that is made more than once. */
  readonly remakes?: string;
  /** What some line of the child objects (`<object> <path> = <value>`) is like. */
  readonly shows?: RegExp;
  /** What no line of them is like. */
  readonly lacks?: RegExp;
  /** Errors of other rules that do not keep it from being seen. */
  readonly despite?: readonly string[];
  /** Whether the program has objects that the services of other programs would meet. */
  readonly alone?: boolean;
  /** The mode in which that is seen. @default - that of the program */
  readonly mode?: string;
}

const INITIALIZER = 'the storage initializer meets it, and no image runs on the bench';
const AGENT = "KServe's agent meets it, and no image runs on the bench";
const ROUTER = 'the router meets it: router.test.ts runs one';
const SDK = "servers built with KServe's SDK meet it, and no image runs on the bench";
const CHOICE = 'runtime.test.ts sees which runtime is chosen';

/** Rules that bite after admission, by code. */
export const PROOFS: { readonly [code: string]: Proof | readonly Proof[] } = {
  KSV1202: { says: /StorageUri \[registry:\/\/fraud\/v3\] is not supported/ },
  KSV1214: { mode: 'standard', shows: /persistentVolumeClaim\.claimName/, lacks: /subPath/ },
  KSV1215: { says: /must provide only one of storageUri and storage\.path/ },
  KSV1216: { says: /format \[s3\] requires a bucket/ },
  KSV1217: { says: /specified storage key ceph not found/ },
  KSV1220: { warns: /confidential/i },
  KSV1221: { says: /ClusterStorageContainer .*registry.* does not support storageUri/, alone: true },
  KSV1224: { says: /volumes\[1\]\.name: Invalid value|invalid value: mnt-models-Llama_3\.1: spec\.template\.spec\.volumes\[1\]\.name/ },
  KSV1225: [
    { mode: 'standard', says: /does not support multi-model download/, alone: true },
    { mode: 'knative', shows: /^Pod .*image = kserve\/huggingfaceserver/, lacks: /initContainers|mnt-models/, alone: true },
  ],
  KSV1226: { mode: 'standard', says: /kserve-provision-location|multi-model download|initContainers/ },
  KSV1227: { mode: 'standard', shows: /initContainers\.\d\.args\.\d = registry:/, lacks: /registry-initializer/, alone: true },
  KSV1409: { mode: 'standard', says: /topologySpreadConstraints\[0\]\.whenUnsatisfiable: Unsupported value/ },
  KSV1410: { says: /must not be provided in pod spec/ },
  KSV1411: { mode: 'standard', remakes: '-predictor-worker' },
  KSV1412: { shows: /^Knative Service /, lacks: /predictor-worker/, despite: ['KSV1411'] },
  KSV1420: { says: /[Dd]uplicate value/ },
  KSV1421: { says: /must be less than or equal to/ },
  KSV1422: { says: /must be equal to|must be set for non overcommitable|Limit must be set/ },
  KSV1423: { says: /must be an integer/ },
  KSV1425: { mode: 'standard', says: /must be greater than or equal to aggregate container requests/ },
  KSV1433: { says: /more than one container port is set: spec\.template\.spec\.containers\[\*\]\.ports/ },
  KSV1435: { mode: 'standard', says: /spec\.ports\[1\]\.name: Required value/ },
  KSV1436: { says: /[Dd]uplicate (value|container name)/ },
  KSV1504: { shows: /Deployment/, lacks: /containerConcurrency/ },
  KSV1505: { mode: 'standard', shows: /(minReplicas|minReplicaCount) = 1/, lacks: /(minReplicas|minReplicaCount|min-scale) = 0/ },
  KSV1507: { mode: 'standard', shows: /^HorizontalPodAutoscaler \.spec\.maxReplicas = 1$/ },
  KSV1514: { shows: /metrics\.0\.resource\.name = cpu/ },
  KSV1523: { says: /initial-scale=0 not allowed/ },
  KSV1524: { says: /expected 6s <= 5s <= 1h0m0s: spec\.template\.metadata\.annotations\.autoscaling\.knative\.dev\/window/ },
  // copied, and nothing that scales has it
  KSV1525: { mode: 'standard', shows: /^Deployment .*annotations\.autoscaling\.knative\.dev\/window = 30s$/, lacks: /^HorizontalPodAutoscaler \.spec.* = 30s?$/ },
  KSV1608: { shows: /image = kserve\/agent/, lacks: /--timeout|batcher.*timeout/i },
  KSV1701: { says: /failed to find kserve-container/ },
  KSV1702: { mode: 'standard', says: /failed to find worker-container/, despite: ['KSV1411'] },
  KSV1711: { says: /executing "container"|can't evaluate field|placeholder/i },
  KSV1713: { says: /runtime does not support specified framework\/version/, despite: ['KSV1727'] },
  KSV1721: { says: /No runtime found to support specified framework\/version/ },
  KSV1722: { says: /No runtime found to support specified framework\/version/ },
  KSV1723: { says: /RuntimeNotRecognized/ },
  KSV1724: { says: /RuntimeNotRecognized/ },
  KSV1725: { says: /Specified runtime is disabled/ },
  KSV1726: { says: /Specified runtime does not support specified protocol version/ },
  KSV1727: { says: /Specified runtime does not support specified framework\/version/ },
  KSV1728: { says: /No ServingRuntimes or ClusterServingRuntimes with the name/ },
  KSV1730: { logs: /panic: runtime error: invalid memory address/, despite: ['KSV1411'] },
  KSV1731: { mode: 'standard', shows: /^Deployment /, lacks: /predictor-worker/ },
  KSV1732: { says: /ports\[1\]\.name: Required value|more than one container port/ },
  KSV1803: { says: /IsNotMMSPredictor/ },
  KSV1804: { says: /MemoryResourceNotAvailable/ },
  // the controller of the older release stumbles over its own message
  KSV1812: { says: /error parsing regexp/, logs: /panic: runtime error: invalid memory address/, alone: true, despite: ['KSV1202'] },
  KSV1902: { says: /ServerlessModeRejected/ },
  KSV1904: { mode: 'standard', shows: /^HTTPRoute \.spec\.hostnames\.0 = NAME/, lacks: /= (latest|prev)-|\.traffic\./ },
  // the address to the outside is there all the same
  KSV1905: { mode: 'standard', shows: /^HTTPRoute \.spec\.hostnames\.\d = NAME\S*\.example\.com$/ },
  KSV1906: { says: /must not set the field/ },
  KSV1907: { says: /expected 0 <= 1800 <= 600: spec\.template\.spec\.timeoutSeconds/ },
  KSV1908: { shows: /Knative Service/, lacks: /Knative Service .*terminationGracePeriodSeconds/ },
  KSV1909: { says: /not mounted/ },
  KSV2015: { logs: /Failed to find graph service other/ },
  KSV2024: [
    { mode: 'standard', shows: /^Service \.spec\.selector\.app = isvc\./ },
    { mode: 'knative', says: /existing placeholder Service .* that we do not own/ },
  ],
  KSV2025: { says: /ServerlessModeRejected/ },
  KSV2027: { shows: /Deployment/, lacks: /imeout.* = 30$/ },
  KSV2036: { mode: 'knative', logs: /must not set the field\(s\): spec\.template\.spec\.nodeSelector/ },
};

/** Rules that bite after admission and that the bench cannot prove, and why. */
export const NOT_PROVABLE: { readonly [code: string]: string } = {
  KSV1102: 'names.test.ts applies names of one character more',
  KSV1104: "it is in the webhook configurations of an installation, and the bench's are its own",
  KSV1106: 'names.test.ts: the taken name is that of a child object',
  KSV1201: INITIALIZER,
  KSV1203: INITIALIZER,
  KSV1205: INITIALIZER,
  KSV1206: INITIALIZER,
  KSV1207: INITIALIZER,
  KSV1208: INITIALIZER,
  KSV1209: INITIALIZER,
  KSV1223: 'the kubelet meets two images at one path, and no image runs on the bench',
  KSV1301: INITIALIZER,
  KSV1302: INITIALIZER,
  KSV1304: INITIALIZER,
  KSV1307: INITIALIZER,
  KSV1309: INITIALIZER,
  KSV1311: INITIALIZER,
  KSV1431: SDK,
  KSV1506: "KEDA's controller is not on the bench",
  KSV1515: 'effects.test.ts: ScalingRules.policies',
  KSV1518: "KEDA's controller is not on the bench",
  KSV1519: "the bench has KEDA's CRDs",
  KSV1522: 'the autoscaler of Standard mode is not made for a ksvc: effects.test.ts compares what is',
  KSV1533: 'effects.test.ts: MetricScalingOptions.scaleMetricType',
  KSV1535: "KEDA's webhook is not on the bench",
  KSV1544: "the bench has KEDA's CRDs",
  KSV1552: 'nothing drains nodes on the bench',
  KSV1604: AGENT,
  KSV1605: AGENT,
  KSV1606: AGENT,
  KSV1607: AGENT,
  KSV1609: 'effects.test.ts: BatcherOptions.maxBatchSize (explainer), LoggerStorage.parameters',
  KSV1710: 'the differential test meets the webhook with a runtime of the same priority',
  KSV1712: 'the server starts with an empty argument, and no image runs on the bench',
  KSV1715: 'the annotation is one of a newer release; runtime.test.ts applies each release',
  KSV1716: 'effects.test.ts: RuntimePodOptions.hostIpc',
  KSV1729: CHOICE,
  KSV1805: AGENT,
  KSV1806: 'the controller deletes the model at once: life.test.ts',
  KSV1811: 'nothing refers to the container',
  KSV1813: 'the order of the list is different at each start',
  KSV1814: INITIALIZER,
  KSV1901: "the cluster's default mode is that of the run, so that nothing changes where it is ignored",
  KSV2011: ROUTER,
  KSV2014: ROUTER,
  KSV2017: ROUTER,
  KSV2018: ROUTER,
  KSV2019: ROUTER,
  KSV2020: ROUTER,
  KSV2026: 'effects.test.ts: InferenceGraphProps.scaling',
  KSV2028: 'one request in a hundred: router.test.ts',
  KSV2029: 'the bench has the full CRDs, not those of the chart',
  KSV2030: 'the node\'s kernel refuses the argument, and no image runs on the bench',
};
