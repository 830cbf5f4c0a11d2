/** One metric: what it counts, its labels and, for histograms, its buckets. */
export interface MetricSpec {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly unit: 'seconds' | 'bytes' | 'rows' | 'requests' | 'events' | 'models' | 'boolean';
  /** Labels and, where they are a closed set, their values. */
  readonly labels: { readonly [label: string]: readonly string[] | 'model' | 'version' };
  readonly buckets?: readonly number[];
}

/** Upper bounds of latency buckets in seconds. */
export const LATENCY_BUCKETS: readonly number[] = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.3, 0.5, 1, 2, 5, 10, 30];
const ROW_BUCKETS: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** How a request ended. */
export const OUTCOMES = ['success', 'client_error', 'overload', 'timeout', 'server_error', 'cancelled'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** How a call came. Streams of events and of a WebSocket are one: they last as long as they like. */
export const PROTOCOLS = ['v1', 'v2', 'grpc', 'openai', 'stream'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

const MODEL = { model_name: 'model', model_version: 'version' } as const;
const latency = (name: string, help: string, labels: MetricSpec['labels'] = MODEL): MetricSpec =>
  ({ name, type: 'histogram', help, unit: 'seconds', labels, buckets: LATENCY_BUCKETS });

/** All metrics of the server. The first four have the names and meaning of KServe's own servers. */
export const CATALOGUE = {
  preprocess: latency('request_preprocess_seconds', 'Time the front took to decode and check a request of V1, V2 or gRPC; not measured where a runner decodes, in streams and on WebSockets'),
  predict: latency('request_predict_seconds', 'Time from a request to the result or failure of its prediction, waiting included, and decoding and encoding where a runner does them; once for each batch of OpenAI requests, not for streams and answers from the cache'),
  postprocess: latency('request_postprocess_seconds', 'Time the front took to encode a reply of V1, V2 or gRPC; not measured where a runner encodes, in streams and on WebSockets'),
  explain: latency('request_explain_seconds', 'Time from a request to its explanation or failure, waiting included'),
  requests: {
    name: 'model_server_requests_total',
    type: 'counter',
    help: 'Requests for predictions and explanations by protocol and outcome; each message of a WebSocket or of ModelStreamInfer is one, a model\'s stream is one',
    unit: 'requests',
    labels: { ...MODEL, protocol: PROTOCOLS, outcome: OUTCOMES },
  },
  duration: latency('model_server_request_duration_seconds', 'Time from a request to its reply or failure, of those in model_server_requests_total; of a stream to its end, of a large or slow body its arrival is some of it', { ...MODEL, protocol: PROTOCOLS }),
  queueTime: latency('model_server_queue_seconds', 'Time a request that got its result had waited for a runner; once for each batch of OpenAI requests, not for answers from the cache'),
  runTime: latency('model_server_run_seconds', 'Time of a run that did not fail, once for all requests that shared it'),
  batchRows: { name: 'model_server_batch_rows', type: 'histogram', help: 'Rows in one run; 1 where the request could share it with none', unit: 'rows', labels: MODEL, buckets: ROW_BUCKETS },
  queueLength: { name: 'model_server_queue_length', type: 'gauge', help: 'Requests that wait for a runner', unit: 'requests', labels: MODEL },
  ready: { name: 'model_server_model_ready', type: 'gauge', help: 'Whether the model takes requests', unit: 'boolean', labels: MODEL },
  loadTime: { name: 'model_server_model_load_seconds', type: 'gauge', help: 'Time the load took, warm-up included', unit: 'seconds', labels: MODEL },
  cacheHits: { name: 'model_server_cache_hits_total', type: 'counter', help: 'Requests answered from the response cache, or with the run of an equal one under way', unit: 'requests', labels: MODEL },
  cacheMisses: { name: 'model_server_cache_misses_total', type: 'counter', help: 'Requests the response cache could not answer', unit: 'requests', labels: MODEL },
  cacheBytes: { name: 'model_server_cache_bytes', type: 'gauge', help: 'Memory of the response cache', unit: 'bytes', labels: MODEL },
  inFlight: { name: 'model_server_requests_in_flight', type: 'gauge', help: 'Requests for predictions and explanations under way, streams included', unit: 'requests', labels: {} },
  models: { name: 'model_server_models', type: 'gauge', help: 'Model versions loaded', unit: 'models', labels: {} },
  runnerRestarts: {
    name: 'model_server_runner_restarts_total',
    type: 'counter',
    help: 'Runner processes started again',
    unit: 'events',
    labels: { reason: ['crash', 'memory', 'watchdog'] },
  },
  runnerMemory: { name: 'model_server_runner_memory_bytes', type: 'gauge', help: 'Proportional memory of all runners', unit: 'bytes', labels: {} },
  logSent: { name: 'model_server_request_log_sent_total', type: 'counter', help: 'Request log events delivered', unit: 'events', labels: {} },
  logLost: { name: 'model_server_request_log_lost_total', type: 'counter', help: 'Request log events given up', unit: 'events', labels: { reason: ['queue', 'sink', 'size', 'form'] } },
  cpu: { name: 'process_cpu_seconds_total', type: 'counter', help: 'CPU time of the front process', unit: 'seconds', labels: {} },
  memory: { name: 'process_resident_memory_bytes', type: 'gauge', help: 'Resident memory of the front process', unit: 'bytes', labels: {} },
  started: { name: 'process_start_time_seconds', type: 'gauge', help: 'When the front process started, in seconds of the Unix epoch', unit: 'seconds', labels: {} },
  loopDelay: { name: 'nodejs_eventloop_lag_seconds', type: 'gauge', help: 'Delay of the front\'s event loop, 99th percentile since the last scrape', unit: 'seconds', labels: {} },
} as const satisfies { readonly [key: string]: MetricSpec };
