import { App, Chart } from 'cdk8s';
import { KServeRelease, ServingTarget } from 'cdk8s-kserve';
import { fallbackModel } from './graph';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });

fallbackModel(new Chart(app, 'fallback-model', { namespace: 'fallback' }));

app.synth();
