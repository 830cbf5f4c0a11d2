import type { Logger } from 'pino';
import { OpenStreams } from './open-streams';
import { Settings } from '../cli/flags';
import type { RequestLog } from '../logging/request-log';
import { Metrics } from '../metrics/registry';
import { ModelRegistry } from '../registry/registry';

/** What handlers of every protocol share. */
export interface FrontContext {
  readonly settings: Settings;
  readonly registry: ModelRegistry;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly version: string;
  /** Sends requests and replies to a sink, where one is set. */
  readonly requestLog: RequestLog | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Whether spans go anywhere. */
  readonly tracing: boolean;
  /** Whether anything is to be told of single requests. */
  readonly observing: boolean;
  /** What ends at shutdown. */
  readonly streams: OpenStreams;
  /** Why the server is not ready, drain included; undefined when it is. */
  unready(): string | undefined;
}

export const SERVER_NAME = 'kserve-model-server';
export const EXTENSIONS: readonly string[] = ['binary_tensor_data', 'model_repository', 'generate'];
