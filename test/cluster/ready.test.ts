import { KubeObject } from './bench/client';
import { cluster } from './bench/suite';
import { createNamespaces, inNamespaceOfItsOwn } from './support/namespaces';
import { forEachOf } from './support/parallel';
import { ClusterProgram, examplePrograms } from './support/programs';
import { boundVolume } from './support/volumes';

/** What examples refer to and do not make. */
const PROVIDED: { [example: string]: (namespace: string) => KubeObject[] } = {
  'example llm': (namespace) => [
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'hugging-face', namespace }, stringData: { HF_TOKEN: 'none' } },
  ],
  'example custom-runtime': (namespace) => boundVolume('trained-models', namespace),
};

/**
 * What comes when its services are Ready: a graph that finds one not ready looks again after twice as long each time,
 * and a trained model is deleted by a controller that has not heard of its service yet.
 */
const LATER = ['InferenceGraph', 'TrainedModel'];

const modeOf = ({ metadata }: KubeObject) => metadata.annotations?.['serving.kserve.io/deploymentMode'];

/** Knative makes some twenty objects of a service, so the examples with many services are for Standard mode. */
function isSmallEnough({ objects }: ClusterProgram): boolean {
  return cluster().mode === 'standard' || objects.filter(({ kind }) => kind === 'InferenceService').length <= 2;
}

describe('the examples', () => {
  let programs: ClusterProgram[];
  let applied: { program: string; object: KubeObject }[];

  beforeAll(async () => {
    programs = examplePrograms(cluster()).filter(isSmallEnough).map((program, i) => ({ ...program, objects: inNamespaceOfItsOwn(program.objects, `e${i}`) }));
    applied = programs.flatMap(({ name, objects }) => objects.map((object) => ({ program: name, object })));
    await createNamespaces(cluster().client, applied.map(({ object }) => object));
    await forEachOf(programs, async ({ name, objects: [first] }) => {
      for (const object of PROVIDED[name]?.(first.metadata.namespace!) ?? []) {
        await cluster().client.apply(object);
      }
    });
    await forEachOf(programs, async ({ objects }) => {
      for (const object of objects.filter(({ kind }) => !LATER.includes(kind))) {
        await cluster().client.apply(object);
      }
    });
  });

  test('become Ready', async () => {
    const mode = cluster().mode === 'standard' ? 'Standard' : 'Knative';
    const ofMode = applied.filter(({ object }) => (modeOf(object) ?? mode) === mode);
    const services = ofMode.filter(({ object }) => object.kind === 'InferenceService');
    const others = ofMode.filter(({ object }) => LATER.includes(object.kind));

    await forEachOf(services, ({ object }) => cluster().untilReady(object), 100);
    await forEachOf(others, async ({ object }) => cluster().untilReady(await cluster().client.apply(object), 100));

    expect(services.length).toBeGreaterThan(10);
    expect(others.length).toBeGreaterThan(2);
  });

  test('are left alone: applied once more, they change by nothing', async () => {
    const changes = await forEachOf(applied, async ({ program, object }) => {
      const before = await cluster().client.find(object);
      const after = await cluster().client.apply(object);
      return [program, object.kind, object.metadata.name, difference(before!, after)];
    });

    expect(changes.filter((change) => change[3] !== undefined)).toEqual([]);
  });
});

/** What a second apply changed: the generation, or the fields that the manager owns. */
function difference(before: KubeObject, after: KubeObject): unknown {
  const own = ({ metadata }: KubeObject) => metadata.managedFields?.filter(({ manager }) => manager === 'cdk8s');
  return before.metadata.generation === after.metadata.generation && JSON.stringify(own(before)) === JSON.stringify(own(after))
    ? undefined
    : { before: [before.metadata.generation, own(before)], after: [after.metadata.generation, own(after)] };
}
