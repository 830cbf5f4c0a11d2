import { DeploymentMode, InferenceProtocol, InferenceService, ModelSource, Predictor, Scaling, Transformer } from '../../src';
import { find, synth } from '../support/manifests';
import { IRIS, serviceOf } from './support';
import { chartOn } from '../support/chart';
import { diagnose } from '../support/accepted';

const IMAGE = 'ghcr.io/acme/features:1.0.0';

test('a transformer is the container `kserve-container`, as KServe would rename it', () => {
  const { transformer } = serviceOf({ transformer: Transformer.fromContainer({ image: IMAGE }) }).manifest().spec;

  expect(transformer).toEqual({ containers: [{ name: 'kserve-container', image: IMAGE }] });
});

test('a transformer is told the predictor\'s protocol unless it is V1', () => {
  const argsFor = (protocol?: InferenceProtocol) => serviceOf({
    predictor: Predictor.fromModel({ ...IRIS, protocol }),
    transformer: Transformer.fromContainer({ image: IMAGE }),
  }).manifest().spec.transformer.containers[0].args;

  expect(argsFor()).toBeUndefined();
  expect(argsFor(InferenceProtocol.V1)).toBeUndefined();
  expect(argsFor(InferenceProtocol.V2)).toEqual(['--predictor_protocol=v2']);
});

test('a transformer that does not understand the argument is not told', () => {
  const { transformer } = serviceOf({
    predictor: Predictor.fromModel({ ...IRIS, protocol: InferenceProtocol.V2 }),
    transformer: Transformer.fromContainer({ image: IMAGE, passPredictorProtocol: false }),
  }).manifest().spec;

  expect(transformer.containers[0].args).toBeUndefined();
});

test('an argument of the user\'s is not written twice', () => {
  const { transformer } = serviceOf({
    predictor: Predictor.fromModel({ ...IRIS, protocol: InferenceProtocol.V2 }),
    transformer: Transformer.fromContainer({ image: IMAGE, args: ['--predictor_protocol', 'v2'] }),
  }).manifest().spec;

  expect(transformer.containers[0].args).toEqual(['--predictor_protocol', 'v2']);
});

test('a transformer has files and scaling of its own', () => {
  const { transformer } = serviceOf({
    deploymentMode: DeploymentMode.KNATIVE,
    transformer: Transformer.fromContainer({
      image: IMAGE,
      source: ModelSource.gcs('gs://acme/vocabulary/v1'),
      scaling: Scaling.rps({ target: 50, maxReplicas: 3 }),
    }),
  }).manifest().spec;

  expect(transformer).toEqual({
    maxReplicas: 3,
    scaleMetric: 'rps',
    scaleTarget: 50,
    containers: [{ name: 'kserve-container', image: IMAGE, env: [{ name: 'STORAGE_URI', value: 'gs://acme/vocabulary/v1' }] }],
  });
});

test('requests go to the transformer first', () => {
  const { service } = serviceOf({ transformer: Transformer.fromContainer({ image: IMAGE }) });

  expect(service.internalUrl).toBe('http://iris-transformer.models.svc.cluster.local');
  expect(service.transformer?.address).toBe('iris-transformer.models.svc.cluster.local');
  expect(service.predictorAddress).toBe('iris-predictor.models.svc.cluster.local');
});

test('a collocated transformer has the service\'s port and moves the server out of its way', () => {
  const { predictor } = serviceOf({ transformer: Transformer.collocated({ image: IMAGE }) }).manifest().spec;

  expect(predictor.containers).toEqual([{
    name: 'transformer-container',
    image: IMAGE,
    args: ['--model_name=iris', '--http_port=8080', '--predictor_host=localhost:8085'],
    ports: [{ containerPort: 8080, name: 'http1', protocol: 'TCP' }],
  }]);
  expect(predictor.model.args).toEqual(['--http_port=8085']);
});

test('a collocated transformer makes no component of its own', () => {
  const { service, manifest } = serviceOf({ transformer: Transformer.collocated({ image: IMAGE }) });

  expect(manifest().spec.transformer).toBeUndefined();
  expect(service.transformer).toBeUndefined();
  expect(service.internalUrl).toBe('http://iris-predictor.models.svc.cluster.local');
});

test('components with different autoscalers carry their class each', () => {
  const chart = chartOn();
  new InferenceService(chart, 'iris', {
    predictor: Predictor.fromModel({ ...IRIS, scaling: Scaling.cpu({ maxReplicas: 4 }) }),
    transformer: Transformer.fromContainer({ image: IMAGE, scaling: Scaling.fixed(2) }),
  });
  const { metadata, spec } = find(synth(chart), 'InferenceService');

  expect(metadata.annotations['serving.kserve.io/autoscalerClass']).toBeUndefined();
  expect(spec.predictor.annotations['serving.kserve.io/autoscalerClass']).toBe('hpa');
  expect(spec.transformer.annotations['serving.kserve.io/autoscalerClass']).toBe('none');
});

test('what is wrong with a collocated transformer is said of the transformer', () => {
  const { chart } = serviceOf({ transformer: Transformer.collocated({ image: IMAGE }) });

  const [finding] = diagnose(chart).filter(({ code }) => code === 'KSV1424');

  expect(finding.prop).toBe('transformer');
  expect(finding.message).toBe('transformer has no memory limit.');
});

describe('arguments and ports of an override', () => {
  const override = { args: ['--verbose'], ports: [{ containerPort: 9100, name: 'metrics' }] };

  test('stand before those of a transformer beside the model', () => {
    const { predictor } = serviceOf({
      predictor: Predictor.fromModel({ ...IRIS, args: ['--workers=2'] }),
      transformer: Transformer.collocated({ image: IMAGE, override }),
    }).manifest().spec;

    expect(predictor.model.args).toEqual(['--workers=2', '--http_port=8085']);
    expect(predictor.containers[0].args).toEqual(['--verbose', '--model_name=iris', '--http_port=8080', '--predictor_host=localhost:8085']);
    expect(predictor.containers[0].ports).toEqual([{ containerPort: 8080, name: 'http1', protocol: 'TCP' }, { containerPort: 9100, name: 'metrics' }]);
  });

  test('stand beside those of a transformer on its own', () => {
    const { transformer } = serviceOf({
      predictor: Predictor.fromModel({ ...IRIS, protocol: InferenceProtocol.V2 }),
      transformer: Transformer.fromContainer({ image: IMAGE, port: 8000, override }),
    }).manifest().spec;

    expect(transformer.containers[0].args).toEqual(['--verbose', '--predictor_protocol=v2']);
    expect(transformer.containers[0].ports).toEqual([{ containerPort: 8000, name: 'http1', protocol: 'TCP' }, { containerPort: 9100, name: 'metrics' }]);
  });
});
