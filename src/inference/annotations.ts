import { caused } from '../core/cause';
import { givenAnnotations } from '../core/manifest';
import { KEYS } from '../release/keys';
import { InferenceServiceProps } from './inference-service-props';

/** How a prop is written into its annotation; undefined leaves the annotation out. */
interface Written<Prop extends keyof InferenceServiceProps = any> {
  readonly prop: Prop;
  readonly key: string;
  write(value: NonNullable<InferenceServiceProps[Prop]>): string | undefined;
}

const written = <Prop extends keyof InferenceServiceProps>(prop: Prop, key: string, write: Written<Prop>['write']): Written => ({ prop, key, write });
const onlyTrue = (value: boolean) => value ? 'true' : undefined;

const TABLE = [
  written('stopped', KEYS.stop, onlyTrue),
  written('tagRouting', KEYS.enableTagRouting, onlyTrue),
  written('rolloutDuration', KEYS.knativeRolloutDuration, (duration) => `${duration.toSeconds()}s`),
  written('prometheusScraping', KEYS.enablePrometheusScraping, String),
  written('metricAggregation', KEYS.enableMetricAggregation, String),
  written('disableAutoUpdate', KEYS.disableAutoUpdate, onlyTrue),
  written('disableLocalModel', KEYS.disableLocalModel, onlyTrue),
  written('nodeGroup', KEYS.nodeGroup, (group) => group),
  written('writableModel', KEYS.storageReadonly, (writable) => writable ? 'false' : undefined),
  written('storageInitializerUid', KEYS.storageInitializerUid, (uid) => `${uid}`),
  written('gpuResourceTypes', KEYS.gpuResourceTypes, (types) => JSON.stringify(types)),
  written('gkeAccelerator', KEYS.gkeAccelerator, (accelerator) => accelerator),
];

/** The props that KServe reads from an annotation, with the annotation's value, and the user's own annotations. */
export function annotationsOf(props: InferenceServiceProps): { [key: string]: string } {
  const annotations: { [key: string]: string } = {};
  for (const { prop, key, write } of TABLE) {
    const value = props[prop as keyof InferenceServiceProps];
    const text = value === undefined || value === null ? undefined : write(value);
    if (text !== undefined) {
      annotations[key] = caused(prop, text);
    }
  }
  return Object.assign(annotations, givenAnnotations(props.annotations));
}
