import NodeEnvironment from 'jest-environment-node';
import { KubeClient } from './client';
import { readState } from './cluster';
import { ClusterHandle } from './handle';

/** Gives tests the cluster whose state file is in CLUSTER_STATE. Lives outside jest's sandbox, where ES modules load. */
export default class ClusterEnvironment extends NodeEnvironment {
  public override async setup(): Promise<void> {
    await super.setup();
    const state = readState(process.env.CLUSTER_STATE ?? '');
    if (state === undefined) {
      throw new Error('No cluster: these tests run by "npm run test:cluster".');
    }
    this.global.cluster = new ClusterHandle(await KubeClient.connect(state.kubeconfig), state);
  }
}
