import { App, Chart } from 'cdk8s';
import { KServeRelease, ServingTarget } from 'cdk8s-kserve';
import { CreditDecision } from './graph';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });

new CreditDecision(new Chart(app, 'credit-decision', { namespace: 'credit' }), 'Credit');

app.synth();
