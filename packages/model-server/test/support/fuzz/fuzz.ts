import { mutate } from './mutate';
import { Properties } from './properties';
import { Random } from './random';
import { Wires } from './wires';
import { Answer, Caller } from '../caller';
import { Exchange, exchange, KINDS } from '../exchanges';
import { TestServer } from '../server';

export interface FuzzResult {
  readonly requests: number;
  /** Requests by kind of attack, and answers by status. */
  readonly counts: { readonly [what: string]: number };
  /** What was not as it must be, the first ones. */
  readonly wrong: readonly string[];
}

export interface FuzzOptions {
  readonly requests: number;
  readonly seed: number;
  readonly lanes?: number;
  readonly onProgress?: (done: number, wrong: number) => void;
}

const ERROR = /^\{"error":"/;
// an output that JSON cannot say is the only failure that a caller of these models can bring about
const NOT_IN_JSON = /binary/;
const TOO_LARGE = /larger|more than/i;

function shown({ path, headers, body }: Omit<Exchange, 'kind' | 'right'>): string {
  return `${path} ${JSON.stringify(headers ?? {})} ${body.toString('base64').slice(0, 2000)}`;
}

// what Node and V8 say of failures in code that took the request for a right one
const NOT_OURS = /is out of range|must be of type|of undefined|is undefined|is not (a function|iterable|defined)|[Ii]nvalid (typed )?array|out of bounds|BigInt|\bERR_|call stack/;

/** Why an answer to a damaged request is not acceptable. */
function fault({ status, body, ok }: Answer): string | undefined {
  const text = body.toString();
  const code = Number(status);
  const told = status.startsWith('grpc')
    ? ['grpc 0', 'grpc 3', 'grpc 5', 'grpc 12'].includes(status) || (status === 'grpc 8' && TOO_LARGE.test(text))
    : (code < 500 && (code !== 413 || TOO_LARGE.test(text))) || code === 501 || (code === 500 && NOT_IN_JSON.test(text));
  return told && (ok || !NOT_OURS.test(text)) ? undefined : `${status} ${text.slice(0, 200)}`;
}

/** Sends requests of all kinds of wrong by every protocol, each followed by a valid one whose answer must be right. */
export async function fuzz(server: TestServer, { requests, seed, lanes = 8, onProgress }: FuzzOptions): Promise<FuzzResult> {
  const counts: { [what: string]: number } = {};
  const wrong: string[] = [];
  const properties = new Properties();
  let left = requests;
  const count = (what: string): void => { counts[what] = (counts[what] ?? 0) + 1; };

  const lane = async (index: number): Promise<void> => {
    const random = new Random(seed + index * 7919);
    const caller = new Caller(server);
    const wires = new Wires(server);
    const attempt = async (request: Omit<Exchange, 'kind' | 'right'>): Promise<Answer> => {
      const answer = await caller.send(request);
      count(answer.status);
      return answer;
    };
    const attacks: readonly (readonly [share: number, name: string, attack: () => Promise<string | undefined>])[] = [
      [0.46, 'mutated', async () => {
        const damaged = mutate(exchange(random.pick(KINDS), random.int(1000)), random);
        const why = fault(await attempt(damaged));
        return why === undefined ? undefined : `${why} to ${shown(damaged)}`;
      }],
      [0.4, 'property', async () => {
        const made = properties.make(random);
        const answer = await attempt(made);
        const good = made.defect === undefined ? answer.ok && made.right(answer.body) : answer.status === 'grpc 3' || (answer.status === '400' && ERROR.test(answer.body.toString()));
        return good ? undefined : `${made.kind}: ${answer.status} ${answer.body.toString().slice(0, 200)} to ${shown(made)}`;
      }],
      [0.04, 'WebSocket', () => wires.webSocket(random)],
      [0.07, 'raw HTTP', () => wires.http(random)],
      [0.03, 'raw gRPC', () => wires.http2(random)],
    ];
    while (left-- > 0) {
      let at = random.next();
      const [, name, attack] = attacks.find(([share]) => (at -= share) < 0) ?? attacks[0]!;
      count(name);
      try {
        const failure = await attack();
        const valid = exchange(random.pick(KINDS), random.int(1000));
        const answer = await caller.send(valid);
        if (failure !== undefined) {
          wrong.push(failure);
        }
        if (!answer.ok || !valid.right(answer.body)) {
          wrong.push(`valid ${valid.kind} after ${name}: ${answer.status} ${answer.body.toString().slice(0, 200)}`);
        }
      } catch (error) {
        wrong.push(`${name}: ${(error as Error).message}`);
        if (server.child.exitCode !== null || server.child.signalCode !== null) {
          left = 0;
        }
      }
      if (left % 10_000 === 0) {
        onProgress?.(requests - left, wrong.length);
      }
    }
    caller.close();
    wires.close();
  };
  await Promise.all(Array.from({ length: lanes }, (_, i) => lane(i)));
  return { requests, counts, wrong: wrong.slice(0, 20) };
}
