import { MULTI_NODE_RUNTIME } from './multi-node-runtime';
import type { RuntimeContainer, RuntimeData, RuntimeFormat, RuntimeImage, WireObject } from '../runtime-data';

/** Pod security "restricted", but for the seccomp profile. */
export const RESTRICTED: WireObject = {
  allowPrivilegeEscalation: false,
  privileged: false,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
};

/** For images that name no user. */
const RESTRICTED_AS_1000: WireObject = { ...RESTRICTED, runAsUser: 1000 };

export const ONE_CPU: WireObject = { requests: { cpu: '1', memory: '2Gi' }, limits: { cpu: '1', memory: '2Gi' } };

/** A format that runtimes are chosen for automatically. */
export function auto(name: string, version: string, priority: number): RuntimeFormat {
  return { name, version, autoSelect: true, priority };
}

/** An image of the KServe project, tagged with the release. */
export function kserveImage(name: string, variants: Partial<RuntimeImage> = {}): RuntimeImage {
  return { repository: `kserve/${name}`, tag: '{release}', manifestTag: 'latest', ...variants };
}

/** An image of another project, with the same tag however KServe is installed. */
function otherImage(repository: string, tag: string, variants: Partial<RuntimeImage> = {}): RuntimeImage {
  return { repository, tag, manifestTag: tag, ...variants };
}

function container(args: readonly string[], more: Partial<RuntimeContainer> = {}): RuntimeContainer {
  return { args, resources: ONE_CPU, securityContext: RESTRICTED, ...more };
}

type Server = Pick<RuntimeData, 'formats' | 'model'> & { readonly args?: readonly string[] };

/** A server of the KServe project: Python, one model, the same ports, flags and protocols. */
export function kserveServer(serverType: string, { formats, model, args = [] }: Server): RuntimeData {
  return {
    name: `kserve-${serverType}`,
    serverType,
    formats,
    protocols: ['v1', 'v2'],
    image: kserveImage(serverType),
    installed: true,
    metricsPort: 8080,
    httpPort: 8080,
    grpcPort: 8081,
    container: container(['--model_name={{.Name}}', '--model_dir=/mnt/models', '--http_port=8080', ...args]),
    model,
  };
}

const SERVERS: readonly RuntimeData[] = [
  kserveServer('sklearnserver', {
    formats: [auto('sklearn', '1', 1)],
    model: { extensions: ['.joblib', '.pkl', '.pickle'] },
  }),
  kserveServer('xgbserver', {
    formats: [auto('xgboost', '1', 1)],
    args: ['--nthread=1'],
    model: { extensions: ['.bst', '.json', '.ubj'] },
  }),
  kserveServer('lgbserver', {
    formats: [auto('lightgbm', '3', 1)],
    args: ['--nthread=1'],
    model: { extensions: ['.bst'] },
  }),
  kserveServer('pmmlserver', {
    formats: [auto('pmml', '3', 1), auto('pmml', '4', 1)],
    model: { extensions: ['.pmml'] },
  }),
  kserveServer('paddleserver', {
    formats: [auto('paddle', '2', 1)],
    model: { extensions: ['.pdmodel', '.json'], layout: 'a .pdiparams file beside it' },
  }),
  {
    name: 'kserve-mlserver',
    serverType: 'mlserver',
    formats: [
      auto('sklearn', '0', 2), auto('sklearn', '1', 2),
      auto('xgboost', '1', 2), auto('xgboost', '2', 2),
      auto('lightgbm', '3', 2), auto('lightgbm', '4', 2),
      auto('mlflow', '1', 1), auto('mlflow', '2', 1),
    ],
    protocols: ['v2'],
    image: otherImage('docker.io/seldonio/mlserver', '1.5.0'),
    installed: true,
    metricsPort: 8080,
    httpPort: 8080,
    grpcPort: 9000,
    container: {
      env: [
        { name: 'MLSERVER_MODEL_IMPLEMENTATION', value: '{{.Labels.modelClass}}' },
        { name: 'MLSERVER_HTTP_PORT', value: '8080' },
        { name: 'MLSERVER_GRPC_PORT', value: '9000' },
        { name: 'MODELS_DIR', value: '/mnt/models' },
      ],
      resources: ONE_CPU,
      securityContext: RESTRICTED,
    },
  },
  {
    name: 'kserve-tensorflow-serving',
    serverType: 'tensorflow-serving',
    formats: [auto('tensorflow', '1', 2), auto('tensorflow', '2', 2)],
    protocols: ['v1', 'grpc-v1'],
    image: otherImage('tensorflow/serving', '2.6.2', { gpuTagSuffix: '-gpu' }),
    installed: true,
    metricsPort: 8080,
    httpPort: 8080,
    grpcPort: 9000,
    container: container([
      '--model_name={{.Name}}', '--port=9000', '--rest_api_port=8080',
      '--model_base_path=/mnt/models', '--rest_api_timeout_in_ms=60000',
    ], { command: ['/usr/bin/tensorflow_model_server'], securityContext: RESTRICTED_AS_1000 }),
    model: { extensions: [], layout: 'a folder named by a number, such as 0001/saved_model.pb' },
  },
  {
    name: 'kserve-torchserve',
    serverType: 'torchserve',
    formats: [auto('pytorch', '1', 2)],
    protocols: ['v1', 'v2', 'grpc-v2'],
    image: otherImage('pytorch/torchserve-kfs', '0.9.0', { gpuTagSuffix: '-gpu' }),
    installed: true,
    metricsPort: 8082,
    httpPort: 8080,
    container: container([
      'torchserve', '--start', '--model-store=/mnt/models/model-store',
      '--ts-config=/mnt/models/config/config.properties',
    ], {
      env: [{ name: 'TS_SERVICE_ENVELOPE', value: '{{.Labels.serviceEnvelope}}' }],
      securityContext: RESTRICTED_AS_1000,
    }),
    model: { extensions: [], layout: 'model-store/*.mar and config/config.properties' },
  },
  {
    name: 'kserve-tritonserver',
    serverType: 'tritonserver',
    formats: [
      auto('tensorrt', '8', 1), auto('tensorflow', '1', 1), auto('tensorflow', '2', 1),
      auto('onnx', '1', 1), { name: 'pytorch', version: '1' }, auto('triton', '2', 1),
    ],
    protocols: ['v2', 'grpc-v2'],
    image: otherImage('nvcr.io/nvidia/tritonserver', '23.05-py3'),
    installed: true,
    metricsPort: 8002,
    httpPort: 8080,
    grpcPort: 9000,
    container: container([
      'tritonserver', '--model-store=/mnt/models', '--grpc-port=9000', '--http-port=8080',
      '--allow-grpc=true', '--allow-http=true',
    ], { securityContext: RESTRICTED_AS_1000 }),
    model: { extensions: [], layout: '<model>/config.pbtxt and <model>/<version>/' },
  },
  {
    name: 'kserve-huggingfaceserver',
    serverType: 'huggingfaceserver',
    formats: [auto('huggingface', '1', 1)],
    protocols: ['v2', 'v1'],
    image: kserveImage('huggingfaceserver', { gpuTagSuffix: '-gpu' }),
    installed: true,
    metricsPort: 8080,
    httpPort: 8080,
    grpcPort: 8081,
    container: container(['--model_name={{.Name}}'], {
      env: [{ name: 'LMCACHE_USE_EXPERIMENTAL', value: 'True' }],
      volumeMounts: [{ name: 'devshm', mountPath: '/dev/shm' }],
    }),
    volumes: [{ name: 'devshm', emptyDir: { medium: 'Memory' } }],
  },
  MULTI_NODE_RUNTIME,
];

export const RUNTIMES: { readonly [name: string]: RuntimeData } =
  Object.fromEntries(SERVERS.map((server) => [server.name, server]));
