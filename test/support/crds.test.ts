import { parse, parseAllDocuments } from 'yaml';
import { compileCel } from './cel';
import { findCrd } from './crd-files';
import { crdErrors, describeWithCrds, expectAccepted, itWithCrds, schemaPaths, specSchema } from './crds';
import type { Schema } from './schema';

const RELEASES = ['0.16.0', '0.17.0', '0.18.0', '0.19.0', '0.20.0'];

const isvc = (spec: string, metadata = '{name: iris}') => parse(`
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: ${metadata}
spec: ${spec}
`);
const errors = (spec: string, release = '0.20.0') => crdErrors(isvc(spec), release);

/** Small complete objects and the releases that have them. */
const SHAPES: { [title: string]: { readonly releases: string[]; readonly object: any } } = {
  'a predictor that scales on cpu': {
    releases: RELEASES,
    object: isvc(`{predictor: {minReplicas: 1, maxReplicas: 4, scaleMetric: cpu, scaleTarget: 60, serviceAccountName: models, model: {
      modelFormat: {name: sklearn, version: "1"}, protocolVersion: v1, storageUri: "s3://bucket/iris",
      resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {cpu: 1, memory: 2Gi}}}}}`,
    '{name: iris, annotations: {serving.kserve.io/deploymentMode: Standard, serving.kserve.io/autoscalerClass: hpa}}'),
  },
  'a Knative canary with logger and batcher': {
    releases: RELEASES,
    object: isvc(`{predictor: {minReplicas: 0, scaleMetric: concurrency, scaleTarget: 10, containerConcurrency: 20, timeout: 120,
      canaryTrafficPercent: 10, logger: {mode: all, url: "http://sink"}, batcher: {maxBatchSize: 32, maxLatency: 500},
      model: {modelFormat: {name: xgboost}, storageUri: "gs://bucket/xgb"}}}`),
  },
  'a transformer and an explainer': {
    releases: RELEASES,
    object: isvc(`{predictor: {model: {modelFormat: {name: pytorch}, storageUri: "gs://bucket/mnist"}},
      transformer: {containers: [{name: kserve-container, image: "example/t:1", args: ["--model_name=mnist"]}]},
      explainer: {containers: [{name: kserve-container, image: "example/e:1", ports: [{containerPort: 8080}, {containerPort: 8080, protocol: UDP}]}]}}`),
  },
  'a KEDA autoscaler': {
    releases: RELEASES,
    object: isvc(`{predictor: {minReplicas: 0, maxReplicas: 5, autoScaling: {metrics: [{type: External, external: {
      metric: {backend: prometheus, serverAddress: "http://prometheus", query: "vllm:num_requests_running"}, target: {type: Value, value: "2"}}}]},
      model: {modelFormat: {name: huggingface}, storageUri: "hf://Qwen/Qwen2.5-0.5B-Instruct"}}}`),
  },
  'a Standard canary': {
    releases: ['0.20.0'],
    object: isvc(`{predictor: {model: {modelFormat: {name: sklearn}, storageUri: "gs://b/v1"}}, canary: [{trafficPercent: 25, predictor: {
      name: v2, minReplicas: 1, model: {name: kserve-container, modelFormat: {name: sklearn}, storageUri: "gs://b/v2"}}}]}`),
  },
  'several artifacts': {
    releases: RELEASES,
    object: isvc(`{predictor: {storageUris: [{uri: "hf://org/base", mountPath: /mnt/models/base}, {uri: "s3://b/a"}],
      model: {modelFormat: {name: huggingface}}}}`),
  },
  'a pod-level field of newer Kubernetes': {
    releases: RELEASES.slice(1),
    object: isvc('{predictor: {hostnameOverride: iris, model: {modelFormat: {name: sklearn}, storageUri: "gs://b/v1"}}}'),
  },
  'a graph': {
    releases: RELEASES,
    object: parse(`
apiVersion: serving.kserve.io/v1alpha1
kind: InferenceGraph
metadata: {name: pets}
spec:
  routerTimeouts: {serviceClient: 30}
  nodes:
    root: {routerType: Sequence, steps: [{name: a, serviceName: cat-dog, dependency: Hard}, {name: b, nodeName: b, data: "$response"}]}
    b: {routerType: Splitter, steps: [{name: a, serviceName: a, weight: 90}, {name: b, serviceName: b, weight: 10}]}
`),
  },
  'a runtime': {
    releases: RELEASES,
    object: parse(`
apiVersion: serving.kserve.io/v1alpha1
kind: ServingRuntime
metadata: {name: mine, annotations: {serving.kserve.io/server-type: sklearnserver}}
spec:
  annotations: {prometheus.kserve.io/port: "8080"}
  supportedModelFormats: [{name: sklearn, version: "1", autoSelect: true, priority: 5}]
  protocolVersions: [v1, v2]
  containers: [{name: kserve-container, image: "example/server:1", args: ["--model_name={{.Name}}"]}]
`),
  },
  'a storage container that is switched off': {
    releases: RELEASES,
    object: parse(`
apiVersion: serving.kserve.io/v1alpha1
kind: ClusterStorageContainer
metadata: {name: mine}
disabled: true
spec: {container: {name: storage-initializer, image: "example/storage:1"}, supportedUriFormats: [{prefix: "model://"}, {regex: "^x"}]}
`),
  },
  'a trained model': {
    releases: RELEASES,
    object: parse(`
apiVersion: serving.kserve.io/v1alpha1
kind: TrainedModel
metadata: {name: a}
spec: {inferenceService: mms, model: {storageUri: "gs://bucket/a", framework: sklearn, memory: 256Mi}}
`),
  },
  'an LLM service': {
    releases: RELEASES.slice(1),
    object: parse(`
apiVersion: serving.kserve.io/v1alpha2
kind: LLMInferenceService
metadata: {name: qwen}
spec:
  model: {uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: qwen}
  replicas: 2
  template: {containers: [{name: main, resources: {limits: {nvidia.com/gpu: "1"}}}]}
  router: {route: {}, gateway: {}, scheduler: {}}
`),
  },
  'a namespaced model cache': {
    releases: RELEASES.slice(2),
    object: parse(`
apiVersion: serving.kserve.io/v1alpha1
kind: LocalModelNamespaceCache
metadata: {name: llama, namespace: team-a}
spec: {sourceModelUri: "hf://meta-llama/Llama-3.1-8B-Instruct", modelSize: 20Gi, nodeGroups: [gpu], serviceAccountName: hf}
`),
  },
};

describeWithCrds('objects as people write them', () => {
  for (const [title, { releases, object }] of Object.entries(SHAPES)) {
    test.each(RELEASES)(`${title} in KServe %s`, (release) => {
      const refused = crdErrors(object, release).length > 0;

      expect(refused).toBe(!releases.includes(release));
    });
  }

  test('are all accepted at once', () => {
    expectAccepted(Object.values(SHAPES).map(({ object }) => object), '0.20.0');
  });
});

describeWithCrds('idioms that a cluster refuses', () => {
  const MODEL = 'model: {modelFormat: {name: sklearn}, storageUri: "gs://b/m"}';

  test.each([
    ['explainer.alibi', `{predictor: {${MODEL}}, explainer: {alibi: {type: AnchorTabular}}}`, 'spec.explainer.alibi: unknown field'],
    ['explainer.aix', `{predictor: {${MODEL}}, explainer: {aix: {}}}`, 'spec.explainer.aix: unknown field'],
    ['transformer.custom', `{predictor: {${MODEL}}, transformer: {custom: {}}}`, 'spec.transformer.custom: unknown field'],
    ['predictor.custom', '{predictor: {custom: {}}}', 'spec.predictor.custom: unknown field'],
    ['canaryTrafficPercent on the service', `{predictor: {${MODEL}}, canaryTrafficPercent: 10}`, 'spec.canaryTrafficPercent: unknown field'],
    ['spec.default', '{default: {predictor: {}}}', 'spec.predictor: required'],
    ['predictor.traffic', `{predictor: {${MODEL}, traffic: []}}`, 'spec.predictor.traffic: unknown field'],
    ['scaleMetric qps', `{predictor: {${MODEL}, scaleMetric: qps}}`,
      'spec.predictor.scaleMetric: must be one of "cpu", "memory", "concurrency", "rps", not "qps"'],
    ['minReplicas under model', '{predictor: {model: {modelFormat: {name: sklearn}, minReplicas: 1}}}', 'spec.predictor.model.minReplicas: unknown field'],
    ['timeout under sklearn', '{predictor: {sklearn: {timeout: 1}}}', 'spec.predictor.sklearn.timeout: unknown field'],
    ['autoscaling in small letters', `{predictor: {${MODEL}, autoscaling: {}}}`, 'spec.predictor.autoscaling: unknown field'],
    ['a canary that is no list', `{predictor: {${MODEL}}, canary: {predictor: {}}}`, 'spec.canary: must be of type array, not {"predictor":{}}'],
    ['a canary model without a name', `{predictor: {${MODEL}}, canary: [{trafficPercent: 1, predictor: {name: v2, ${MODEL}}}]}`,
      'spec.canary[0].predictor.model.name: required'],
    ['a canary beyond 100 percent', `{predictor: {${MODEL}}, canary: [{trafficPercent: 101, predictor: {name: v2}}]}`,
      'spec.canary[0].trafficPercent: the number must be at most 100, not 101'],
    ['an unquoted quantity that is no number', '{predictor: {model: {modelFormat: {name: a}, resources: {limits: {cpu: true}}}}}',
      'spec.predictor.model.resources.limits.cpu: must be an integer or a string, not true'],
    ['a quantity with a wrong unit', '{predictor: {model: {modelFormat: {name: a}, resources: {limits: {memory: 1GB}}}}}',
      expect.stringMatching(/^spec\.predictor\.model\.resources\.limits\.memory: must match .*, not "1GB"$/)],
    ['a version that is a number', '{predictor: {model: {modelFormat: {name: sklearn, version: 1}}}}',
      'spec.predictor.model.modelFormat.version: must be of type string, not 1'],
    ['a relative mount path', '{predictor: {storageUris: [{uri: "s3://b/a", mountPath: models}]}}',
      'spec.predictor.storageUris[0].mountPath: must match ^/.*, not "models"'],
    ['the same port twice', '{predictor: {containers: [{name: a, ports: [{containerPort: 80}, {containerPort: 80, protocol: TCP}]}]}}',
      'spec.predictor.containers[0].ports[1]: duplicate containerPort, protocol [80,"TCP"]'],
    ['a logger mode', `{predictor: {${MODEL}, logger: {mode: both}}}`, 'spec.predictor.logger.mode: must be one of "all", "request", "response", not "both"'],
    ['a null', `{predictor: {${MODEL}, minReplicas: null}}`, 'spec.predictor.minReplicas: null would be dropped'],
  ])('%s', (_, spec, expected) => {
    expect(errors(spec)).toContainEqual(expected);
  });

  test('steps of a graph under their old names', () => {
    const graph = parse(`
apiVersion: serving.kserve.io/v1alpha1
kind: InferenceGraph
metadata: {name: pets}
spec: {nodes: {root: {routerType: Sequence, routes: [], steps: [{service: a}, {serviceName: a, weight: 0.5}]}}}
`);

    expect(crdErrors(graph, '0.20.0')).toEqual([
      'spec.nodes.root.routes: unknown field',
      'spec.nodes.root.steps[0].service: unknown field',
      'spec.nodes.root.steps[1].weight: must be of type integer, not 0.5',
    ]);
  });

  test('the canary list before KServe 0.20', () => {
    expect(crdErrors(SHAPES['a Standard canary'].object, '0.19.0')).toEqual(['spec.canary: unknown field']);
  });

  test('an API version that is gone', () => {
    expect(crdErrors({ ...isvc('{predictor: {}}'), apiVersion: 'serving.kserve.io/v1alpha2' }, '0.20.0'))
      .toEqual(['apiVersion: InferenceService is not served as v1alpha2 but as v1beta1']);
  });

  test('a kind that the release does not have', () => {
    expect(crdErrors(SHAPES['a namespaced model cache'].object, '0.17.0'))
      .toEqual(['kind: no cluster knows serving.kserve.io/v1alpha1 LocalModelNamespaceCache']);
  });

  test('a field beside spec', () => {
    expect(crdErrors({ ...isvc('{predictor: {}}'), disabled: true }, '0.20.0')).toEqual(['disabled: unknown field']);
  });

  test('wrong metadata', () => {
    expect(crdErrors(isvc('{predictor: {}}', '{name: iris, label: {}}'), '0.20.0')).toEqual(['metadata.label: unknown field']);
  });

  test('what breaks a CEL rule', () => {
    const llm = (spec: string) => parse(`
apiVersion: serving.kserve.io/v1alpha2
kind: LLMInferenceService
metadata: {name: qwen}
spec: {model: {uri: "hf://a/b"}, ${spec}}
`);

    expect(crdErrors(llm('scaling: {minReplicas: 3, maxReplicas: 2, wva: {hpa: {}}}'), '0.20.0'))
      .toEqual(['spec.scaling: minReplicas cannot exceed maxReplicas']);
    expect(crdErrors(llm('scaling: {minReplicas: 2, maxReplicas: 2, wva: {hpa: {}}}'), '0.20.0')).toEqual([]);
  });

  test('are reported with the object they belong to', () => {
    expect(() => expectAccepted([isvc('{predictor: {}}'), isvc('{predictor: {custom: {}}}')], '0.20.0'))
      .toThrow('InferenceService/iris spec.predictor.custom: unknown field');
  });
});

describeWithCrds('kinds of other projects', () => {
  const [scaledObject, route, knative, monitor] = parseAllDocuments(`
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: iris}
spec: {scaleTargetRef: {name: iris-predictor}, triggers: [{type: cron, metadata: {timezone: UTC}}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: iris}
spec: {parentRefs: [{name: gw}], rules: [{backendRefs: [{name: iris, port: 80}]}]}
---
apiVersion: operator.knative.dev/v1beta1
kind: KnativeServing
metadata: {name: knative-serving, namespace: knative-serving}
spec: {config: {features: {kubernetes.podspec-affinity: enabled}}}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: iris}
spec: {selector: {matchLabels: {app: iris}}, endpoints: [{port: metrics}]}
`).map((document) => document.toJS());

  test('are accepted', () => {
    expectAccepted([scaledObject, route, knative, monitor], '0.20.0');
  });

  test('are refused', () => {
    const http = { ...route, spec: { rules: [{ backendRefs: [{ name: 'iris' }], matches: [{ path: { type: 'PathPrefix', value: 'a' } }] }] } };

    expect(crdErrors(http, '0.20.0')).toEqual(expect.arrayContaining([
      "spec.rules[0].matches[0].path: value must be an absolute path and start with '/' when type one of ['Exact', 'PathPrefix']",
      'spec.rules[0].backendRefs[0]: Must have port for Service reference',
    ]));
    expect(crdErrors({ ...scaledObject, spec: { triggers: [] } }, '0.20.0')).toEqual(['spec.scaleTargetRef: required']);
  });

  test('count in their stable channel and newest version unless another is named', () => {
    const named = { ...route, spec: { rules: [{ name: 'a', backendRefs: [{ name: 'iris', port: 80 }], retry: { attempts: 2 } }] } };

    expect(crdErrors(named, '0.20.0')).toEqual(['spec.rules[0].retry: unknown field']);
    expect(crdErrors(named, '0.20.0', { 'gateway-api-experimental': 'v1.5.1' })).toEqual([]);
    expect(crdErrors(named, '0.20.0', { 'gateway-api-standard': 'v1.2.1' })).toEqual(['spec.rules[0].name: unknown field', 'spec.rules[0].retry: unknown field']);
  });
});

describeWithCrds('kinds without a CRD', () => {
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'models' } };

  test('are known by apiVersion and kind', () => {
    expect(crdErrors(account, '0.20.0')).toEqual([]);
    expect(crdErrors({ ...account, kind: 'ServiceAcount' }, '0.20.0')).toEqual(['kind: no cluster knows v1 ServiceAcount']);
    expect(crdErrors({ ...account, apiVersion: 'apps/v1' }, '0.20.0')).toEqual(['kind: no cluster knows apps/v1 ServiceAccount']);
  });

  test('have their metadata checked', () => {
    expect(crdErrors({ ...account, metadata: {} }, '0.20.0')).toEqual(['metadata.name: required']);
    expect(crdErrors({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'kserve:reader' } }, '0.20.0')).toEqual([]);
  });
});

describeWithCrds('paths of a schema', () => {
  test('lists and maps are marked', () => {
    const paths = schemaPaths('InferenceService', '0.20.0');

    expect(paths).toEqual(expect.arrayContaining([
      'predictor', 'predictor.storageUris', 'predictor.storageUris[].uri', 'predictor.model.storage.parameters', 'canary[].trafficPercent',
      'predictor.volumes[].configMap.items[].key',
    ]));
    expect(schemaPaths('InferenceGraph', '0.20.0')).toContain('nodes{}.steps[].serviceName');
  });

  test('stop at pods and containers on request', () => {
    const paths = schemaPaths('InferenceService', '0.20.0', { stopAtPod: true });

    expect(paths).toEqual(expect.arrayContaining(['predictor.volumes', 'predictor.model.env', 'predictor.model.modelFormat.name', 'predictor.workerSpec.affinity']));
    expect(paths.filter((path) => /volumes\[|\.env\[|containers\[|resources\./.test(path))).toEqual([]);
    expect(schemaPaths('InferenceGraph', '0.20.0', { stopAtPod: true }).filter((path) => !path.startsWith('nodes{}'))).toEqual([
      'affinity', 'maxReplicas', 'minReplicas', 'nodeName', 'nodeSelector', 'nodes', 'resources', 'routerTimeouts', 'routerTimeouts.serverIdle',
      'routerTimeouts.serverRead', 'routerTimeouts.serverWrite', 'routerTimeouts.serviceClient', 'scaleMetric', 'scaleTarget', 'serviceAccountName',
      'timeout', 'tolerations',
    ]);
  });

  test('belong to one API version', () => {
    expect(schemaPaths('LLMInferenceService', '0.20.0')).toContain('kvCacheOffloading.cpu');
    expect(schemaPaths('LLMInferenceService', '0.20.0', { apiVersion: 'v1alpha1' })).not.toContain('kvCacheOffloading.cpu');
    expect(() => specSchema('InferenceService', '0.20.0', 'v1')).toThrow('KServe 0.20.0 has no InferenceService v1');
  });
});

describeWithCrds('every CEL rule can be evaluated', () => {
  const rules = (schema: unknown): string[] => typeof schema !== 'object' || schema === null ? [] : [
    ...((schema as Schema)['x-kubernetes-validations'] ?? []).map(({ rule }: { rule: string }) => rule),
    ...Object.values(schema).flatMap(rules),
  ];

  test.each([
    ['serving.kserve.io', 'LLMInferenceService'],
    ['gateway.networking.k8s.io', 'HTTPRoute'],
    ['gateway.networking.k8s.io', 'Gateway'],
    ['gateway.envoyproxy.io', 'SecurityPolicy'],
    ['security.istio.io', 'RequestAuthentication'],
    ['karpenter.sh', 'NodePool'],
    ['karpenter.k8s.aws', 'EC2NodeClass'],
  ])('of %s %s', (group, kind) => {
    const found = rules(findCrd(group, kind, {})!.versions);

    expect(found.length).toBeGreaterThan(5);
    expect(() => found.forEach(compileCel)).not.toThrow();
  });
});

itWithCrds('a test of its own can ask for the CRDs', () => {
  expect(schemaPaths('TrainedModel', '0.16.0')).toEqual(['inferenceService', 'model', 'model.framework', 'model.memory', 'model.storageUri']);
});
