import { ApiObject } from 'cdk8s';
import { ServingTarget, ServingTargetProps } from '../../src/target';
import { Neighbours } from '../../src/target/neighbours';
import { ClusterRule } from '../../src/target/rule-context';
import { chartOn } from '../support/chart';

/** The surroundings of a manifest. */
interface Surroundings { target?: ServingTargetProps; neighbours?: any[]; metadata?: object; namespace?: string }

/** What rules find in an InferenceService with such a spec, as `code pointer`. */
export function judge(rules: ClusterRule[], spec: object, props: Surroundings = {}): string[] {
  const chart = chartOn(props.target);
  (props.neighbours ?? []).forEach((neighbour, i) => new ApiObject(chart, `Neighbour${i}`, neighbour));
  const manifest = { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', ...props.metadata }, spec };
  const context = { target: ServingTarget.of(chart), neighbours: Neighbours.of(chart), namespace: props.namespace ?? 'models' };
  return rules.flatMap((rule) => [...rule.check(manifest, context)].map(({ at }) => `${rule.code} ${at}`));
}

/** A predictor with one model. */
export const withUri = (storageUri: unknown) => ({ predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri } } });

/** A predictor with several sources. */
export const withUris = (...storageUris: { uri?: unknown; mountPath?: unknown }[]) => ({ predictor: { model: { modelFormat: { name: 'sklearn' } }, storageUris } });
