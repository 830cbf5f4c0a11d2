import { cdk8s } from 'projen';

/**
 * Adds the bench in `test/cluster`: a real API server and the real controllers.
 * Plain npm scripts of one process: Ctrl-C reaches the bench, and nothing in between kills it while it cleans up.
 */
export function addCluster(project: cdk8s.ConstructLibraryCdk8s): void {
  project.addDevDeps('@kubernetes/client-node@^2', 'jest-environment-node@^30');
  project.setScript('cluster', 'node --import tsx test/cluster/bench/cli.ts');
  project.setScript('test:cluster', 'node --import tsx test/cluster/bench/test.ts');
}
