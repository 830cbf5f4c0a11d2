import NodeEnvironment from 'jest-environment-node';
import { KubeClient } from './client';
import { readState } from './cluster';
import { ClusterHandle } from './handle';

/** Gives tests the cluster whose state file is in CLUSTER_STATE. Lives outside jest's sandbox, where ES modules load. */
export default class ClusterEnvironment extends NodeEnvironment {
  private cluster?: ClusterHandle;

  public override async setup(): Promise<void> {
    await super.setup();
    const file = process.env.CLUSTER_STATE;
    const state = file === undefined ? undefined : readState(file);
    if (state) {
      this.global.cluster = this.cluster = new ClusterHandle(await KubeClient.connect(state.kubeconfig), state);
    }
  }

  public override async teardown(): Promise<void> {
    await this.cluster?.close();
    await super.teardown();
  }
}
