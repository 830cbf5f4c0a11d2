import { annotationPointer } from '../core/manifest';
import type { Manifest } from '../core/manifest';
import { KEYS } from '../release/keys';
import { DeploymentMode } from '../target';
import type { ClusterRule } from '../target/rule-context';
import { modeOf } from '../target/service-view';
import { inwardOrder, known, nodesOf, stepsOf } from './graph-view';

const NAME_FORM = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

const NAME: ClusterRule = {
  code: 'KSV2001',
  individual: true,
  title: 'The name of a graph is not valid',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'inference_graph_validation.go validateInferenceGraphName; Kubernetes\' limit of 63 characters for Services and labels',
  explanation: 'The name becomes that of a Service and part of an address. In Knative mode it is also the beginning of a revision\'s name.',
  * check(manifest, { target }) {
    const { name } = manifest.metadata;
    if (known(name) === undefined) {
      return;
    }
    const longest = modeOf(manifest, target) === DeploymentMode.KNATIVE ? 57 : 63;
    if (!NAME_FORM.test(name) || name.length > longest) {
      yield { at: '/metadata/name', value: name, message: 'is no name for an InferenceGraph', allowed: `up to ${longest} lower-case letters, digits and '-', a letter first, no '-' last`, fix: 'give the construct such an id, or set the prop name.' };
    }
  },
};

const MODE: ClusterRule = {
  code: 'KSV2025',
  title: 'The cluster does not have the mode of a graph',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'inferencegraph controller: event ServerlessModeRejected when Knative Serving is absent',
  explanation: 'KServe accepts the graph and then stops.',
  * check(manifest, { target }) {
    const { components, cluster } = target;
    const mode = modeOf(manifest, target);
    if (mode === DeploymentMode.KNATIVE ? components.knative === false : components.standard === false) {
      yield { at: annotationPointer(KEYS.deploymentMode), value: mode, message: `is not offered by cluster '${cluster}'`, fix: 'choose the other deploymentMode, or install what it needs and say so: ServingTarget.attach(…, { components: … }).' };
    }
  },
};

const SCALE_FIELDS = ['minReplicas', 'maxReplicas', 'scaleTarget', 'scaleMetric'];

export const SCALING: ClusterRule = {
  code: 'KSV2026',
  title: 'A graph cannot scale in this way',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'InferenceGraph CRD: no autoScaling; raw reconciler: HPA on cpu or memory; Knative annotations from scaleMetric',
  explanation: 'Routers scale by CPU or memory in Standard mode, by concurrency or requests in Knative mode. KEDA and averages of memory are for InferenceServices, and in Standard mode at least one router runs.',
  * check(manifest, { target }) {
    const spec = manifest.spec ?? {};
    const standard = modeOf(manifest, target) === DeploymentMode.STANDARD;
    for (const field of ['autoScaling', 'scaleMetricType'].filter((name) => spec[name] !== undefined)) {
      yield { at: `/spec/${field}`, message: 'is no field of an InferenceGraph', allowed: SCALE_FIELDS.join(', '), fix: 'scale by Scaling.cpu, Scaling.concurrency, Scaling.rps or Scaling.fixed.' };
    }
    const metric = known<string>(spec.scaleMetric);
    if (standard && (metric === 'concurrency' || metric === 'rps')) {
      yield { at: '/spec/scaleMetric', value: metric, message: 'is a metric of Knative\'s autoscaler, which Standard mode does not have', allowed: 'cpu, memory', fix: 'use Scaling.cpu, or deploymentMode: DeploymentMode.KNATIVE.' };
    }
    const autoscaler = manifest.metadata.annotations?.[KEYS.autoscalerClass];
    if (autoscaler === 'keda') {
      yield { at: annotationPointer(KEYS.autoscalerClass), value: autoscaler, message: 'needs autoScaling, which graphs do not have', fix: 'use Scaling.cpu or Scaling.external.' };
    }
    const [min, max] = [known<number>(spec.minReplicas), known<number>(spec.maxReplicas)];
    if (standard && min === 0) {
      yield { at: '/spec/minReplicas', value: 0, message: 'is not kept in Standard mode, where one router always runs', allowed: '1 or more', fix: 'raise it, or use deploymentMode: DeploymentMode.KNATIVE.' };
    }
    if (min !== undefined && max !== undefined && max !== 0 && min > max) {
      yield { at: '/spec/minReplicas', value: min, message: `is more than maxReplicas, ${max}`, fix: 'lower it or raise maxReplicas.' };
    }
  },
};

const FIELDS_WITHOUT_EFFECT: ClusterRule = {
  code: 'KSV2027',
  title: 'A field of a graph has no effect',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'raw_ig.go: timeout is not read; InferenceGraph CRD: no topologySpreadConstraints',
  explanation: 'KServe hands `timeout` to Knative only, and Knative drops `nodeName`. The CRD has affinity, tolerations, nodeSelector and nodeName, and drops other fields of pods.',
  * check(manifest, { target }) {
    const spec = manifest.spec ?? {};
    if (spec.timeout !== undefined && modeOf(manifest, target) === DeploymentMode.STANDARD) {
      yield { at: '/spec/timeout', value: spec.timeout, message: 'is not read in Standard mode', fix: 'set routerTimeouts.serverWrite, which the router keeps in both modes.' };
    }
    if (spec.nodeName !== undefined && modeOf(manifest, target) === DeploymentMode.KNATIVE) {
      yield { at: '/spec/nodeName', value: spec.nodeName, message: 'is dropped by Knative', fix: 'place the routers by a nodeSelector.' };
    }
    if (spec.topologySpreadConstraints !== undefined) {
      yield { at: '/spec/topologySpreadConstraints', message: 'is no field of an InferenceGraph', allowed: 'affinity, tolerations, nodeSelector', fix: 'spread the routers by affinity.' };
    }
  },
};

const FLAGS = { nodeSelector: 'nodeselector', affinity: 'affinity', tolerations: 'tolerations' } as const;

const FEATURE_OFF: ClusterRule = {
  code: 'KSV2036',
  about: Object.keys(FLAGS),
  title: 'Knative\'s feature flag for the placement of a graph is off',
  severity: 'error',
  origin: 'webhook',
  bites: 'runtime',
  mirrors: 'Knative Serving webhook: must not set the field(s)',
  explanation: 'KServe accepts the graph, but Knative refuses the Knative Service that KServe makes of its router, until the flag in ConfigMap config-features is `enabled`.',
  * check(manifest, { target }) {
    if (modeOf(manifest, target) !== DeploymentMode.KNATIVE) {
      return;
    }
    for (const field of ['nodeSelector', 'affinity', 'tolerations'] as const) {
      if (manifest.spec?.[field] !== undefined && target.knativeFeatures[field] === false) {
        yield {
          at: `/spec/${field}`,
          message: `needs Knative's feature flag kubernetes.podspec-${FLAGS[field]}, which is off in cluster '${target.cluster}'`,
          fix: `enable it in ConfigMap config-features and say so: ServingTarget.attach(…, { knativeFeatures: { ${field}: true } }); or use DeploymentMode.STANDARD.`,
        };
      }
    }
  },
};

const SPLITTER_BUG: ClusterRule = {
  code: 'KSV2028',
  title: 'Splitters of this release drop requests',
  severity: 'warning',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'cmd/router/main.go pickupRoute: a draw from 0 to 100 against weights that sum to 100',
  explanation: 'About one request in 101 finds no branch, and its connection is closed without an answer. Inside an ensemble this ends the router\'s process with all requests in it.',
  * check(manifest, { target: { release } }) {
    if (release._data.abilities.splitterExact) {
      return;
    }
    const nodes = nodesOf(manifest);
    const inEnsemble = belowEnsembles(manifest);
    for (const { name, type, at } of nodes.values()) {
      if (type === 'Splitter') {
        yield {
          at,
          message: `is a splitter, which in KServe ${release} closes the connection of about 1 request in 101`
            + (inEnsemble.has(name) ? '; inside an ensemble it ends the router\'s process' : ''),
          fix: 'let clients retry, or move to KServe 0.19.',
        };
      }
    }
  },
};

/** The nodes that run as members of an ensemble, at any depth. */
function belowEnsembles(manifest: Manifest): Set<string> {
  const nodes = nodesOf(manifest);
  const below = new Set<string>();
  for (const { name, type, steps } of inwardOrder(nodes).order.reverse()) { // outer nodes first
    for (const { step } of type === 'Ensemble' || below.has(name) ? steps : []) {
      below.add(step.nodeName ?? '');
    }
  }
  return below;
}

const MAPPING_LOST: ClusterRule = {
  code: 'KSV2029',
  title: 'The Helm chart of this release loses mapPredictionsToInstances',
  severity: 'warning',
  origin: 'schema',
  bites: 'create',
  mirrors: 'InferenceGraph CRD of the Helm chart',
  explanation: 'The CRD of this release\'s Helm chart does not have the field: strict clients are refused, others lose it without a word. The raw manifests have it.',
  * check(manifest, { target: { release } }) {
    const first = release._data.abilities.mapPredictionsInHelmCrd ? undefined
      : stepsOf(manifest).find(({ step }) => step.mapPredictionsToInstances !== undefined);
    if (first !== undefined) {
      yield { at: `${first.at}/mapPredictionsToInstances`, value: true, message: `is missing from the CRD in the Helm chart of KServe ${release}`, fix: 'install the CRDs of the raw manifests and waive this, or move to KServe 0.17.' };
    }
  },
};

/** Linux takes no longer argument of a program (MAX_ARG_STRLEN). */
const LONGEST_ARGUMENT = 131071;

const TOO_BIG: ClusterRule = {
  code: 'KSV2030',
  title: 'A graph is too big',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'raw_ig.go, knative_reconciler.go: --graph-json with the whole spec; Linux: 128 KiB for one argument',
  explanation: 'KServe hands the graph to the router as one argument of its command line, with the URL of every service. The pods of a graph that is too long for that never start.',
  * check(manifest) {
    const length = Buffer.byteLength(JSON.stringify(manifest.spec ?? {}));
    if (length > LONGEST_ARGUMENT) {
      yield { at: '/spec/nodes/root', message: `and the nodes behind it are ${length} bytes, more than a router can be started with`, allowed: `${LONGEST_ARGUMENT} bytes as JSON`, fix: 'split it: Step.toGraph calls another graph.' };
    }
  },
};

/** Rules on a graph as a whole. */
export const GRAPH_OBJECT_RULES: ClusterRule[] = [FEATURE_OFF, NAME, MODE, SCALING, FIELDS_WITHOUT_EFFECT, SPLITTER_BUG, MAPPING_LOST, TOO_BIG];
