import { cdk8s, javascript, typescript } from 'projen';
import { addCluster } from './projenrc/cluster';
import { addModelServer } from './projenrc/model-server';
import { NODE_TYPES } from './projenrc/workspace';

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-kserve',
  description: 'Typed constructs for model serving on Kubernetes with KServe, Knative, Istio and the Gateway API',
  author: 'cdk8s-kserve authors',
  authorAddress: 'maintainers@cdk8s-kserve.dev',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk8s-kserve/cdk8s-kserve.git',
  license: 'Apache-2.0',
  stability: 'experimental',
  keywords: ['cdk8s', 'kserve', 'kubernetes', 'knative', 'istio', 'gateway-api', 'inference', 'model-serving', 'mlops'],
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  // tsx, because ts-node does not start under TypeScript 6 without a generated tsconfig
  runner: typescript.TypeScriptRunner.tsx(),
  cdk8sVersion: '2.70.0',
  constructsVersion: '10.3.0',
  jsiiVersion: '~6.0.0',
  minNodeVersion: '20.16.0',
  peerDeps: ['cdk8s-plus-28@^2.5.6'],
  bundledDeps: ['@dagrejs/dagre@^3.1.3'], // lays out the pictures of graphs; loaded on first use
  devDeps: [
    'cdk8s-plus-28@2.5.6',
    'node@24.21.0', // the build runs on Node 24 whatever the shell has
    'tsx',
    NODE_TYPES,
    'fast-check@^4',
    'yaml@^2',
    'ajv@^8',
  ],
  publishToPypi: { distName: 'cdk8s-kserve', module: 'cdk8s_kserve' },
  publishToMaven: { javaPackage: 'io.github.cdk8skserve', mavenGroupId: 'io.github.cdk8skserve', mavenArtifactId: 'cdk8s-kserve' },
  publishToGo: { moduleName: 'github.com/cdk8s-kserve/cdk8s-kserve-go', packageName: 'cdk8skserve' },
  publishToNuget: { dotNetNamespace: 'Cdk8sKserve', packageId: 'Cdk8sKserve' },
  depsUpgrade: false,
  sampleCode: false,
  githubOptions: { mergify: false },
  eslintOptions: { dirs: ['src', 'test', 'examples', 'scripts', 'projenrc'], commandOptions: { fix: false } },
  tsconfigDev: {
    // relative to test/, where projen writes this file
    include: ['../examples/**/*.ts', '../scripts/**/*.ts'],
    compilerOptions: {
      isolatedModules: true, // jest transpiles only; `check-types` is the type check
      paths: { 'cdk8s-kserve': ['../src/index.ts'] },
    },
  },
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      collectCoverage: false,
      projects: ['<rootDir>'],
      moduleNameMapper: { '^cdk8s-kserve$': '<rootDir>/src' },
      testPathIgnorePatterns: ['/node_modules/', '/packages/', '/test/cluster/'],
    },
  },
});

project.npmrc.addConfig('fund', 'false');
project.npmrc.addConfig('audit', 'false');
project.package.addField('workspaces', ['packages/*']);
project.package.addAllowedScripts('node');
project.package.addPackageResolutions('unrs-resolver@1.12.2'); // 1.13.0 is incomplete in the registry
project.npmignore?.exclude('/packages/', '/examples/', '/rosetta/', '/scripts/', '/projenrc/', '/docs/', '/.ci/');
// beside the code, not in it: maps with their sources are two thirds of what Node would read at each start
project.tryFindObjectFile('tsconfig.json')!.addOverride('compilerOptions.inlineSourceMap', false);
project.tryFindObjectFile('tsconfig.json')!.addOverride('compilerOptions.sourceMap', true);
project.gitignore.exclude('.jsii.tabl.json', '.cache/', '/dist/', '/out/');

project.package.setScript('start', 'tsx --tsconfig test/tsconfig.json scripts/start.ts');
project.package.setScript('bench', 'tsx --tsconfig test/tsconfig.json scripts/bench.ts');

// examples, scripts and tests share test/tsconfig.json, which is not beside them
const eslintrc = project.tryFindObjectFile('.eslintrc.json')!;
eslintrc.addDeletionOverride('parserOptions.projectService');
eslintrc.addOverride('parserOptions.project', ['./tsconfig.json', './test/tsconfig.json', './projenrc/tsconfig.json']);
eslintrc.addOverride('settings.import/resolver.typescript.project', './test/tsconfig.json');

// by path, './' and '../' have no order that a reader could guess
project.eslint!.addRules({ 'import/order': ['error', { groups: ['builtin', 'external'] }] });

const checkTypes = project.addTask('check-types', {
  description: 'Type-checks tests, examples and scripts, which jest only transpiles',
  exec: 'tsc -p test/tsconfig.json',
});
project.testTask.prependSpawn(checkTypes);

const compileDocs = project.addTask('docs:compile', {
  description: 'Compiles every @example and README snippet',
  exec: 'jsii-rosetta extract --compile --strict',
});
project.postCompileTask.spawn(compileDocs);

project.postCompileTask.spawn(project.addTask('docs:diagnostics', {
  description: 'Writes docs/diagnostics.md from the rules and the programs that show them',
  exec: 'tsx --tsconfig test/tsconfig.json scripts/diagnostics-page.ts',
}));

project.addTask('examples:update', {
  description: 'Writes the manifests of the examples beside their programs',
  env: { UPDATE_EXAMPLES: 'true' },
  exec: 'jest test/examples.test.ts',
});

project.addTask('bindings', {
  description: 'Generates the sources of all language bindings',
  exec: 'jsii-pacmak --code-only --outdir dist/code',
});

addCluster(project);
addModelServer(project);

project.synth();
