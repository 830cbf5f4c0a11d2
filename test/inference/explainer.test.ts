import { Explainer, ModelSource } from '../../src';
import { serviceOf } from './support';
import { synth } from '../support/manifests';

test('an explainer is the container `kserve-container`, as KServe would rename it', () => {
  const { explainer } = serviceOf({ explainer: Explainer.fromContainer({ image: 'ghcr.io/acme/shap:1.0.0' }) }).manifest().spec;

  expect(explainer).toEqual({ containers: [{ name: 'kserve-container', image: 'ghcr.io/acme/shap:1.0.0' }] });
});

test('ART runs the attack that it is given', () => {
  const { explainer } = serviceOf({
    explainer: Explainer.art({ runtimeVersion: 'v0.20.0', config: { nb_classes: '10' }, source: ModelSource.gcs('gs://acme/art/v1') }),
  }).manifest().spec;

  expect(explainer).toEqual({
    art: { type: 'SquareAttack', runtimeVersion: 'v0.20.0', config: { nb_classes: '10' }, storageUri: 'gs://acme/art/v1' },
  });
});

test('asking for Alibi says what happened to it and what to use', () => {
  const { service, chart, codes } = serviceOf({ explainer: Explainer.alibi('AnchorTabular') });

  expect(codes()).toContain('KSV1401');
  expect(() => synth(chart)).toThrow(/Alibi explainer \(AnchorTabular\), which KServe removed after v0\.12.*\n.*Explainer\.fromContainer/);
  expect(service.explainer?.address).toBe('iris-explainer.models.svc.cluster.local');
});
