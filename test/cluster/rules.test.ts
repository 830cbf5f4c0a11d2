import { RULES } from '../../src/rules';
import { CASES } from '../diagnostics/cases';
import { runProgram } from '../diagnostics/run-program';
import { KubeObject } from './bench/client';
import { CLUSTERS, KindOfCluster } from './bench/clusters';
import { cluster } from './bench/suite';
import { until } from './bench/wait';
import { createNamespaces, inNamespaceOfItsOwn } from './support/namespaces';
import { forEachOf } from './support/parallel';
import { ClusterProgram, programFor } from './support/programs';

/** A part of the cluster's own words for what each rule of admission is about. */
const REASONS: { readonly [code: string]: RegExp } = {
  KSV1101: /metadata\.name: Invalid value|is invalid, a InferenceService name must/,
  KSV1211: /Setting both StorageURI and StorageURIs/,
  KSV1212: /mountPath in body should match/,
  KSV1213: /must have a common parent directory/,
  KSV1218: /storage\.spec\.type \[gs\] is not supported/,
  KSV1219: /\.confidential: field not declared in schema|must be in the format kbs:\/\/\/<repo>\/<type>\/<tag>/,
  KSV1401: /explainer\.alibi: field not declared in schema/,
  KSV1402: /PYTHONPATH/,
  KSV1403: /'name' field is not allowed/,
  KSV1404: /exactly one of/,
  KSV1405: /storage uri should not be specified in transformer container/,
  KSV1406: /invalid protocol/,
  KSV1407: /\.spec\.predictor\.storageContainerName: field not declared in schema/,
  KSV1408: /\.spec\.predictor\.hostnameOverride: field not declared in schema/,
  KSV1413: /setting multiple containers in workerSpec is not allowed/,
  KSV1414: /PipelineParallelSize cannot be less than 1/,
  KSV1415: /setting TENSOR_PARALLEL_SIZE in environment variables is not allowed/,
  KSV1416: /only supports 'pvc' and 'oci'/,
  KSV1417: /only supports 'none' autoscaler/,
  KSV1418: /Unknown GPU resource type/,
  KSV1419: /duplicate entries for key/,
  KSV1501: /'MinReplicas' cannot be greater than MaxReplicas/,
  KSV1502: /cannot unmarshal number 0\.5 into Go struct field \S+\.scaleTarget of type int32/,
  KSV1503: /parallelism cannot be less than 0/,
  KSV1511: /\[concurrency\] is not a supported metric/,
  KSV1512: /\[1-100\] integer/,
  KSV1513: /invalid HPA metric source type/,
  KSV1516: /ScaleMetric is not supported for KEDA/,
  KSV1517: /\[1-100\] integer/,
  KSV1521: /target for rps should be greater than 1/,
  KSV1531: /\[kpa\] is not a supported autoscaler class/,
  KSV1532: /Unsupported value: "qps"/,
  KSV1534: /invalid HPA metric source type/,
  KSV1543: /must be of type integer/,
  KSV1551: /minAvailable and maxUnavailable cannot be both set/,
  KSV1601: /invalid logger type/,
  KSV1602: /invalid logger storage configuration/,
  KSV1603: /\.spec\.predictor\.logger\.batchSize: field not declared in schema/,
  KSV1703: /PipelineParallelSize cannot be less than 1/,
  KSV1704: /setting TENSOR_PARALLEL_SIZE in environment variables is not allowed/,
  KSV1705: /unknown GPU resource type/,
  KSV1706: /PYTHONPATH/,
  KSV1707: /priority in body should be greater than or equal to 1/,
  KSV1708: /different priorities assigned for the model format prophet under the servingruntime prophet/,
  KSV1709: /same priority assigned/,
  KSV1714: /\.spec\.schedulerName: field not declared in schema/,
  KSV1717: /of type uint16/,
  KSV1718: /\.spec\.containers\[0\]\.restartPolicyRules: field not declared in schema/,
  KSV1801: /metadata\.name: Invalid value/,
  KSV1802: /must start with one of the prefixes/,
  KSV1903: /deploymentStrategy is only supported for raw deployment mode/,
  KSV2001: /metadata\.name: Invalid value/,
  KSV2002: /needs a node with name 'root'/,
  KSV2007: /should be 100/,
  KSV2008: /more than one of nodeName, serviceName, serviceUrl/,
  KSV2009: /more than one step with name/,
  KSV2034: /routerType: (Required value|Unsupported value)/,
};

const KNATIVE_LATER = "Knative's webhook refuses the Knative Service that KServe makes: rules-later.test.ts";

/** Rules of admission that nothing here can prove, and why. */
const UNPROVEN: { readonly [code: string]: string } = {
  KSV1433: KNATIVE_LATER,
  KSV1523: KNATIVE_LATER,
  KSV1524: KNATIVE_LATER,
  KSV1541: "KEDA's webhook, which the bench does not have",
  KSV1542: "KEDA's webhook, which the bench does not have",
  KSV1545: "KEDA's webhook, which the bench does not have",
  KSV1702: 'the wrong program meets the controller: rules-later.test.ts; the differential test meets the webhook with two containers',
  KSV1906: KNATIVE_LATER,
  KSV1909: KNATIVE_LATER,
  KSV2036: KNATIVE_LATER,
};

/** What the library leaves out of the objects that it makes. */
const RAW: { readonly [code: string]: (object: KubeObject) => KubeObject } = {
  KSV1401: (object) => ({ ...object, spec: { ...object.spec, explainer: { alibi: { type: 'AnchorTabular' } } } }),
};

/** The webhook compares with runtimes that are there: these objects are really applied, in order. */
const AMONG_OTHERS = ['KSV1708', 'KSV1709'];

const BESIDE = (namespace: string): KubeObject => ({
  apiVersion: 'serving.kserve.io/v1alpha1',
  kind: 'ServingRuntime',
  metadata: { name: 'beside', namespace },
  spec: { supportedModelFormats: [{ name: 'beside' }], containers: [{ name: 'kserve-container', image: 'example/server:1' }] },
});

const ADMISSION = RULES.filter(({ origin, severity }) => severity === 'error' && (origin === 'schema' || origin === 'webhook')).map(({ code }) => code);

/** The refusals of a program's objects. */
async function refusals(code: string, { anyway }: ClusterProgram): Promise<string[]> {
  const raw = RAW[code] ?? ((object: KubeObject) => object);
  if (!AMONG_OTHERS.includes(code)) {
    const answers = await forEachOf(anyway, async (object) => cluster().refusal(object.kind === 'InferenceService' ? raw(object) : object, { force: true }));
    return answers.flatMap((answer) => answer ?? []);
  }
  const objects = inNamespaceOfItsOwn(anyway, code.toLowerCase());
  await createNamespaces(cluster().client, objects);
  const found: string[] = [];
  for (const object of [BESIDE(objects[0].metadata.namespace!), ...objects]) {
    await cluster().client.apply(object).catch((error: Error) => found.push(error.message));
  }
  // the webhook hears of a runtime a moment after the API server has it, and judges those that are there once more
  await until('the webhook compares', async () => {
    const again = found.length > 0 ? [] : await forEachOf(objects, (object) => cluster().refusal(object, { force: true }));
    found.push(...again.flatMap((answer) => answer ?? []));
    return found.length > 0 || undefined;
  }, { seconds: 15 }).catch(() => undefined);
  return found;
}

describe('rules of admission', () => {
  let wrong: { code: string; program: ClusterProgram }[];

  const wrongOn = (kind: KindOfCluster) => ADMISSION.filter((code) => UNPROVEN[code] === undefined)
    .map((code) => ({ code, program: programFor(kind, code, () => runProgram(CASES[code].wrong)) }));

  beforeAll(async () => {
    wrong = wrongOn(cluster());
    await createNamespaces(cluster().client, wrong.flatMap(({ program }) => program.anyway));
  });

  test('are each proven, or listed with the reason why not', () => {
    expect(ADMISSION.filter((code) => REASONS[code] === undefined && UNPROVEN[code] === undefined)).toEqual([]);
    expect(Object.keys({ ...REASONS, ...UNPROVEN }).filter((code) => !ADMISSION.includes(code))).toEqual([]);
  });

  test('have their proof on at least one cluster of a whole run', () => {
    const found = CLUSTERS.flatMap(wrongOn).filter(({ code, program: { codes, anyway } }) => codes.includes(code) && anyway.length > 0)
      .map(({ code }) => code);

    expect(Object.keys(REASONS).filter((code) => !found.includes(code))).toEqual([]);
  });

  test('find what the cluster refuses, for the reason that they give', async () => {
    const found = wrong.filter(({ code, program }) => program.codes.includes(code));

    const answers = await forEachOf(found, async ({ code, program }) => ({ code, answers: await refusals(code, program) }));

    expect(answers.filter(({ code, answers: texts }) => !texts.some((text) => REASONS[code].test(text)))).toEqual([]);
  });

  test('find nothing where the release accepts it', async () => {
    const silent = wrong.filter(({ program }) => program.refused === undefined);

    const answers = await forEachOf(silent, async ({ code, program }) => ({ code, answers: await refusals(code, program) }));

    expect(answers.filter(({ answers: texts }) => texts.length > 0)).toEqual([]);
  });
});
