import { KubeObject } from './bench/client';
import { cluster } from './bench/suite';
import { until } from './bench/wait';
import { createNamespaces, inNamespaceOfItsOwn } from './support/namespaces';
import { forEachOf } from './support/parallel';
import { ClusterProgram, rightPrograms } from './support/programs';

/** Rules whose finding means that a right program is for other releases or modes than the cluster's. */
const FOR_OTHERS = /^KSV\d{4}: /;

describe('what right programs make', () => {
  let programs: ClusterProgram[];
  let objects: { program: string; object: KubeObject }[];

  beforeAll(async () => {
    programs = rightPrograms(cluster());
    objects = programs.flatMap(({ name, objects: made }) => made.map((object) => ({ program: name, object })));
    await createNamespaces(cluster().client, objects.map(({ object }) => object));
  });

  test('is left out only for a reason of the library', () => {
    const refused = programs.flatMap(({ name, refused: reason }) => reason === undefined ? [] : [`${name}: ${reason}`]);

    expect(refused.filter((line) => !FOR_OTHERS.test(line.slice(line.indexOf(': ') + 2)))).toEqual([]);
    expect(refused.length).toBeLessThan(programs.length / 3);
  });

  test('is of kinds that the cluster has', async () => {
    const kinds = new Map(objects.map(({ object }) => [`${object.apiVersion} ${object.kind}`, object]));

    const served = await forEachOf([...kinds.values()], ({ apiVersion, kind }) => cluster().client.serves(apiVersion, kind));

    expect([...kinds.keys()].filter((_, i) => !served[i])).toEqual([]);
  });

  test('is accepted whole, with no field unknown', async () => {
    const refusals = await forEachOf(objects, async ({ program, object }) => {
      // what an installation of KServe made may be taken over
      const refusal = await cluster().refusal(object, { force: true });
      return refusal === undefined ? [] : [`${program}: ${object.kind} ${object.metadata.name}: ${refusal}`];
    });

    expect(refusals.flat()).toEqual([]);
    expect(objects.length).toBeGreaterThan(250);
  });

  test('is left alone: applied once more, it changes by nothing', async () => {
    const own = programs.map(({ name, objects: made }, i) => ({ name, objects: inNamespaceOfItsOwn(made, `l${i}`).map(stopped) }));
    await createNamespaces(cluster().client, own.flatMap(({ objects: made }) => made));

    const changes = await forEachOf(own, async ({ name, objects: made }) => {
      const changed: unknown[] = [];
      for (const object of made) {
        const [first, second] = await appliedTwice(object);
        if (first.metadata.generation !== second.metadata.generation || owned(first) !== owned(second)) {
          changed.push([name, object.kind, object.metadata.name, owned(first), owned(second)]);
        }
      }
      return changed;
    });

    expect(changes.flat()).toEqual([]);
  });
});

const STOP = 'serving.kserve.io/stop';

/** The same object, switched off: it passes the same webhooks, and the controllers need not make its pods. */
function stopped(object: KubeObject): KubeObject {
  return ['InferenceService', 'InferenceGraph'].includes(object.kind)
    ? { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [STOP]: 'true' } } }
    : object;
}

/** What two applies in a row return. KServe deletes a trained model whose service it has not heard of yet: then they return two objects. */
async function appliedTwice(object: KubeObject): Promise<[KubeObject, KubeObject]> {
  let last = await cluster().client.apply(object, { force: true });
  return until(`${object.kind} ${object.metadata.name} outlives two applies`, async () => {
    const first = last;
    last = await cluster().client.apply(object);
    return first.metadata.uid === last.metadata.uid ? [first, last] : undefined;
  });
}

/** The fields that the manager owns, and since when it does. */
function owned({ metadata }: KubeObject): string {
  return JSON.stringify(metadata.managedFields?.filter(({ manager }) => manager === 'cdk8s'));
}
