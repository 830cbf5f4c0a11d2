import { ApiObject, App, Chart } from 'cdk8s';
import {
  Diagnostics, GraphNode, InferenceGraph, InferenceGraphProps, InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor,
  ServingTarget, ServingTargetProps, Step,
} from '../../src';

/** A chart of namespace `models` on a KServe 0.20 target. */
export function chartOn(target: ServingTargetProps = {}): Chart {
  const app = new App();
  ServingTarget.attach(app, { release: KServeRelease.V0_20, ...target });
  return new Chart(app, 'models', { namespace: 'models' });
}

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
    codes: () => Diagnostics.of(chart).all().map(({ code }) => code),
    manifest: () => ApiObject.of(graph).toJson(),
  };
}
