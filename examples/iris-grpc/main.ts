import { App, Chart } from 'cdk8s';
import { InferenceProtocol, InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, ServingTarget, Transport } from 'cdk8s-kserve';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });

const chart = new Chart(app, 'iris-grpc', { namespace: 'models' });

// the port's name and number, which gRPC needs, come from the mode and from the runtime that KServe will choose
new InferenceService(chart, 'iris', {
  predictor: Predictor.fromModel({
    format: ModelFormat.SKLEARN,
    source: ModelSource.gcs('gs://kfserving-examples/models/sklearn/1.0/model'),
    protocol: InferenceProtocol.V2,
    transport: Transport.GRPC,
  }),
});

app.synth();
