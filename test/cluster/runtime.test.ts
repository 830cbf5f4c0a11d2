import { App, Chart } from 'cdk8s';
import {
  InferenceProtocol, InferenceService, IServingRuntime, KServeRelease, ModelFormat, ModelSource, Predictor, RuntimeFormat, ServingRuntime,
  ServingRuntimeProps, ServingTarget,
} from '../../src';
import { formatFacts, formatNames } from '../../src/release/formats';
import { KubeObject } from './bench/client';
import { cluster } from './bench/suite';
import { forEachOf } from './support/parallel';
import { factsOf } from './support/programs';
import { makeService, sklearn } from './support/service';

const PROTOCOLS = [undefined, InferenceProtocol.V1, InferenceProtocol.V2, InferenceProtocol.GRPC_V1, InferenceProtocol.GRPC_V2];

interface Question {
  readonly what: string;
  readonly format: string;
  readonly version?: string;
  readonly protocol?: InferenceProtocol;
  /** Name of the runtime that the service names. */
  readonly runtime?: string;
}

/** A service that is switched off, so that a runtime is chosen and nothing started; and the runtime that the library foretells. */
function ask(namespace: string, name: string, { format, version, protocol, runtime }: Question): { expected: string; object: KubeObject } {
  const { service, object } = makeService(cluster(), namespace, name, {
    stopped: true,
    predictor: Predictor.fromModel({
      format: version === undefined ? ModelFormat.of(format) : ModelFormat.of(format, version),
      protocol,
      source: ModelSource.gcs('gs://bench/model'),
      ...runtime !== undefined && { runtime: { name: runtime } as IServingRuntime },
    }),
  });
  return { expected: service.predictor.runtime?.name ?? 'none', object };
}

/** The runtime that the controller chose, or `none`. */
async function chosen(service: KubeObject): Promise<string> {
  return cluster().until('a runtime is chosen or not', service, ({ status }) => {
    const { reason } = status?.modelStatus?.lastFailureInfo ?? {};
    return status?.servingRuntimeName ?? status?.clusterServingRuntimeName ?? (reason && 'none');
  }, 200);
}

function* questions(): Iterable<Question> {
  const data = KServeRelease.of(cluster().kserve)._data;
  for (const format of [...formatNames(data), 'vllm', 'unheard-of']) {
    const versions = formatFacts(data, format)?.versions ?? [];
    for (const version of [undefined, ...versions, '99']) {
      for (const protocol of version === undefined || versions.includes(version) ? PROTOCOLS : [undefined, InferenceProtocol.V2]) {
        yield { what: `${format} ${version ?? 'any version'} by ${protocol ?? 'no protocol'}`, format, version, protocol };
      }
    }
  }
  for (const runtime of [...Object.keys(data.runtimes), 'kserve-unheard-of']) {
    for (const protocol of [undefined, InferenceProtocol.V1, InferenceProtocol.V2]) {
      yield { what: `sklearn by ${protocol ?? 'no protocol'} on ${runtime}`, format: 'sklearn', protocol, runtime };
    }
  }
}

/** Runtimes of a namespace, beside which KServe's own serve scikit-learn at priorities 1 and 2. */
const RUNTIMES: { [name: string]: { [runtime: string]: Pick<ServingRuntimeProps, 'formats' | 'protocolVersions' | 'disabled'> } } = {
  'one of the same priority': { own: sklearnBy({ priority: 1 }) },
  'one of higher priority': { own: sklearnBy({ priority: 9 }) },
  'one without a priority': { own: sklearnBy({}) },
  'two of different priorities': { low: sklearnBy({ priority: 2 }), high: sklearnBy({ priority: 3 }) },
  'two of equal priority and different protocols': { first: sklearnBy({ priority: 2 }, InferenceProtocol.V1), second: sklearnBy({ priority: 2 }, InferenceProtocol.V2) },
  'a priority and none': { some: sklearnBy({ priority: 1 }, InferenceProtocol.V1), none: sklearnBy({}) },
  'one that is disabled': { own: { ...sklearnBy({ priority: 9 }), disabled: true } },
  'one that must be named': { own: sklearnBy({ autoSelect: false }) },
  'one of another version': { own: sklearnBy({ version: '2', priority: 5 }) },
  'one that speaks v2 only': { own: sklearnBy({ priority: 5 }, InferenceProtocol.V2) },
};

function sklearnBy(format: Partial<RuntimeFormat>, ...protocolVersions: InferenceProtocol[]): Pick<ServingRuntimeProps, 'formats' | 'protocolVersions'> {
  return { formats: [{ name: 'sklearn', autoSelect: true, ...format }], protocolVersions: protocolVersions.length > 0 ? protocolVersions : [InferenceProtocol.V1, InferenceProtocol.V2] };
}

describe('the controller chooses the runtime that the library foretells', () => {
  test('among those of the release', async () => {
    const namespace = await cluster().namespace('runtime');
    // the mode has no part in the choice
    const asked = [...questions()].filter((_, i) => cluster().mode === 'standard' || i % 8 === 0);

    const answers = await forEachOf(asked, async (question, i) => {
      const { expected, object } = ask(namespace, `service-${i}`, question);
      await cluster().client.apply(object);
      return [question.what, expected, await chosen(object)];
    }, 40);

    expect(answers.filter(([, expected, got]) => expected !== got)).toEqual([]);
    expect(answers.filter(([, expected]) => expected !== 'none').length).toBeGreaterThan(cluster().mode === 'standard' ? 80 : 10);
  });

  test('among those of a namespace and the release', async () => {
    const answers = await forEachOf(Object.entries(RUNTIMES), async ([name, runtimes]) => {
      const namespace = await cluster().namespace('runtimes');
      return forEachOf([undefined, InferenceProtocol.V1, InferenceProtocol.V2], async (protocol) => {
        const { expected, service, others } = askAmong(namespace, `by-${protocol ?? 'none'}`, protocol, runtimes);
        for (const runtime of others) {
          await cluster().client.apply(runtime);
        }
        await cluster().client.apply(service);
        return [`${name}, by ${protocol ?? 'no protocol'}`, expected, await chosen(service)];
      }, 1);
    });

    expect(answers.flat().filter(([, expected, got]) => expected !== got)).toEqual([]);
    expect(new Set(answers.flat().map(([, , got]) => got)).size).toBeGreaterThan(5);
  });
});

function askAmong(namespace: string, name: string, protocol: InferenceProtocol | undefined, runtimes: typeof RUNTIMES[string]) {
  const app = new App();
  ServingTarget.attach(app, factsOf(cluster()));
  const chart = new Chart(app, 'chart', { namespace });
  for (const [id, props] of Object.entries(runtimes)) {
    new ServingRuntime(chart, id, { ...props, container: { image: 'example/server:1' } });
  }
  const service = new InferenceService(chart, name, { stopped: true, predictor: sklearn({ protocol }) });
  const objects: KubeObject[] = chart.toJson();
  return {
    expected: service.predictor.runtime?.name ?? 'none',
    service: objects.find(({ kind }) => kind === 'InferenceService')!,
    others: objects.filter(({ kind }) => kind !== 'InferenceService'),
  };
}
