import { App, Chart } from 'cdk8s';
import { KServeRelease, ServingTarget } from 'cdk8s-kserve';
import { versionSplit } from './graph';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });

versionSplit(new Chart(app, 'version-split', { namespace: 'version' }));

app.synth();
