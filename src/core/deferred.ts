import { IResolver, ResolutionContext } from 'cdk8s';

const BRAND = Symbol.for('cdk8s-kserve.Deferred');
const OPEN = '⟦kserve:';
const CLOSE = '⟧';
const MARKER = /⟦kserve:([^⟧]*)⟧/g;

/**
 * A value that a front end (Pulumi, for one) will know only at deployment.
 *
 * It may stand for any string or number prop. Strings may embed it
 * (`http://${name}`); anything else that looks inside it throws, because a
 * decision on an unknown value would be wrong without anybody noticing.
 */
export class Deferred {
  /** Lets a cdk8s App render deferred values as their markers: `new App({ resolvers: [Deferred.resolver] })`. */
  static readonly resolver: IResolver = {
    resolve(context: ResolutionContext) {
      if (typeof context.value === 'object' && Deferred.is(context.value)) {
        context.replaceValue(String(context.value));
      }
    },
  };

  /** Whether the value is deferred, or a string with a deferred part. */
  static is(value: unknown): boolean {
    return typeof value === 'string'
      ? value.includes(OPEN)
      : typeof value === 'object' && value !== null && BRAND in value;
  }

  /** The keys of all deferred parts of a string, in order. */
  static keysIn(text: string): string[] {
    return [...text.matchAll(MARKER)].map((match) => decodeURIComponent(match[1]));
  }

  /** Replaces the deferred parts of a string by `valueOf(key)`. */
  static fill(text: string, valueOf: (key: string) => string): string {
    return text.replace(MARKER, (_, key: string) => valueOf(decodeURIComponent(key)));
  }

  private readonly marker: string;

  /** @param key identifies the value to whoever will fill it in */
  constructor(key: string) {
    this.marker = `${OPEN}${encodeURIComponent(key)}${CLOSE}`; // a key may hold anything, even the end of a marker
    Object.defineProperty(this, BRAND, { value: true });
  }

  toString(): string {
    return this.marker;
  }

  toJSON(): string {
    return this.marker;
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'number') {
      throw new Error('a value that is known only at deployment was used in arithmetic or in a comparison; compute with it before it is passed in (with Pulumi: output.apply(…))');
    }
    return this.marker;
  }
}
