import { Construct } from 'constructs';
import { markBuiltIn } from './built-in-mark';
import { renderBuiltIn } from './built-in-render';
import type { BuiltInRuntimeOptions, BuiltInRuntimesProps } from './built-in-runtimes-props';
import type { IServingRuntime } from './i-serving-runtime';
import { SERVING_RUNTIME_RULES, UNKNOWN_BUILT_IN } from './rules';
import { Deferred } from '../core/deferred';
import { Fields } from '../core/fields';
import { ManifestObject } from '../core/manifest';
import { ProgramViolation, violationOf } from '../diagnostics/rule';
import { watch } from '../diagnostics/watch';
import { installedRuntimes } from '../release/formats';
import { KEYS } from '../release/keys';
import type { RuntimeData } from '../release/runtime-data';
import { RuntimeFacts, ServingTarget } from '../target';
import { judgeBy } from '../target/rule-context';

/**
 * The ClusterServingRuntimes that come with the target's release of KServe, as
 * its Helm chart installs them.
 *
 * Where nobody else installs runtimes on the cluster, say so to the target by
 * `runtimes: []`, and a model that no runtime serves becomes an error.
 *
 * @see https://kserve.github.io/website/docs/concepts/resources/servingruntime
 *
 * @example
 * new BuiltInRuntimes(chart, 'runtimes', {
 *   runtimes: ['kserve-sklearnserver', 'kserve-tritonserver'],
 *   imageRegistry: 'registry.acme.org/mirror',
 * });
 */
export class BuiltInRuntimes extends Construct {
  /** The runtimes, in the order of the release. */
  readonly runtimes: IServingRuntime[];

  constructor(scope: Construct, id: string, props: BuiltInRuntimesProps = {}) {
    super(scope, id);
    const data = ServingTarget.of(this).release._data;
    const wanted = props.runtimes ?? installedRuntimes(data).map(({ name }) => name);
    this.runtimes = Object.values(data.runtimes).filter(({ name }) => wanted.includes(name)).map((runtime) =>
      new BuiltInRuntime(this, runtime, { imageRegistry: props.imageRegistry, ...props.overrides?.[runtime.name] }));
    watch(this, { program: () => this.unknownNames(wanted, props.overrides ?? {}) });
  }

  /**
   * One of the runtimes, to be named by a service.
   *
   * @param name such as `kserve-tritonserver`
   * @returns undefined if it is not among those that this construct installs
   */
  runtime(name: string): IServingRuntime | undefined {
    return Deferred.is(name) ? undefined : this.runtimes.find((runtime) => runtime.name === name);
  }

  private* unknownNames(wanted: string[], overrides: { [name: string]: unknown }): Iterable<ProgramViolation> {
    const { release } = ServingTarget.of(this);
    const known = Object.keys(release._data.runtimes);
    const installed = this.runtimes.map(({ name }) => name);
    for (const [i, name] of wanted.entries()) {
      if (Deferred.is(name) || !known.includes(name)) {
        yield violationOf(UNKNOWN_BUILT_IN, `runtimes[${i}]`, {
          value: name, message: `is no runtime of KServe ${release}`, allowed: known.join(', '), fix: 'name one of these.',
        });
      }
    }
    for (const name of Object.keys(overrides)) {
      if (!installed.includes(name)) {
        yield violationOf(UNKNOWN_BUILT_IN, `overrides.${name}`, {
          message: `is for a runtime that is not installed with KServe ${release}`, allowed: installed.join(', '), fix: 'name one of these, or leave it out.',
        });
      }
    }
  }
}

class BuiltInRuntime extends ManifestObject implements IServingRuntime {
  readonly facts: RuntimeFacts;

  constructor(scope: Construct, private readonly data: RuntimeData, private readonly options: BuiltInRuntimeOptions) {
    const { abilities } = ServingTarget._ofChild(scope, data.name).release._data;
    super(scope, data.name, {
      apiVersion: 'serving.kserve.io/v1alpha1',
      kind: 'ClusterServingRuntime',
      name: data.name,
      clusterScoped: true,
      annotations: () => abilities.serverTypeAnnotation ? { [KEYS.serverType]: data.serverType } : {},
    });
    this.facts = {
      name: data.name,
      formats: [...data.formats],
      protocolVersions: [...data.protocols],
      disabled: options.disabled ?? false,
      multiNode: data.worker !== undefined,
    };
    markBuiltIn(this);
    judgeBy(this, () => SERVING_RUNTIME_RULES);
  }

  /** @internal */
  _fields(): Fields {
    return { spec: renderBuiltIn(this.data, this.options) };
  }
}
