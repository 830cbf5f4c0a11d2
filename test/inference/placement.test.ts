import { IPlacement, Placement, PlacementConfiguration, Predictor } from '../../src';
import { expectAccepted, itWithCrds } from '../support/crds';
import { IRIS, serviceOf } from './support';

const EVERYTHING: PlacementConfiguration = {
  nodeSelector: { 'node.kubernetes.io/instance-type': 'g5.xlarge' },
  tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }] } } },
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' }],
};

test('says each of the four pod fields', () => {
  expect(Placement.of(EVERYTHING).toPlacementConfiguration()).toEqual(EVERYTHING);
  expect(serviceOf({ predictor: Predictor.fromModel({ ...IRIS, placement: Placement.of(EVERYTHING) }) }).manifest().spec.predictor)
    .toMatchObject(EVERYTHING);
});

itWithCrds('is accepted by every release', () => {
  const { manifest, codes } = serviceOf({ predictor: Predictor.fromModel({ ...IRIS, placement: Placement.of(EVERYTHING) }) });

  expect(codes()).toEqual([]);
  ['0.16.0', '0.20.0'].forEach((release) => expectAccepted([manifest()], release));
});

test('keeps what it was given when the caller changes it later', () => {
  const nodeSelector: { [key: string]: string } = { zone: 'a' };
  const tolerations = [{ operator: 'Exists' }];
  const placement = Placement.of({ nodeSelector, tolerations });
  nodeSelector.zone = 'b';
  tolerations.pop();

  expect(placement.toPlacementConfiguration()).toEqual({ nodeSelector: { zone: 'a' }, tolerations: [{ operator: 'Exists' }] });
});

test('anything else can be a placement', () => {
  class Pool implements IPlacement {
    toPlacementConfiguration(): PlacementConfiguration {
      return { nodeSelector: { pool: 'gpu' } };
    }
  }

  expect(serviceOf({ predictor: Predictor.fromModel({ ...IRIS, placement: new Pool() }) }).manifest().spec.predictor.nodeSelector)
    .toEqual({ pool: 'gpu' });
});
