import { App, Chart } from 'cdk8s';
import { KServeRelease, ServingTarget } from 'cdk8s-kserve';
import { dogBreed } from './graph';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });

dogBreed(new Chart(app, 'dog-breed', { namespace: 'dog' }));

app.synth();
