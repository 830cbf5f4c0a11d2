import type { Duration } from 'cdk8s';
import type { IServiceAccount } from 'cdk8s-plus-28';
import { caused, eachCaused } from '../core/cause';
import { defined } from '../core/fields';

/** What a logger sends. */
export enum LogMode {
  /** Requests and responses. */
  ALL = 'all',
  /** Requests only. */
  REQUEST = 'request',
  /** Responses only. */
  RESPONSE = 'response',
}

/** The form of logs in a bucket. */
export enum LogFormat {
  /** One JSON document for each record. */
  JSON = 'json',
  /** Lines of comma-separated values. From KServe 0.17 on. */
  CSV = 'csv',
  /** Parquet files. From KServe 0.17 on. */
  PARQUET = 'parquet',
}

/** Where in a bucket logs are written, and with which credentials. */
export interface LoggerStorage {
  /** Path in the bucket of the logger's `url`. */
  readonly path: string;

  /** Key of the Secret `storage-config`, or name of the Secret, that holds the bucket's credentials. */
  readonly key: string;

  /**
   * The form of the logs.
   *
   * @default LogFormat.JSON
   */
  readonly format?: LogFormat;

  /**
   * Further parameters of the storage.
   *
   * @default - none
   */
  readonly parameters?: { [key: string]: string };

  /**
   * The account whose credentials are used.
   *
   * @default - the account `logger-sa` of the service's namespace
   */
  readonly serviceAccount?: IServiceAccount;
}

/** Options of an InferenceLogger. */
export interface InferenceLoggerOptions {
  /**
   * Where the logs go: `http(s)://` for CloudEvents, or the bucket of `storage`
   * (`s3://`, `gs://`, `abfs://`).
   *
   * @default - what KServe's ConfigMap says, `http://default-broker` if nobody changed it
   */
  readonly url?: string;

  /**
   * Request headers that are logged too.
   *
   * @default - none
   */
  readonly metadataHeaders?: string[];

  /**
   * Annotations of the pods that are logged too.
   *
   * @default - none
   */
  readonly metadataAnnotations?: string[];

  /**
   * The place in the bucket. KServe reads it from the predictor's logger only, for all components.
   *
   * @default - CloudEvents are sent to `url`
   */
  readonly storage?: LoggerStorage;

  /**
   * A service that turns records into the bytes that are stored. From KServe 0.17 on;
   * read from the predictor's logger only.
   *
   * @default - the logger does it itself
   */
  readonly marshallerUrl?: string;

  /**
   * How many records are stored together. From KServe 0.17 on; read from the predictor's logger only.
   *
   * @default 1
   */
  readonly batchSize?: number;

  /**
   * How long a record waits for others at most. Needs a `batchSize` above 1.
   * From KServe 0.17 on; read from the predictor's logger only.
   *
   * @default - until `batchSize` is reached
   */
  readonly batchInterval?: Duration;
}

/**
 * Sends what a component is asked and what it answers to a sink.
 *
 * @see https://kserve.github.io/website/docs/model-serving/predictive-inference/logger
 */
export class InferenceLogger {
  /** Logs requests and responses. */
  static all(options: InferenceLoggerOptions = {}): InferenceLogger {
    return new InferenceLogger(LogMode.ALL, { ...options });
  }

  /** Logs requests only. */
  static requests(options: InferenceLoggerOptions = {}): InferenceLogger {
    return new InferenceLogger(LogMode.REQUEST, { ...options });
  }

  /** Logs responses only. */
  static responses(options: InferenceLoggerOptions = {}): InferenceLogger {
    return new InferenceLogger(LogMode.RESPONSE, { ...options });
  }

  private constructor(
    /** What is sent. */
    readonly mode: LogMode,
    private readonly props: InferenceLoggerOptions,
  ) {}

  /** @internal */
  _render(): object {
    const { storage, metadataHeaders, metadataAnnotations, batchInterval } = this.props;
    return defined({
      mode: this.mode,
      url: caused('url', this.props.url),
      metadataHeaders: caused('metadataHeaders', metadataHeaders && [...metadataHeaders]),
      metadataAnnotations: caused('metadataAnnotations', metadataAnnotations && [...metadataAnnotations]),
      storage: storage && caused('storage', renderStorage(storage)),
      marshallerUrl: caused('marshallerUrl', this.props.marshallerUrl),
      batchSize: caused('batchSize', this.props.batchSize),
      batchInterval: caused('batchInterval', batchInterval && `${batchInterval.toSeconds({ integral: false })}s`),
    });
  }
}

function renderStorage({ path, key, format, parameters, serviceAccount }: LoggerStorage): object {
  return defined({
    path: caused('path', path),
    // always there, since the webhook asks for it
    parameters: { format: caused('format', format) ?? LogFormat.JSON, ...eachCaused('parameters', parameters ?? {}) },
    key: caused('key', key),
    serviceAccountName: caused('serviceAccount', serviceAccount?.name),
  });
}
