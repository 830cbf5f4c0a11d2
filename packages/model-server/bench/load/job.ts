/** What a generator is to do. */
export interface LoadJob {
  readonly protocol: 'http' | 'grpc';
  readonly port: number;
  readonly connections: number;
  /** Calls in flight on each connection; HTTP/1.1 has one. */
  readonly streams: number;
  readonly seconds: number;
  /** Milliseconds from a request to the next, which leaves late where a reply does. @default - as soon as a reply is there */
  readonly everyMs?: number;
  /** HTTP: the whole request, head and body. gRPC: the path and the message. */
  readonly request: Uint8Array;
  readonly path?: string;
}

/** What a generator saw. */
export interface LoadResult {
  readonly count: number;
  readonly errors: number;
  readonly perSecond: number;
  /** CPU time that the generator itself used for each request. */
  readonly clientCpuUs: number;
  /** Milliseconds of every reply, in the order they came. */
  readonly latencies: Float64Array;
  /** When the request of each left, in milliseconds since 1970. */
  readonly starts: Float64Array;
  /** Milliseconds in which it left; 0 where it was one piece. */
  readonly sending: Float64Array;
}

/** What a generator tells: that its connections are open, and how it ended. */
export type LoadMessage = { readonly opened: true } | { readonly result: LoadResult } | { readonly error: string };

/** One connection's work, which tells each reply. */
export interface Connection {
  /** Sends nothing more; resolves when all replies are there. */
  stop(): Promise<void>;
}

/** Told of each reply: whether it was good, its milliseconds, and those of them in which the request left. */
export type OnReply = (good: boolean, ms: number, sendingMs?: number) => void;
