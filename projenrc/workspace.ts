import { cdk8s, javascript, typescript } from 'projen';

/** The Node.js types of the release that builds and tests run on. */
export const NODE_TYPES = '@types/node@^24';

/**
 * Adds `packages/<dir>` as an npm workspace: one lock file, one install and one
 * run of each check at the root serve it too.
 */
export function addWorkspace(
  root: cdk8s.ConstructLibraryCdk8s,
  dir: string,
  options: Omit<typescript.TypeScriptProjectOptions, 'defaultReleaseBranch'>,
): typescript.TypeScriptProject {
  const workspace = new typescript.TypeScriptProject({
    parent: root,
    outdir: `packages/${dir}`,
    defaultReleaseBranch: 'main',
    packageManager: javascript.NodePackageManager.NPM,
    minNodeVersion: '22.15.0',
    sampleCode: false,
    depsUpgrade: false,
    license: 'Apache-2.0',
    ...options,
    devDeps: [NODE_TYPES, ...(options.devDeps ?? [])],
  });
  // the root installs for all workspaces
  workspace.package.installTask.reset();
  workspace.package.installCiTask.reset();
  // the root's jest reports for all projects and warns of these in one of them
  for (const key of ['reporters', 'coverageReporters', 'collectCoverage', 'coverageDirectory', 'coverageProvider']) {
    workspace.tryFindObjectFile('package.json')!.addDeletionOverride(`jest.${key}`);
  }
  root.tryFindObjectFile('package.json')!.addToArray('jest.projects', `<rootDir>/packages/${dir}`);
  const cwd = `packages/${dir}`;
  root.compileTask.exec('tsc --build', { cwd });
  root.tasks.tryFind('check-types')!.exec('tsc -p test/tsconfig.json', { cwd });
  root.testTask.exec('projen eslint', { cwd });
  return workspace;
}
