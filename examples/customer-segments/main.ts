import { App, Chart } from 'cdk8s';
import { KServeRelease, ServingTarget } from 'cdk8s-kserve';
import { customerSegments } from './graph';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });

customerSegments(new Chart(app, 'customer-segments', { namespace: 'customer' }));

app.synth();
