import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PythonEnvironment } from '../../oracles/python';
import { ELEMENT, writeOnnx } from '../../src/engine/onnx/onnx-model';
import { irisModel } from '../../src/examples/iris';
import { INFERENCE } from '../../src/grpc/schema';
import { identityModel } from '../support/models';
import { folderWith, TestServer } from '../support/server';
import { xgboostModel } from '../trees/models';

const column = (name: string) => ({ name, type: ELEMENT.FLOAT, shape: ['N', 1] });
const columns = writeOnnx({
  inputs: [column('a'), column('b')],
  outputs: [column('sum'), column('difference')],
  nodes: [{ op: 'Add', inputs: ['a', 'b'], outputs: ['sum'] }, { op: 'Sub', inputs: ['a', 'b'], outputs: ['difference'] }],
});
const LABELS = ['setosa', 'virginica'];

const kserve = PythonEnvironment.tryMake('kserve');
const triton = PythonEnvironment.tryMake('tritonclient');
const mlserver = PythonEnvironment.tryMake('mlserver');

type Found = { readonly [what: string]: any }; // eslint-disable-line @typescript-eslint/no-explicit-any

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start([folderWith({
    'iris/model.onnx': irisModel(),
    'bytes/model.onnx': identityModel(ELEMENT.STRING),
    'words/model.onnx': identityModel(ELEMENT.STRING, ['N', 1]),
    'columns/model.onnx': columns,
    'tree/model.json': xgboostModel(),
    'other/model.onnx': identityModel(ELEMENT.FLOAT),
  }), '--multi_model']);
}, 60_000);

afterAll(() => server.stop());

function withPython(title: string, python: PythonEnvironment | undefined, script: string, check: (found: Found) => void): void {
  (python === undefined ? test.skip : test)(`${title} (needs PyPI)`, async () => {
    check(await python!.ask<Found>(script, String(server.httpPort), String(server.grpcPort)));
  }, 120_000);
}

withPython('KServe\'s client', kserve, 'kserve_client.py', (found) => {
  const answer = { model: 'iris', id: '7', outputs: { output_label: LABELS, output_probability: expect.any(Array) } };

  expect(found).toEqual({
    'v1': { predictions: LABELS },
    'v1 ready': true,
    'v1 missing': { type: 'HTTPStatusError', message: expect.stringContaining('Model with name nothing does not exist.') },
    'v2 health': [true, true, true],
    'v2 json': answer,
    'v2 binary': answer,
    'v2 bytes': { model: 'bytes', id: '7', outputs: { y: ['a', 'ü'] } },
    'v2 refused': { type: 'HTTPStatusError', message: expect.stringContaining('z') },
    'grpc health': [true, true, true],
    'grpc raw': answer,
    'grpc typed': answer,
    'grpc refused': { type: 'AioRpcError', message: expect.stringContaining('INVALID_ARGUMENT') },
    'grpc load': ['iris', true],
    'grpc metadata': [['X', 'FP32', [-1, 4]], ['output_label', 'BYTES', [-1]], ['output_probability', 'FP32', [-1, 3]]],
    'reflection': ['grpc.health.v1.Health', 'grpc.reflection.v1.ServerReflection', 'grpc.reflection.v1alpha.ServerReflection', 'inference.GRPCInferenceService'],
    'health': { '': 'SERVING', 'iris': 'SERVING' },
    'reflected methods': Object.keys(INFERENCE.services['inference.GRPCInferenceService']!).sort(),
  });
  expect(found['v2 json'].outputs.output_probability).toHaveLength(6);
});

withPython('Triton\'s clients', triton, 'triton_client.py', (found) => {
  const index = ['bytes READY', 'columns READY', 'iris READY', 'other READY', 'tree READY', 'words READY'];
  const common = (name: string, status: string, missing: string): object => ({
    [`${name} health`]: [true, true, true],
    [`${name} unknown`]: { status: missing, message: 'Model with name nothing does not exist.' },
    [`${name} server`]: 'kserve-model-server',
    [`${name} metadata`]: [{ name: 'X', datatype: 'FP32', shape: name === 'http' ? [-1, 4] : ['-1', '4'] }],
    [`${name} binary`]: [LABELS, [2, 3], '7'],
    [`${name} chosen`]: ['output_probability'],
    [`${name} bytes`]: ['a', 'ü'],
    [`${name} refused`]: { status, message: expect.stringContaining('z') },
    [`${name} wrong type`]: { status, message: expect.stringContaining('FP16') },
    [`${name} unloaded`]: { status: missing, message: expect.stringContaining('other') },
    [`${name} loaded`]: true,
    [`${name} index`]: index,
  });

  expect(found).toEqual({
    ...common('http', '400', '404'),
    ...common('grpc', 'StatusCode.INVALID_ARGUMENT', 'StatusCode.NOT_FOUND'),
    'http json': [LABELS, [2, 3], '7'],
    'http compressed': LABELS,
    'http async': LABELS,
    'grpc stream': LABELS,
  });
});

withPython('MLServer\'s codecs and definitions', mlserver, 'mlserver_client.py', (found) => {
  const answer = { model: 'iris', id: '7', label: LABELS, shape: [2, 3] };
  const ways = ['rest', 'grpc typed', 'grpc raw'];

  expect(found).toEqual({
    ...Object.fromEntries(ways.map((way) => [way, answer])),
    ...Object.fromEntries(ways.map((way) => [`strings ${way}`, ['a', 'ü']])),
    ...Object.fromEntries(ways.map((way) => [`frame ${way}`, { sum: [4, 7], difference: [-2, -3] }])),
    'metadata': 'iris',
    'grpc metadata': ['iris', 'tree'],
  });
});

interface Descriptors {
  readonly messages: { readonly [name: string]: { readonly [field: string]: readonly [number, string] } };
  readonly methods: { readonly [name: string]: readonly [string, string] };
}

/** Our definitions in the form of descriptors.py. */
function ours(): Descriptors {
  const type = ({ type: name, map }: { type: string; map?: boolean }): string => {
    const plain = name.replace(/^\./, '');
    return map === true ? `map<string, ${plain}>` : plain;
  };
  return {
    messages: Object.fromEntries(Object.entries(INFERENCE.messages).map(([name, { fields }]) => [name.slice(1), Object.fromEntries(fields.map((field) => [field.name, [field.no, type(field)]]))])),
    methods: Object.fromEntries(Object.entries(INFERENCE.services).flatMap(([service, methods]) => Object.entries(methods).map(([method, { request, response }]) => [`${service}/${method}`, [request.slice(1), response.slice(1)]]))),
  };
}

/** Where the wheels disagree with each other: on load and unload the server reads both. */
const BOTH = /^inference\.RepositoryModel(Load|Unload)(Request|Response)$/;
/** What only MLServer's definitions have: parameters of a model, and a stream without errors in place. */
const MLSERVER = /^inference\.ModelMetadataResponse\.parameters: undefined |^inference\.GRPCInferenceService\/ModelStreamInfer$/;

test.each([
  ['kserve', kserve, ['kserve.protocol.grpc.grpc_predict_v2_pb2']],
  ['tritonclient', triton, ['tritonclient.grpc.service_pb2']],
  ['mlserver', mlserver, ['mlserver.grpc.dataplane_pb2', 'mlserver.grpc.model_repository_pb2']],
] as const)('names, numbers and types of our gRPC fields are those of %s (needs PyPI)', async (name, python, modules) => {
  if (python === undefined) {
    return;
  }
  const theirs = await python.ask<Descriptors>('descriptors.py', ...modules);
  const mine = ours();
  const shared = Object.keys(theirs.messages).filter((message) => mine.messages[message] !== undefined && !BOTH.test(message));
  const differing = shared.flatMap((message) => Object.entries(theirs.messages[message]!).flatMap(([field, wanted]) => {
    const found = mine.messages[message]![field];
    return JSON.stringify(found) === JSON.stringify(wanted) ? [] : [`${message}.${field}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`];
  }));
  const methods = Object.keys(mine.methods).filter((method) => theirs.methods[method] !== undefined && JSON.stringify(mine.methods[method]) !== JSON.stringify(theirs.methods[method]));

  expect([...differing, ...methods].filter((text) => name !== 'mlserver' || !MLSERVER.test(text))).toEqual([]);
  expect(shared).toEqual(expect.arrayContaining(['inference.ModelInferRequest', 'inference.ModelInferRequest.InferInputTensor', 'inference.InferTensorContents', 'inference.ModelInferResponse', 'inference.ModelMetadataResponse']));
}, 60_000);

describe('curl', () => {
  const curl = async (...args: readonly string[]): Promise<string> => (await promisify(execFile)('curl', ['--silent', '--show-error', '--max-time', '20', ...args])).stdout;
  const at = (path: string): string => `http://127.0.0.1:${server.httpPort}${path}`;

  test('asks V1, V2, binary, compressed and in pieces, as the docs do', async () => {
    const rows = '[[5.1,3.5,1.4,0.2],[6.3,3.3,6.0,2.5]]';
    const folder = folderWith({ 'rows.json': `{"instances":${rows}}` });
    const head = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 } }] });
    writeFileSync(join(folder, 'binary'), Buffer.concat([Buffer.from(head), Buffer.from(Float32Array.of(1, 2.5).buffer)]));

    expect(JSON.parse(await curl('-d', `@${folder}/rows.json`, at('/v1/models/iris:predict')))).toEqual({ predictions: LABELS });
    expect(JSON.parse(await curl('--compressed', '-H', 'Transfer-Encoding: chunked', '-H', 'Content-Type: application/json', '-d', `@${folder}/rows.json`, at('/v1/models/iris:predict')))).toEqual({ predictions: LABELS });
    expect(JSON.parse(await curl('-d', `{"inputs":[{"name":"X","datatype":"FP32","shape":[2,4],"data":${rows}}],"outputs":[{"name":"output_label"}]}`, at('/v2/models/iris/infer')))).toMatchObject({ outputs: [{ data: LABELS }] });
    expect(JSON.parse(await curl('-H', `Inference-Header-Content-Length: ${head.length}`, '-H', 'Content-Type: application/octet-stream', '--data-binary', `@${folder}/binary`, at('/v2/models/other/infer')))).toMatchObject({ outputs: [{ name: 'y', data: [1, 2.5] }] });
    expect(await curl('-o', '/dev/null', '-w', '%{http_code}', at('/v2/models/nothing/ready'))).toBe('404');
    expect(await curl('-X', 'OPTIONS', '-o', '/dev/null', '-w', '%{http_code}', at('/v1/models/iris:predict'))).toBe('405');
  }, 60_000);
});
