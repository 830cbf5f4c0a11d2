import { cdk8s } from 'projen';

/**
 * Adds the bench in `test/cluster`: a real API server and the real controllers.
 * Plain npm scripts, so that Ctrl-C reaches the bench and not a task runner in between.
 */
export function addCluster(project: cdk8s.ConstructLibraryCdk8s): void {
  project.addDevDeps('@kubernetes/client-node@^2', 'jest-environment-node@^30');
  project.setScript('cluster', 'tsx test/cluster/bench/cli.ts');
  project.setScript('test:cluster', 'tsx test/cluster/bench/test.ts');
}
