import { InferenceService, InferenceServiceProps, ModelFormat, ModelSource, Predictor, ServingTargetProps } from '../../src';
import { find, synth } from '../support/manifests';
import { Acceptance, diagnose } from '../support/accepted';
import { chartOn } from '../support/chart';

/** The simplest model there is. */
export const IRIS = { format: ModelFormat.SKLEARN, source: ModelSource.gcs('gs://kfserving-examples/models/sklearn/1.0/model') };

/** An InferenceService named `iris` and what it renders. */
export function serviceOf(props: Partial<InferenceServiceProps> = {}, target: ServingTargetProps = {}) {
  const chart = chartOn(target);
  const service = new InferenceService(chart, 'iris', { predictor: Predictor.fromModel(IRIS), ...props });
  return {
    chart,
    service,
    codes: (acceptance?: Acceptance) => diagnose(chart, acceptance).map(({ code }) => code),
    manifest: (acceptance?: Acceptance) => find(synth(chart, acceptance), 'InferenceService'),
  };
}
