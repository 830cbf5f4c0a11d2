import { stringify } from 'yaml';
import { KubeClient, ObjectRef } from './client';
import { ClusterState } from './cluster';
import { lastLines } from './processes';

/** What a person needs who asks why an object is not what it should be: itself, its events, the controllers' last words. */
export async function explain(client: KubeClient, state: Pick<ClusterState, 'processes'>, ref: ObjectRef): Promise<string> {
  const object = await client.find(ref);
  const namespace = ref.metadata.namespace ?? 'default';
  const events = await client.list('v1', 'Event', { namespace });
  const about = events.filter((event) => event.involvedObject?.name?.startsWith(ref.metadata.name));
  const controllers = state.processes.filter((record) => /^(kserve|knative)-/.test(record.name));
  const { managedFields: _, ...metadata } = object?.metadata ?? { name: '' };
  return [
    `--- ${ref.kind} ${namespace}/${ref.metadata.name}`,
    object ? stringify({ ...object, metadata }) : 'does not exist',
    '--- events',
    ...about.map((event) => `${event.involvedObject.kind}/${event.involvedObject.name}: ${event.reason}: ${event.message}`),
    ...controllers.flatMap((record) => [`--- ${record.name}`, lastLines(record.log, mentioning(ref))]),
  ].join('\n');
}

/** Lines of a log with the object's name, or that of the service or graph whose component it is. */
function mentioning({ metadata: { name } }: ObjectRef): RegExp {
  const owner = name.replace(/-(predictor|transformer|explainer)$/, '');
  return new RegExp(`(?<![a-z0-9-])${owner}(-(predictor|transformer|explainer))?(?![a-z0-9-])`);
}
