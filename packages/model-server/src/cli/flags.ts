/** One command-line flag; `--a_b`, `--a-b`, `--a_b=v` and `--a_b v` all work. */
interface Flag {
  readonly kind: 'string' | 'integer' | 'number' | 'boolean';
  readonly default?: string | number | boolean;
  readonly help: string;
  /** Environment variable used where the flag is not given. */
  readonly env?: string;
  /** Other spellings. */
  readonly aliases?: readonly string[];
  readonly values?: readonly string[];
  readonly min?: number;
  /** Only with min. */
  readonly max?: number;
  /** Accepted for KServe's sake, without effect here. */
  readonly inert?: true;
}

const MIB = 1024 * 1024;

/** Every flag. */
const FLAGS = {
  model_dir: { kind: 'string', help: 'Directory or file of the model; also the first argument without a name. Default: /mnt/models' },
  model_name: { kind: 'string', help: 'Name of the single model', env: 'MODEL_NAME' },
  http_port: { kind: 'integer', default: 8080, help: 'Port of REST', min: 0, max: 65535 },
  grpc_port: { kind: 'integer', default: 8081, help: 'Port of gRPC', min: 0, max: 65535 },
  host: { kind: 'string', default: '::', help: 'Address to listen on' },
  enable_grpc: { kind: 'boolean', default: true, help: 'Serve gRPC' },
  workers: { kind: 'integer', default: 1, help: 'Runners of the single model, or runners that small models share; never more than the CPU quota allows, and 0 for as many as that', min: 0 },
  example: { kind: 'string', help: 'Serve a model made on the spot', values: ['iris'] },
  multi_model: { kind: 'boolean', default: false, help: 'Serve any number of models, loaded and unloaded by the repository API', env: 'MULTI_MODEL_SERVER' },
  predictor_host: { kind: 'string', help: 'Host of the predictor behind a transformer' },
  predictor_protocol: { kind: 'string', default: 'v1', help: 'Protocol of the predictor', values: ['v1', 'v2', 'grpc-v2'], aliases: ['protocol'] },
  predictor_use_ssl: { kind: 'boolean', default: false, help: 'Call the predictor with TLS' },
  predictor_request_timeout_seconds: { kind: 'number', default: 600, help: 'Longest wait for the predictor', min: 0 },
  predictor_request_retries: { kind: 'integer', default: 0, help: 'New tries when the predictor cannot be connected to', min: 0 },
  predictor_ca_file: { kind: 'string', help: 'CA bundle for the predictor', env: 'REQUESTS_CA_BUNDLE' },
  enable_predictor_health_check: { kind: 'boolean', default: false, help: 'Be ready only while the predictor is' },
  predict_proba: { kind: 'boolean', default: false, help: 'V1 answers probabilities instead of labels', env: 'PREDICT_PROBA' },
  placement: { kind: 'string', help: 'Where the model runs', values: ['runner', 'inline'] },
  intra_op: { kind: 'integer', default: 1, help: 'Threads within one run', min: 1 },
  max_body_bytes: { kind: 'integer', default: 64 * MIB, help: 'Largest request, also after decompression', min: 1 },
  max_front_body_bytes: { kind: 'integer', default: MIB, help: 'Largest WebSocket message, OpenAI request, structured CloudEvent and request about models: they are decoded between probes and other requests', min: 1 },
  grpc_max_receive_message_length: { kind: 'integer', help: 'Largest gRPC request. Default: max_body_bytes', min: 1 },
  grpc_max_send_message_length: { kind: 'integer', default: -1, help: 'Largest gRPC reply; -1 is any', min: -1 },
  max_run_seconds: { kind: 'number', default: 60, help: 'A run that takes longer is ended with its runner', min: 0.01 },
  max_load_seconds: { kind: 'number', default: 300, help: 'Longest time to load a model', min: 1 },
  max_queue: { kind: 'integer', default: 1000, help: 'Most requests that wait for one model', min: 1 },
  max_rows: { kind: 'integer', default: 1_000_000, help: 'Most rows in one request', min: 1 },
  max_models: { kind: 'integer', default: 1000, help: 'Most models loaded at once', min: 1 },
  runner_memory_mib: { kind: 'integer', help: 'Soft limit of a runner\'s memory', min: 16 },
  model_wait_seconds: { kind: 'number', default: 300, help: 'Wait for the model directory under MODEL_INIT_MODE=async', min: 0 },
  admin_token_file: { kind: 'string', help: 'File with the token that load and unload must present as a bearer' },
  drain_delay_seconds: { kind: 'number', default: 5, help: 'Serve on for this long after SIGTERM', min: 0 },
  drain_timeout_seconds: { kind: 'number', default: 20, help: 'Longest wait for requests under way at the end', min: 0 },
  timeout_keep_alive: { kind: 'number', default: 75, help: 'Seconds an idle connection is kept; above Envoy\'s', min: 1 },
  ssl_certfile: { kind: 'string', help: 'TLS certificate for REST and gRPC', env: 'SSL_CERTFILE' },
  ssl_keyfile: { kind: 'string', help: 'TLS key for REST and gRPC', env: 'SSL_KEYFILE' },
  log_level: { kind: 'string', default: 'info', help: 'Least level that is logged', values: ['trace', 'debug', 'info', 'warn', 'error', 'silent'] },
  access_log_sample: { kind: 'number', default: 0, help: 'Share of requests that get an access log line, 0 to 1', min: 0, max: 1 },
  log_url: { kind: 'string', help: 'CloudEvents sink for requests and replies' },
  log_mode: { kind: 'string', default: 'all', help: 'What goes to the sink', values: ['all', 'request', 'response'] },
  log_sample: { kind: 'number', default: 1, help: 'Share of requests that go to the sink, 0 to 1', min: 0, max: 1 },
  log_redact: { kind: 'string', help: 'JSON paths to blank in logged bodies, separated by commas, such as instances.*.ssn' },
  log_headers: { kind: 'string', help: 'Request headers to log, separated by commas' },
  enable_latency_logging: { kind: 'boolean', default: false, help: 'Log the time of each stage of each request' },
  max_threads: { kind: 'integer', help: 'No effect', inert: true },
  max_asyncio_workers: { kind: 'integer', help: 'No effect', inert: true },
  enable_docs_url: { kind: 'boolean', help: 'No effect: the document is always at /openapi.json', inert: true },
  configure_logging: { kind: 'boolean', help: 'No effect', inert: true },
  log_config_file: { kind: 'string', help: 'No effect', inert: true },
  access_log_format: { kind: 'string', help: 'No effect: lines are JSON', inert: true },
  event_loop: { kind: 'string', help: 'No effect', inert: true },
  help: { kind: 'boolean', default: false, help: 'Show this text' },
} as const satisfies { readonly [name: string]: Flag };

type FlagName = keyof typeof FLAGS;
type ValueOf<F extends Flag> = F['kind'] extends 'boolean' ? boolean : F['kind'] extends 'string' ? string : number;
type Defaulted<F> = F extends { readonly default: unknown } ? true : false;
/** The values of all flags. */
export type Settings = { readonly [N in FlagName]: Defaulted<(typeof FLAGS)[N]> extends true ? ValueOf<(typeof FLAGS)[N]> : ValueOf<(typeof FLAGS)[N]> | undefined };

const SPELLINGS: ReadonlyMap<string, FlagName> = new Map(Object.entries<Flag>(FLAGS).flatMap(([name, flag]) =>
  [name, ...(flag.aliases ?? [])].map((spelling) => [spelling, name as FlagName])));

function convert(name: string, flag: Flag, text: string): string | number | boolean {
  const fail = (allowed: string): Error => new Error(`--${name} is '${text}', but must be ${allowed}`);
  switch (flag.kind) {
    case 'boolean': {
      const value = ({ true: true, 1: true, yes: true, false: false, 0: false, no: false } as { [text: string]: boolean })[text.toLowerCase()];
      if (value === undefined) {
        throw fail('true or false');
      }
      return value;
    }
    case 'string':
      if (flag.values !== undefined && !flag.values.includes(text)) {
        throw fail(`one of ${flag.values.join(', ')}`);
      }
      return text;
    default: {
      const value = Number(text);
      const { kind, min = -Infinity, max = Infinity } = flag;
      if (text.trim() === '' || !Number.isFinite(value) || (kind === 'integer' && !Number.isInteger(value)) || value < min || value > max) {
        const bounds = min === -Infinity ? '' : max === Infinity ? ` of ${min} or more` : ` from ${min} to ${max}`;
        throw fail(`${kind === 'integer' ? 'an integer' : 'a number'}${bounds}`);
      }
      return value;
    }
  }
}

export interface ParsedFlags {
  readonly settings: Settings;
  readonly warnings: readonly string[];
  /** The model path, wherever it was given. */
  readonly path: string | undefined;
}

/** Reads the command line and the environment. */
export function parseFlags(args: readonly string[], env: NodeJS.ProcessEnv): ParsedFlags {
  const values: { [name: string]: string | number | boolean | undefined } = {};
  const warnings: string[] = [];
  let path: string | undefined;
  for (const [name, flag] of Object.entries<Flag>(FLAGS)) {
    const text = flag.env === undefined ? undefined : env[flag.env];
    values[name] = text === undefined || text === '' ? flag.default : convert(flag.env!, flag, text);
  }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (!arg.startsWith('--')) {
      if (path === undefined && !arg.startsWith('-')) {
        path = arg;
      } else {
        warnings.push(`argument '${arg}' is not understood and ignored`);
      }
      continue;
    }
    const equals = arg.indexOf('=');
    const spelled = (equals === -1 ? arg.slice(2) : arg.slice(2, equals)).replace(/-/g, '_');
    const name = SPELLINGS.get(spelled);
    const next = args[i + 1];
    if (name === undefined) {
      // what stands behind it is more likely its value than the model's path
      const dropped = equals === -1 && next !== undefined && !next.startsWith('-');
      warnings.push(`flag --${spelled} is unknown and ignored${dropped ? `, with its value '${next}'` : ''}`);
      if (dropped) {
        i++;
      }
      continue;
    }
    const flag: Flag = FLAGS[name];
    let text: string;
    if (equals !== -1) {
      text = arg.slice(equals + 1);
    } else if (flag.kind === 'boolean' && !(next !== undefined && /^(true|false|0|1|yes|no)$/i.test(next))) {
      text = 'true';
    } else if (next === undefined || next.startsWith('--')) {
      throw new Error(`--${spelled} needs a value${next === undefined ? '' : `; one that begins with -- is written --${spelled}=${next}`}`);
    } else {
      text = next;
      i++;
    }
    values[name] = convert(spelled, flag, text);
    if (flag.inert === true) {
      warnings.push(`flag --${spelled} has no effect in this server`);
    }
  }
  const settings = values as unknown as Settings;
  if ((settings.ssl_certfile === undefined) !== (settings.ssl_keyfile === undefined)) {
    throw new Error(`--ssl_certfile and --ssl_keyfile (or SSL_CERTFILE and SSL_KEYFILE) go together, but --ssl_${settings.ssl_certfile === undefined ? 'cert' : 'key'}file is not given: without it nothing would be encrypted`);
  }
  if (settings.enable_predictor_health_check && settings.predictor_host === undefined) {
    warnings.push('flag --enable_predictor_health_check has no effect without --predictor_host');
  }
  return { settings, warnings, path: settings.model_dir ?? path };
}

/** The text of --help. */
export function helpText(): string {
  const lines = Object.entries<Flag>(FLAGS).filter(([, flag]) => flag.inert !== true).map(([name, flag]) =>
    `  --${name.padEnd(34)} ${flag.help}${flag.default === undefined ? '' : ` (${flag.default})`}${flag.values === undefined ? '' : ` [${flag.values.join(', ')}]`}${flag.env === undefined ? '' : ` $${flag.env}`}`);
  return `kserve-model-server [path] [flags]\n\n${lines.join('\n')}\n\n$NAME is the environment variable that is read where the flag is not given.\n`;
}
