import type { ReleaseData } from './data';
import { finish } from './define';
import type { ComponentPins } from './pins';
import { UNKNOWN_RELEASE_CODE } from './unknown-release';
import { V0_16 } from './v0-16';
import { V0_17 } from './v0-17';
import { V0_18 } from './v0-18';
import { V0_19 } from './v0-19';
import { V0_20 } from './v0-20';

/** A fault of a KServe release that a user can meet. */
export interface KnownBug {
  /** Stable identifier, such as `multi-node-cleanup`. */
  readonly id: string;
  /** What goes wrong, in one sentence. */
  readonly summary: string;
  /** The field, object or way of installing that is affected. */
  readonly affects: string;
  /** Where the KServe project deals with it: an issue, a change or the source. */
  readonly reference: string;
}

/**
 * A release of KServe.
 *
 * Releases differ in what they accept and do; constructs and rules ask the release of
 * their target.
 *
 * @example
 * const release = KServeRelease.of('0.19.0');
 */
export class KServeRelease {
  /** KServe 0.16. */
  public static readonly V0_16 = new KServeRelease(V0_16);
  /** KServe 0.17. */
  public static readonly V0_17 = new KServeRelease(V0_17);
  /** KServe 0.18. */
  public static readonly V0_18 = new KServeRelease(V0_18);
  /** KServe 0.19. */
  public static readonly V0_19 = new KServeRelease(V0_19);
  /** KServe 0.20. */
  public static readonly V0_20 = new KServeRelease(V0_20);
  /** The newest release that the library knows. It moves when the library learns a new one. */
  public static readonly LATEST = KServeRelease.V0_20;

  /** Every release that the library knows, oldest first. */
  public static all(): KServeRelease[] {
    return [KServeRelease.V0_16, KServeRelease.V0_17, KServeRelease.V0_18, KServeRelease.V0_19, KServeRelease.V0_20];
  }

  /**
   * The release with the given version.
   *
   * @param version `0.20.0`, `v0.20.0` or `0.20`
   */
  public static of(version: string): KServeRelease {
    const wanted = version.replace(/^v/, '');
    const found = KServeRelease.all().find((release) => release.version === wanted || release.version === `${wanted}.0`);
    if (found) return found;
    throw Object.assign(new Error(
      `${UNKNOWN_RELEASE_CODE}: KServeRelease.of('${version}') names no KServe release that this library knows.`
      + ` Known are ${KServeRelease.all().join(', ')}.`
      + '\n      Fix: use one of them, such as KServeRelease.LATEST, or upgrade cdk8s-kserve for a newer release.',
    ), { code: UNKNOWN_RELEASE_CODE });
  }

  /** Version without `v`, such as `0.20.0`. */
  public readonly version: string;

  private resolved?: ReleaseData;

  private constructor(private readonly source: ReleaseData) {
    this.version = source.version;
  }

  /** Versions of the software around KServe that this release was built and tested with. */
  public get pins(): ComponentPins {
    return this._data.pins;
  }

  /** Faults of this release that a user can meet. */
  public get knownBugs(): KnownBug[] {
    return Object.entries(this._data.bugs).map(([id, bug]) => ({ id, ...bug }));
  }

  /** The version. */
  public toString(): string {
    return this.version;
  }

  /**
   * What the library knows about the release.
   * @internal
   */
  public get _data(): ReleaseData {
    this.resolved ??= finish(this.source);
    return this.resolved;
  }
}
