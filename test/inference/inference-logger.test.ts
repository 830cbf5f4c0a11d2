import { Duration } from 'cdk8s';
import { ServiceAccount } from 'cdk8s-plus-28';
import { InferenceLogger, KServeRelease, LogFormat, LogMode, Predictor } from '../../src';
import { expectAccepted, itWithCrds } from '../support/crds';
import { IRIS, serviceOf } from './support';
import { chartOn } from '../support/chart';
import { diagnose } from '../support/accepted';

test('the mode is always written, since the webhook refuses a logger without', () => {
  expect(InferenceLogger.all()._render()).toEqual({ mode: 'all' });
  expect(InferenceLogger.requests()._render()).toEqual({ mode: 'request' });
  expect(InferenceLogger.responses()._render()).toEqual({ mode: 'response' });
  expect(InferenceLogger.responses().mode).toBe(LogMode.RESPONSE);
});

const everything = () => InferenceLogger.all({
  url: 's3://logs',
  metadataHeaders: ['x-request-id'],
  metadataAnnotations: ['team'],
  storage: {
    path: 'iris',
    key: 'credentials',
    format: LogFormat.PARQUET,
    parameters: { region: 'eu-central-1' },
    serviceAccount: ServiceAccount.fromServiceAccountName(chartOn(), 'account', 'logs'),
  },
  marshallerUrl: 'http://localhost:9083/marshal',
  batchSize: 100,
  batchInterval: Duration.millis(1500),
});

test('every option has its field', () => {
  expect(everything()._render()).toEqual({
    mode: 'all',
    url: 's3://logs',
    metadataHeaders: ['x-request-id'],
    metadataAnnotations: ['team'],
    storage: { path: 'iris', parameters: { format: 'parquet', region: 'eu-central-1' }, key: 'credentials', serviceAccountName: 'logs' },
    marshallerUrl: 'http://localhost:9083/marshal',
    batchSize: 100,
    batchInterval: '1.5s',
  });
});

test('a storage always has parameters, since the webhook asks for them', () => {
  expect(InferenceLogger.all({ url: 's3://logs', storage: { path: 'iris', key: 'credentials' } })._render()).toMatchObject({ storage: { parameters: { format: 'json' } } });
});

itWithCrds('every option is accepted from 0.17 on', () => {
  for (const release of KServeRelease.all().slice(1)) {
    expectAccepted([serviceOf({ predictor: Predictor.fromModel({ ...IRIS, logger: everything() }) }, { release }).manifest()], release.version);
  }
});

test('of every option together nothing is found but the further parameters, which KServe does not read', () => {
  expect(serviceOf({ predictor: Predictor.fromModel({ ...IRIS, logger: everything() }) }).codes()).toEqual(['KSV1609']);
});

test('findings name the option', () => {
  const { chart } = serviceOf({ predictor: Predictor.fromModel({ ...IRIS, logger: InferenceLogger.all({ url: 's3://logs' }) }) });

  expect(diagnose(chart).map(({ code, prop }) => [code, prop])).toEqual([['KSV1605', 'predictor.logger.url']]);
});
