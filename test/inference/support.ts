import { App, Chart } from 'cdk8s';
import { Diagnostics, InferenceService, InferenceServiceProps, KServeRelease, ModelFormat, ModelSource, Predictor, ServingTarget, ServingTargetProps } from '../../src';
import { find, synth } from '../support/manifests';

/** A chart of namespace `models` on a KServe 0.20 target. */
export function chartOn(target: ServingTargetProps = {}): Chart {
  const app = new App();
  ServingTarget.attach(app, { release: KServeRelease.V0_20, ...target });
  return new Chart(app, 'models', { namespace: 'models' });
}

/** The simplest model there is. */
export const IRIS = { format: ModelFormat.SKLEARN, source: ModelSource.gcs('gs://kfserving-examples/models/sklearn/1.0/model') };

/** An InferenceService named `iris` and what it renders. */
export function serviceOf(props: Partial<InferenceServiceProps> = {}, target: ServingTargetProps = {}) {
  const chart = chartOn(target);
  const service = new InferenceService(chart, 'iris', { predictor: Predictor.fromModel(IRIS), ...props });
  return {
    chart,
    service,
    codes: () => Diagnostics.of(chart).all().map(({ code }) => code),
    manifest: () => find(synth(chart), 'InferenceService'),
  };
}
