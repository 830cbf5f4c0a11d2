import { ApiObject, App, Chart } from 'cdk8s';
import { Diagnostics, InferenceService, InferenceServiceProps, ModelFormat, ModelSource, Predictor, ServingTarget, ServingTargetProps } from '../../../src';
import { KubeObject } from '../bench/client';
import { ClusterHandle } from '../bench/handle';
import { factsOf } from './programs';

/** A service of a program of its own. */
export interface MadeService {
  readonly service: InferenceService;
  readonly object: KubeObject;
  /** Everything that the program makes, the service included. */
  readonly objects: KubeObject[];
  /** Codes of the errors that the library finds. */
  readonly errors: string[];
  /** Codes of the warnings, but for those about the model's address. */
  readonly warnings: string[];
}

/** A scikit-learn model with some further props of its predictor. */
export function sklearn(props: object = {}): Predictor {
  return Predictor.fromModel({ format: ModelFormat.SKLEARN, source: ModelSource.gcs('gs://bench/iris'), ...props });
}

/** Makes a service with the library, for the cluster of this run. */
export function makeService(
  cluster: ClusterHandle, namespace: string, name: string, props: Partial<InferenceServiceProps> = {}, target: ServingTargetProps = {},
): MadeService {
  const app = new App();
  ServingTarget.attach(app, { ...factsOf(cluster), ...target });
  const chart = new Chart(app, 'chart', { namespace });
  const service = new InferenceService(chart, name, { predictor: sklearn(), ...props });
  const errors = Diagnostics.of(app).errors().map(({ code }) => code);
  const warnings = Diagnostics.of(app).warnings().map(({ code }) => code).filter((code) => code !== 'KSV1204');
  const objects: KubeObject[] = app.node.findAll().flatMap((node) => ApiObject.isApiObject(node) ? [(node as ApiObject).toJson()] : []);
  return { service, errors, warnings, objects, object: objects.find(({ kind }) => kind === 'InferenceService')! };
}
