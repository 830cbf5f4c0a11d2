import { caused } from '../core/cause';
import { givenAnnotations } from '../core/manifest';
import { KEYS } from '../release/keys';
import { InferenceServiceProps } from './inference-service-props';

/** The props that KServe reads from an annotation, with the annotation's value. */
export function annotationsOf(props: InferenceServiceProps): { [key: string]: string } {
  const flag = (value: boolean | undefined) => value === undefined ? undefined : String(value);
  const onlyTrue = (value: boolean | undefined) => value ? 'true' : undefined;
  const table: [prop: keyof InferenceServiceProps, key: string, value: unknown][] = [
    ['stopped', KEYS.stop, onlyTrue(props.stopped)],
    ['tagRouting', KEYS.enableTagRouting, onlyTrue(props.tagRouting)],
    ['rolloutDuration', KEYS.knativeRolloutDuration, props.rolloutDuration && `${props.rolloutDuration.toSeconds()}s`],
    ['prometheusScraping', KEYS.enablePrometheusScraping, flag(props.prometheusScraping)],
    ['metricAggregation', KEYS.enableMetricAggregation, flag(props.metricAggregation)],
    ['disableAutoUpdate', KEYS.disableAutoUpdate, onlyTrue(props.disableAutoUpdate)],
    ['disableLocalModel', KEYS.disableLocalModel, onlyTrue(props.disableLocalModel)],
    ['nodeGroup', KEYS.nodeGroup, props.nodeGroup],
    ['writableModel', KEYS.storageReadonly, props.writableModel ? 'false' : undefined],
    ['storageInitializerUid', KEYS.storageInitializerUid, props.storageInitializerUid === undefined ? undefined : `${props.storageInitializerUid}`],
    ['gpuResourceTypes', KEYS.gpuResourceTypes, props.gpuResourceTypes && JSON.stringify(props.gpuResourceTypes)],
    ['gkeAccelerator', KEYS.gkeAccelerator, props.gkeAccelerator],
  ];
  const written = table.filter(([, , value]) => value !== undefined);
  return {
    ...Object.fromEntries(written.map(([prop, key, value]) => [key, caused(prop, value as string)])),
    ...givenAnnotations(props.annotations),
  };
}
