/** Structs that describe something to the library, or that it answers with: they reach no cluster. */
export const NOT_FOR_THE_CLUSTER: { readonly [why: string]: readonly string[] } = {
  'facts about a cluster': ['ServingTargetProps', 'ClusterComponents', 'KnativeFeatures', 'GatewayApiIngressOptions', 'KubernetesIngressOptions', 'RuntimeFacts'],
  'facts about a service that others made': ['InferenceServiceAttributes'],
  'an answer of the library': ['DerivedName', 'Finding', 'KnownBug', 'ComponentPins', 'RuntimeCandidate', 'StepTrace', 'StepCall'],
  'a question to the library': ['PictureOptions', 'SimulatedRequest', 'SimulateOptions', 'StepResponse'],
};

const KEDA = "it is in the ScaledObject that the library makes, and KEDA's controller is not on the bench; accepted.test.ts applies it";
const MODEL_MESH = "ModelMesh's controller reads it, which is not on the bench";
const CHOICE = 'it decides which runtime is chosen: runtime.test.ts';
const DISPLAY = 'it is metadata of the object itself, which accepted.test.ts applies';
const NAMES = 'it is the name of objects: names.test.ts';
const GATE = 'Kubernetes 1.34 drops or refuses it without a feature gate';
const STEPS = 'it becomes options of steps, which are seen';

/** Props whose effect cannot be seen in child objects, and why; `<struct>.*` are all of a struct. */
export const UNSEEN: { readonly [prop: string]: string } = {
  'InferenceServiceProps.predictor': 'there is no service without one to compare with',
  'InferenceServiceProps.deploymentMode': 'the clusters of a run are of both modes',
  'InferenceServiceProps.name': NAMES,
  'InferenceServiceProps.namespace': NAMES,
  'InferenceServiceProps.stopped': 'it takes the child objects away: life.test.ts',
  'InferenceServiceProps.disableAutoUpdate': 'it holds back changes: life.test.ts',
  'InferenceServiceProps.disableLocalModel': 'the local model cache is not on the bench',
  'InferenceServiceProps.nodeGroup': 'the local model cache is not on the bench',
  'InferenceServiceProps.gpuResourceTypes': 'the webhook reads it: rules.test.ts, KSV1418',
  'PodSpecOverride.hostnameOverride': GATE,
  'Container.restartPolicy': GATE,
  'Container.restartPolicyRules': GATE,
  'ModelPredictorOptions.runtime': CHOICE,
  'ExternalScalingOptions.minReplicas': 'only sizes of canaries depend on it',
  'LoggerStorage.key': 'the webhook asks for it, and the agent does not read it',
  'OciSourceOptions.native': 'image volumes are behind a feature gate of Kubernetes 1.34',
  'AzureWorkloadIdentityOptions.tenantId': "Azure's own webhook reads it from the ServiceAccount",
  'StorageKeyOptions.schemaPath': 'ModelMesh reads it',
  'KedaPodMetricOptions.metricNames': "the OpenTelemetry operator's CRDs are not on the bench",
  'KedaTriggerOptions.*': KEDA,
  'CustomTriggerOptions.*': KEDA,
  'KafkaTriggerOptions.*': KEDA,
  'RedisListTriggerOptions.*': KEDA,
  'CronTriggerOptions.*': KEDA,
  'TriggerAuthenticationRef.*': KEDA,
  'KedaFallback.*': KEDA,
  ...Object.fromEntries(['pollingInterval', 'cooldownPeriod', 'initialCooldownPeriod', 'idleReplicas', 'fallback', 'behavior', 'envSourceContainerName']
    .map((prop) => [`KedaTriggersScalingOptions.${prop}`, KEDA])),
  'InferenceGraphProps.name': NAMES,
  'InferenceGraphProps.namespace': NAMES,
  'InferenceGraphProps.deploymentMode': 'the clusters of a run are of both modes',
  'InferenceGraphProps.stopped': 'it takes the child objects away: life.test.ts',
  'TrainedModelProps.namespace': NAMES,
  'StepOptions.when': 'the router evaluates it: router.test.ts',
  'StepOptions.headers': 'it is checked, not written',
  'StepOptions.timeout': 'it is checked, not written',
  'PipelineStepOptions.*': STEPS,
  'AggregationProps.*': 'it becomes a container of a service, whose props are seen',
  'RuntimeFormat.*': CHOICE,
  'ServingRuntimeProps.namespace': CHOICE,
  'ClusterServingRuntimeProps.name': CHOICE,
  'ClusterServingRuntimeProps.formats': CHOICE,
  'ClusterServingRuntimeProps.protocolVersions': CHOICE,
  'ClusterServingRuntimeProps.disabled': CHOICE,
  'ClusterServingRuntimeProps.multiModel': CHOICE,
  'ClusterServingRuntimeProps.labels': DISPLAY,
  'ClusterServingRuntimeProps.annotations': DISPLAY,
  'ClusterServingRuntimeProps.containerName': MODEL_MESH,
  'ClusterServingRuntimeProps.grpcEndpoint': MODEL_MESH,
  'ClusterServingRuntimeProps.grpcDataEndpoint': MODEL_MESH,
  'ClusterServingRuntimeProps.httpDataEndpoint': MODEL_MESH,
  'ClusterServingRuntimeProps.replicas': MODEL_MESH,
  'ClusterServingRuntimeProps.storageHelperDisabled': MODEL_MESH,
  'ClusterServingRuntimeProps.builtInAdapter': MODEL_MESH,
  'BuiltInAdapter.*': MODEL_MESH,
  'ClusterServingRuntimeProps.workers': 'its pods are those of services with workers, which are seen',
  'RuntimeWorkers.*': 'its pods are those of services with workers, which are seen',
  'BuiltInRuntimesProps.*': 'it makes ClusterServingRuntimes, whose props are seen',
  'BuiltInRuntimeOptions.*': 'it makes ClusterServingRuntimes, whose props are seen',
  'ClusterStorageContainerProps.name': NAMES,
  'ClusterStorageContainerProps.regexes': 'as prefixes, which are seen',
  'ClusterStorageContainerProps.workloadType': 'the local model cache is not on the bench',
  'ClusterStorageContainerProps.supportsMultiModelDownload': 'it lets the controller accept several sources, which ArtifactOptions.sources shows of the default container',
  'ClusterStorageContainerProps.disabled': 'KServe passes the container over, and what it then does is the effect of another',
};

/** Props that ask for what is so in a mode anyway. */
export const ALWAYS_SO: { readonly [mode: string]: { readonly [prop: string]: string } } = {
  standard: { 'InferenceGraphProps.clusterLocal': 'no graph of Standard mode is reachable from outside' },
  knative: {},
};
