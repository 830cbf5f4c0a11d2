import { KubeObject } from './bench/client';
import { cluster } from './bench/suite';
import { createNamespaces, inNamespaceOfItsOwn } from './support/namespaces';
import { forEachOf } from './support/parallel';
import { rightPrograms } from './support/programs';

const STOP = 'serving.kserve.io/stop';

/** The same object, switched off: it passes the same webhooks, and the controllers need not make its pods. */
function stopped(object: KubeObject): KubeObject {
  return ['InferenceService', 'InferenceGraph'].includes(object.kind)
    ? { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [STOP]: 'true' } } }
    : object;
}

test('what right programs make is admitted and left alone: applied once more, it changes by nothing', async () => {
  const programs = rightPrograms(cluster()).map(({ name, objects }, i) => ({ name, objects: inNamespaceOfItsOwn(objects, `l${i}`).map(stopped) }));
  await createNamespaces(cluster().client, programs.flatMap(({ objects }) => objects));

  const changes = await forEachOf(programs, async ({ name, objects }) => {
    const changed: unknown[] = [];
    for (const object of objects) {
      const first = await cluster().client.apply(object, { force: true });
      const second = await cluster().client.apply(object);
      if (first.metadata.generation !== second.metadata.generation || owned(first) !== owned(second)) {
        changed.push([name, object.kind, object.metadata.name, owned(first), owned(second)]);
      }
    }
    return changed;
  });

  expect(changes.flat()).toEqual([]);
});

/** The fields that the manager owns, and since when it does. */
function owned({ metadata }: KubeObject): string {
  return JSON.stringify(metadata.managedFields?.filter(({ manager }) => manager === 'cdk8s'));
}
