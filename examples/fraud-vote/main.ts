import { App, Chart } from 'cdk8s';
import { KServeRelease, ServingTarget } from 'cdk8s-kserve';
import { FraudVote } from './graph';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });

new FraudVote(new Chart(app, 'fraud-vote', { namespace: 'fraud' }), 'Fraud');

app.synth();
