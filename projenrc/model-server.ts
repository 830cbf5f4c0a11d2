import { cdk8s, JsonFile, typescript } from 'projen';
import { addWorkspace } from './workspace';

/** Adds `packages/model-server`: the inference server, independent of the constructs. */
export function addModelServer(project: cdk8s.ConstructLibraryCdk8s): typescript.TypeScriptProject {
  const server = addWorkspace(project, 'model-server', {
    name: 'kserve-model-server',
    description: 'Small and fast inference server for KServe: ONNX, XGBoost, LightGBM and TypeScript models over every protocol',
    entrypoint: 'lib/index.js',
    bin: { 'kserve-model-server': 'lib/main.js' },
    deps: [
      '@grpc/grpc-js@^1.14.0',
      '@huggingface/tokenizers@^0.2.0',
      '@opentelemetry/api@^1.9.0',
      'pino@^10.0.0',
      'ws@^8.18.0',
    ],
    devDeps: [
      '@opentelemetry/core@^2',
      '@opentelemetry/sdk-trace-base@^2',
      '@types/ws@^8',
      'esbuild@^0.28.0',
      'fast-check@^4',
      'onnxruntime-node@1.27.0', // the last release without telemetry; users get its CPU binding in packages of our own
      'protobufjs@^8.0.0',
    ],
    eslintOptions: { dirs: ['src'], devdirs: ['test', 'bench', 'image', 'oracles', 'scripts', 'examples'], commandOptions: { fix: false } },
    tsconfig: { compilerOptions: { target: 'ES2023', lib: ['es2024'], module: 'commonjs', types: ['node'], skipLibCheck: true } },
    tsconfigDev: {
      // relative to test/, where projen writes this file
      include: ['../src/**/*.ts', '../bench/**/*.ts', '../image/**/*.ts', '../oracles/**/*.ts', '../scripts/**/*.ts', '../examples/**/*.ts'],
      compilerOptions: { target: 'ES2023', lib: ['es2024'], module: 'commonjs', types: ['node', 'jest'], isolatedModules: true, skipLibCheck: true, noEmit: true, rootDir: '..', paths: { 'kserve-model-server': ['../src/index.ts'] } },
    },
    jestOptions: { jestConfig: { testPathIgnorePatterns: ['/node_modules/', '/lib/'] } },
  });
  server.npmignore?.exclude('/bench/', '/image/', '/oracles/', '/scripts/', '/examples/', '/.cache/', '/.venvs/');
  server.gitignore.exclude('/out/', '/.venvs/');

  // so that eslint finds each file's project
  for (const dir of ['bench', 'image', 'oracles', 'scripts', 'examples']) {
    new JsonFile(server, `${dir}/tsconfig.json`, { obj: { extends: '../test/tsconfig.json', include: ['**/*.ts'] } });
  }

  // examples import the package by its name, as users do
  server.eslint?.addOverride({ files: ['examples/**'], rules: { 'import/no-extraneous-dependencies': 'off' } });

  // wire formats are made of bits
  server.eslint?.addRules({
    'no-bitwise': 'off',
    // factories stand behind the fields they fill
    '@typescript-eslint/member-ordering': 'off',
    // tables of cases and messages read better in one line each
    '@stylistic/max-len': ['error', { code: 220, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true }],
  });

  // onnxruntime-node's postinstall downloads CUDA libraries, which the CPU build does not need
  project.npmrc.addConfig('onnxruntime-node-install', 'skip');
  // what is published: the package itself and the binding for each platform
  server.packageTask.reset('tsx scripts/pack.ts dist/js');
  server.addTask('bench', { description: 'Measures the server, as ratios in one run', exec: 'tsx bench/main.ts', receiveArgs: true });
  server.addTask('endurance', { description: 'Long runs against a server: fuzz, cycles or soak', exec: 'tsx scripts/endurance.ts', receiveArgs: true });
  server.addTask('image', { description: 'Builds the OCI image without a container engine', exec: 'tsx image/main.ts', receiveArgs: true });
  return server;
}
