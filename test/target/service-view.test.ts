import { App } from 'cdk8s';
import { DeploymentMode, ServingTarget } from '../../src/target';
import { componentsOf, containersOf, modeOf, variablesOf } from '../../src/target/service-view';

function manifestOf(spec: object, annotations?: { [key: string]: string }): any {
  return { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', annotations }, spec };
}

describe('the components of a service', () => {
  test('are those that it has, with their pointers', () => {
    const [predictor, explainer] = [{ minReplicas: 1 }, { minReplicas: 2 }];

    expect(componentsOf(manifestOf({ explainer, predictor, transformer: null, other: {} }))).toEqual([
      { name: 'predictor', spec: predictor, at: '/spec/predictor' },
      { name: 'explainer', spec: explainer, at: '/spec/explainer' },
    ]);
  });

  test('are none without a spec', () => {
    expect(componentsOf({ ...manifestOf({}), spec: undefined })).toEqual([]);
  });
});

describe('the containers of a component', () => {
  /** Pointers below the predictor to the containers of a spec. */
  function pointers(spec: object): string[] {
    return containersOf({ name: 'predictor', spec, at: '/p' }).map(({ at }) => at);
  }

  test('are model, containers, init containers and those of workers', () => {
    expect(pointers({ initContainers: [{}], containers: [{}, {}], model: {}, workerSpec: { containers: [{}] }, minReplicas: 1 })).toEqual([
      '/p/model', '/p/containers/0', '/p/containers/1', '/p/initContainers/0', '/p/workerSpec/containers/0',
    ]);
  });

  test.each(['sklearn', 'xgboost', 'tensorflow', 'pytorch', 'triton', 'onnx', 'huggingface', 'pmml', 'lightgbm', 'paddle', 'art'])(
    'include %s, an older spelling of the model', (framework) => {
      expect(pointers({ [framework]: { storageUri: 's3://a' } })).toEqual([`/p/${framework}`]);
    });

  test('are none where there are none', () => {
    expect(pointers({})).toEqual([]);
  });
});

test('the variables of a container have pointers', () => {
  expect(variablesOf({ container: { env: [{ name: 'A', value: '1' }, { name: 'B', valueFrom: {} }] }, at: '/c' })).toEqual([
    { name: 'A', value: '1', at: '/c/env/0' },
    { name: 'B', value: undefined, at: '/c/env/1' },
  ]);
  expect(variablesOf({ container: {}, at: '/c' })).toEqual([]);
});

const targetOf = (deploymentMode: DeploymentMode) => ServingTarget.attach(new App(), { deploymentMode });

describe('the mode of a service', () => {
  test.each([
    ['Standard', DeploymentMode.STANDARD],
    ['RawDeployment', DeploymentMode.STANDARD],
    ['Knative', DeploymentMode.KNATIVE],
    ['Serverless', DeploymentMode.KNATIVE],
  ])('by the annotation %s is %s', (annotation, mode) => {
    const other = mode === DeploymentMode.STANDARD ? DeploymentMode.KNATIVE : DeploymentMode.STANDARD;

    expect(modeOf(manifestOf({}, { 'serving.kserve.io/deploymentMode': annotation }), targetOf(other))).toBe(mode);
  });

  test('is the default without an annotation, and with one that no KServe knows', () => {
    for (const mode of [DeploymentMode.STANDARD, DeploymentMode.KNATIVE]) {
      expect(modeOf(manifestOf({}), targetOf(mode))).toBe(mode);
      expect(modeOf(manifestOf({}, { other: 'Standard' }), targetOf(mode))).toBe(mode);
      expect(modeOf(manifestOf({}, { 'serving.kserve.io/deploymentMode': 'standard' }), targetOf(mode))).toBe(mode);
    }
  });
});
