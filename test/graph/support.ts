import { Chart } from 'cdk8s';
import {
  GraphNode, InferenceGraph, InferenceGraphProps, InferenceService, ModelFormat, ModelSource, Predictor,
  ServingTargetProps, Step,
} from '../../src';
import { Acceptance, diagnose } from '../support/accepted';
import { rendered } from '../support/manifests';
import { chartOn } from '../support/chart';

/** A service called `name`. */
export function service(chart: Chart, name: string): InferenceService {
  return new InferenceService(chart, name, {
    predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN, source: ModelSource.gcs(`gs://models/${name}/v1/`) }),
  });
}

/** A step to `http://<name>/`. */
export const to = (name: string, options = {}) => Step.toUrl(`http://${name}/`, { name, ...options });

/** A graph called `graph` and what it renders. */
export function graphOf(props: Partial<InferenceGraphProps> = {}, target: ServingTargetProps = {}) {
  const chart = chartOn(target);
  const graph = new InferenceGraph(chart, 'graph', { root: GraphNode.sequence([to('a')]), ...props });
  return {
    chart,
    graph,
    codes: (acceptance?: Acceptance) => diagnose(chart, acceptance).map(({ code }) => code),
    manifest: (acceptance?: Acceptance) => rendered(graph, acceptance),
  };
}
