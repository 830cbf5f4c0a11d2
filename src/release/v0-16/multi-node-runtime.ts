import type { RuntimeData, WireObject } from '../runtime-data';

const RESOURCES: WireObject = { requests: { cpu: '2', memory: '6Gi' }, limits: { cpu: '4', memory: '12Gi' } };
const SHARED_MEMORY: WireObject = { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '3Gi' } };
const SHARED_MEMORY_MOUNT: WireObject = { name: 'shm', mountPath: '/dev/shm' };

function fromField(name: string, fieldPath: string): WireObject {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

function shell(...lines: string[]): readonly string[] {
  return ['bash', '-c', lines.join('\n')];
}

/** The image's own probe program. */
function check(what: string): string {
  return `python ./huggingfaceserver/health_check.py ${what}`;
}

function probe(...lines: string[]): WireObject {
  return { exec: { command: shell(...lines) }, failureThreshold: 2, periodSeconds: 5, successThreshold: 1, timeoutSeconds: 15 };
}

function slowStart(...lines: string[]): WireObject {
  return { ...probe(...lines), failureThreshold: 40, periodSeconds: 30, timeoutSeconds: 30, initialDelaySeconds: 60 };
}

const HEAD = '${HEAD_SVC}.${POD_NAMESPACE}.svc.cluster.local';

/** vLLM over several nodes: a Ray head that serves, and Ray workers. KServe sets HEAD_SVC, MODEL_DIR and the sizes. */
export const MULTI_NODE_RUNTIME: RuntimeData = {
  name: 'kserve-huggingfaceserver-multinode',
  serverType: 'huggingfaceserver',
  formats: [{ name: 'huggingface', version: '1', autoSelect: true, priority: 2 }],
  protocols: ['v2', 'v1'],
  image: { repository: 'kserve/huggingfaceserver', tag: '{release}-gpu', manifestTag: 'latest-gpu' },
  installed: true,
  metricsPort: 8080,
  httpPort: 8080,
  container: {
    command: shell(
      'model=${MODEL_DIR:-$MODEL_ID}',
      'export RAY_ADDRESS=$POD_IP:$RAY_PORT',
      'ray start --head --disable-usage-stats --include-dashboard false',
      check('registered_nodes --retries 200 --probe_name runtime_start'),
      // the container's args arrive as $0, $1 …
      'exec python -m huggingfaceserver ${model:+--model_dir=$model} --tensor-parallel-size=$TENSOR_PARALLEL_SIZE'
        + ' --pipeline-parallel-size=$PIPELINE_PARALLEL_SIZE "$0" "$@"',
    ),
    args: ['--model_name={{.Name}}'],
    env: [
      { name: 'RAY_PORT', value: '6379' },
      fromField('POD_NAMESPACE', 'metadata.namespace'),
      fromField('POD_IP', 'status.podIP'),
      { name: 'VLLM_CONFIG_ROOT', value: '/tmp' },
      { name: 'HF_HUB_CACHE', value: '/tmp' },
    ],
    resources: RESOURCES,
    volumeMounts: [SHARED_MEMORY_MOUNT],
    livenessProbe: probe(check('registered_node_and_runtime_health --health_check_url http://localhost:8080 --probe_name head_liveness')),
    readinessProbe: probe(check('runtime_health --health_check_url http://localhost:8080 --probe_name head_readiness')),
    startupProbe: slowStart(check('registered_node_and_runtime_health --health_check_url http://localhost:8080 --probe_name head_startup')),
  },
  volumes: [SHARED_MEMORY],
  worker: {
    containerName: 'worker-container',
    pipelineParallelSize: { helm: 2, manifests: 1 },
    tensorParallelSize: 1,
    container: {
      command: shell(
        `head=${HEAD}:6379`,
        'until ray health-check --address "$head" > /dev/null 2>&1; do sleep 5; done',
        'exec ray start --address="$head" --block',
      ),
      env: [fromField('POD_NAME', 'metadata.name'), fromField('POD_NAMESPACE', 'metadata.namespace')],
      resources: RESOURCES,
      volumeMounts: [SHARED_MEMORY_MOUNT],
      livenessProbe: probe(`export RAY_ADDRESS=${HEAD}:6379`, check('registered_nodes --probe_name worker_liveness')),
      startupProbe: slowStart(
        `export RAY_HEAD_NODE=${HEAD}`,
        'export RAY_ADDRESS=$RAY_HEAD_NODE:6379',
        check('registered_node_and_runtime_models --runtime_url http://$RAY_HEAD_NODE:8080/v1/models --probe_name worker_startup'),
      ),
    },
    volumes: [SHARED_MEMORY],
  },
};
