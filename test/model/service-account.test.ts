import { ApiObject, App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { chartOn } from '../support/chart';
import { InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, ServingTarget, Transformer } from '../../src';
import { AzureCredentials, GcsCredentials, HttpsCredentials, HuggingFaceCredentials, ModelCredentials, S3Credentials } from '../../src/model';
import { Account, AccountProps, bindAccount } from '../../src/model/service-account';
import { find, synth } from '../support/manifests';
import { diagnose } from '../support/accepted';

const ROLE = 'arn:aws:iam::123456789012:role/models';
const IRSA = S3Credentials.irsa(ROLE);

const bind = (chart: Chart, credentials: ModelCredentials[], props: Partial<AccountProps> = {}) => bindAccount(chart, {
  id: 'ServiceAccount',
  name: 'fraud',
  component: 'predictor',
  credentials: credentials.map((one, i) => ({ prop: `sources[${i}].source.credentials`, credentials: one })),
  ...props,
});
const codes = ({ problems }: Account) => problems().map(({ rule, prop }) => `${rule.code} ${prop}`);
const imported = (chart: Chart, name = 'keys') => kplus.Secret.fromSecretName(chart, `Imported-${name}`, name);
const AWS = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
const owned = (chart: Chart, stringData: { [key: string]: string } = AWS, metadata: object = {}) =>
  new kplus.Secret(chart, 'Secret', { metadata: { name: 'keys', ...metadata }, stringData });

describe('an account is made', () => {
  test('only when there are credentials', () => {
    const chart = chartOn();
    const account = bind(chart, []);

    expect(account.name).toBeUndefined();
    expect(synth(chart)).toEqual([]);
  });

  test('with the name of the service, never hashed, and the role of AWS', () => {
    const chart = chartOn();
    const account = bind(chart, [S3Credentials.irsa(ROLE, { region: 'eu-west-1' })]);

    expect(account.name).toBe('fraud');
    expect(synth(chart)).toEqual([{
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        name: 'fraud',
        namespace: 'models',
        annotations: { 'eks.amazonaws.com/role-arn': ROLE, 'serving.kserve.io/s3-region': 'eu-west-1' },
      },
    }]);
    expect(codes(account)).toEqual([]);
  });

  test('in the namespace of the service', () => {
    const chart = chartOn();
    bind(chart, [IRSA], { namespace: 'fraud' });

    expect(find(synth(chart), 'ServiceAccount').metadata.namespace).toBe('fraud');
  });

  test('with the Secrets of all credentials, each once', () => {
    const chart = chartOn();
    const s3 = S3Credentials.fromSecret(imported(chart, 'minio-keys'));
    const account = bind(chart, [s3, HuggingFaceCredentials.fromSecret(imported(chart, 'hf')), s3]);

    expect(find(synth(chart), 'ServiceAccount').secrets).toEqual([{ name: 'minio-keys' }, { name: 'hf' }]);
    expect(codes(account)).toEqual([]);
  });

  test('with the label that Azure wants on the pods', () => {
    const id = '11111111-2222-3333-4444-555555555555';
    const chart = chartOn();

    expect(bind(chart, [AzureCredentials.workloadIdentity(id)]).podLabels).toEqual({ 'azure.workload.identity/use': 'true' });
    expect(find(synth(chart), 'ServiceAccount').metadata.annotations).toEqual({ 'azure.workload.identity/client-id': id });
  });

  test('with identities of several clouds', () => {
    const chart = chartOn();
    const account = bind(chart, [IRSA, GcsCredentials.workloadIdentity('models@acme.iam.gserviceaccount.com')]);

    expect(find(synth(chart), 'ServiceAccount').metadata.annotations).toEqual({
      'eks.amazonaws.com/role-arn': ROLE,
      'iam.gke.io/gcp-service-account': 'models@acme.iam.gserviceaccount.com',
    });
    expect(codes(account)).toEqual([]);
  });

  test('with a Secret of empty keys for a public bucket', () => {
    const chart = chartOn();
    const account = bind(chart, [S3Credentials.anonymous({ region: 'us-east-2' })]);
    const manifests = synth(chart);

    expect(find(manifests, 'ServiceAccount').secrets).toEqual([{ name: 'fraud-anonymous-s3' }]);
    expect(find(manifests, 'Secret')).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'fraud-anonymous-s3',
        namespace: 'models',
        annotations: { 'serving.kserve.io/s3-region': 'us-east-2', 'serving.kserve.io/s3-useanoncredential': 'true' },
      },
      stringData: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    });
    expect(codes(account)).toEqual([]);
  });
});

describe('an account of this program is adopted', () => {
  test('with annotations and Secrets', () => {
    const chart = chartOn();
    const given = new kplus.ServiceAccount(chart, 'Account', { metadata: { name: 'models' } });
    const account = bind(chart, [IRSA, HuggingFaceCredentials.fromSecret(imported(chart, 'hf'))], { given });
    const manifest = find(synth(chart), 'ServiceAccount');

    expect(account.name).toBe('models');
    expect(manifest.metadata.annotations).toEqual({ 'eks.amazonaws.com/role-arn': ROLE });
    expect(manifest.secrets).toEqual([{ name: 'hf' }]);
    expect(codes(account)).toEqual([]);
  });

  test('without listing a Secret again', () => {
    const chart = chartOn();
    const hf = imported(chart, 'hf');
    const given = new kplus.ServiceAccount(chart, 'Account', { metadata: { name: 'models' }, secrets: [hf] });
    bind(chart, [HuggingFaceCredentials.fromSecret(hf)], { given });
    bind(chart, [HuggingFaceCredentials.fromSecret(hf)], { given });

    expect(find(synth(chart), 'ServiceAccount').secrets).toEqual([{ name: 'hf' }]);
  });

  test('when it is a bare API object', () => {
    const chart = chartOn();
    const object = new ApiObject(chart, 'Account', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'models' }, secrets: [{ name: 'pull' }] });
    bind(chart, [HuggingFaceCredentials.fromSecret(imported(chart, 'hf'))], { given: object as unknown as kplus.IServiceAccount });

    expect(find(synth(chart), 'ServiceAccount').secrets).toEqual([{ name: 'pull' }, { name: 'hf' }]);
  });

  test('even without credentials, whose absence changes nothing', () => {
    const chart = chartOn();
    const given = new kplus.ServiceAccount(chart, 'Account', { metadata: { name: 'models' } });

    expect(bind(chart, [], { given }).name).toBe('models');
    expect(find(synth(chart), 'ServiceAccount').metadata).toEqual({ name: 'models', namespace: 'models' });
  });
});

describe('an imported account', () => {
  test('is reported with what to add', () => {
    const chart = chartOn();
    const given = kplus.ServiceAccount.fromServiceAccountName(chart, 'Account', 'models');
    const account = bind(chart, [IRSA, HuggingFaceCredentials.fromSecret(imported(chart, 'hf'))], { given });

    expect(account.name).toBe('models');
    expect(account.problems()).toMatchObject([{
      rule: { code: 'KSV1305' },
      prop: 'predictor.serviceAccount',
      message: `is ServiceAccount 'models' of others, which needs the annotation eks.amazonaws.com/role-arn: '${ROLE}' and the Secret 'hf' in its list \`secrets\``,
    }]);
  });

  test('without credentials has no finding', () => {
    const chart = chartOn();

    expect(codes(bind(chart, [], { given: kplus.ServiceAccount.fromServiceAccountName(chart, 'Account', 'models') }))).toEqual([]);
  });
});

describe('a Secret', () => {
  test('of this program gets the annotations', () => {
    const chart = chartOn();
    const account = bind(chart, [S3Credentials.fromSecret(owned(chart), { endpoint: 'minio:9000', useHttps: false })]);

    expect(find(synth(chart), 'Secret').metadata.annotations).toEqual({
      'serving.kserve.io/s3-endpoint': 'minio:9000',
      'serving.kserve.io/s3-usehttps': '0',
    });
    expect(codes(account)).toEqual([]);
  });

  test('of others is reported with the annotations to add, if any', () => {
    const chart = chartOn();

    expect(codes(bind(chart, [S3Credentials.fromSecret(imported(chart), { region: 'eu-west-1' })]))).toEqual(['KSV1306 sources[0].source.credentials']);
    expect(codes(bind(chartOn(), [S3Credentials.fromSecret(imported(chartOn()))]))).toEqual([]);
  });

  test('may be used twice with the same settings, but not with others', () => {
    const chart = chartOn();
    const secret = owned(chart);
    const first = bind(chart, [S3Credentials.fromSecret(secret, { region: 'eu-west-1' })]);
    const second = bind(chart, [S3Credentials.fromSecret(secret, { region: 'eu-west-1' })], { id: 'Second', name: 'second' });
    const third = bind(chart, [S3Credentials.fromSecret(secret, { region: 'us-east-1' })], { id: 'Third', name: 'third' });

    expect([first, second, third].map(codes)).toEqual([[], [], ['KSV1308 sources[0].source.credentials']]);
  });

  test('is not judged by settings that are known only at deployment', () => {
    const chart = chartOn();
    const secret = owned(chart);
    const accounts = ['⟦kserve:1⟧', 'eu-west-1', '⟦kserve:2⟧'].map((region, i) =>
      bind(chart, [S3Credentials.fromSecret(secret, { region })], { id: `Account${i}`, name: `account-${i}` }));

    expect(accounts.flatMap(codes)).toEqual([]);
  });

  test.each<[string, { [key: string]: string }, string[]]>([
    ['lacks a key', { AWS_ACCESS_KEY_ID: 'a' }, ['KSV1307 sources[0].source.credentials']],
    ['has other names', { accessKey: 'a', secretKey: 'b' }, ['KSV1307 sources[0].source.credentials']],
    ['has more keys', { ...AWS, S3_ENDPOINT: 'minio:9000' }, []],
    ['has no keys in the program', {}, []],
  ])('that %s', (_, data, expected) => {
    const chart = chartOn();

    expect(codes(bind(chart, [S3Credentials.fromSecret(owned(chart, data))]))).toEqual(expected);
  });

  test('with keys of two kinds is recognised as the first', () => {
    const chart = chartOn();

    expect(bind(chart, [HuggingFaceCredentials.fromSecret(owned(chart, { ...AWS, HF_TOKEN: 'c' }))]).problems().map(({ message }) => message)).toEqual([
      'name Secret \'keys\', which KServe takes for credentials of the kind s3 because of its key AWS_SECRET_ACCESS_KEY',
    ]);
  });

  test('accepts the older key names of Azure', () => {
    const chart = chartOn();
    const secret = owned(chart, { AZ_CLIENT_ID: 'a', AZ_CLIENT_SECRET: 'b', AZ_TENANT_ID: 'c' });

    expect(codes(bind(chart, [AzureCredentials.fromServicePrincipalSecret(secret)]))).toEqual([]);
  });

  test('must be in the namespace of the pods', () => {
    const chart = chartOn();

    expect(codes(bind(chart, [S3Credentials.fromSecret(owned(chart, AWS, { namespace: 'minio' }))]))).toEqual(['KSV1309 sources[0].source.credentials']);
    expect(codes(bind(chart, [S3Credentials.fromSecret(new kplus.Secret(chart, 'Near', { metadata: { namespace: 'fraud' }, stringData: AWS }))],
      { id: 'Other', namespace: 'fraud' }))).toEqual([]);
  });

  test('never appears with a value of its own', () => {
    const chart = chartOn();
    const account = bind(chart, [S3Credentials.fromSecret(owned(chart, { accessKey: 'AKIA-VERY-SECRET', secretKey: 'VERY-SECRET' }))]);

    expect(JSON.stringify(account.problems())).not.toContain('VERY-SECRET');
    expect(JSON.stringify(find(synth(chart), 'ServiceAccount'))).not.toContain('VERY-SECRET');
  });
});

describe('in one pod', () => {
  test('two roles are refused', () => {
    const account = bind(chartOn(), [IRSA, S3Credentials.irsa('arn:aws:iam::123456789012:role/other')]);

    expect(account.problems()).toMatchObject([{
      rule: { code: 'KSV1303' },
      prop: 'sources[1].source.credentials',
      message: `give the pod the identity 'arn:aws:iam::123456789012:role/other', but sources[0].source.credentials gives it '${ROLE}'`,
    }]);
  });

  test('a role and keys are refused', () => {
    const chart = chartOn();

    expect(codes(bind(chart, [IRSA, S3Credentials.fromSecret(imported(chart))]))).toEqual(['KSV1304 sources[1].source.credentials']);
  });

  test('two Secrets of one kind are refused, but not for hosts', () => {
    const chart = chartOn();
    const [one, two] = [imported(chart, 'one'), imported(chart, 'two')];

    expect(codes(bind(chart, [GcsCredentials.fromSecret(one), GcsCredentials.fromSecret(two)]))).toEqual(['KSV1304 sources[1].source.credentials']);
    expect(codes(bind(chart, [HttpsCredentials.fromSecret(one), HttpsCredentials.fromSecret(two)], { id: 'Other', name: 'other' }))).toEqual([]);
  });

  test('equal credentials made twice are one', () => {
    const chart = chartOn();

    expect(codes(bind(chart, [S3Credentials.irsa(ROLE), S3Credentials.irsa(ROLE)]))).toEqual([]);
  });

  test('an endpoint on the account and a role are refused', () => {
    const chart = chartOn();
    const given = new kplus.ServiceAccount(chart, 'Account', { metadata: { annotations: { 'serving.kserve.io/s3-endpoint': 's3.amazonaws.com' } } });

    expect(codes(bind(chart, [IRSA], { given }))).toEqual(['KSV1302 sources[0].source.credentials']);
  });

  test('an account that came with both is refused too', () => {
    const chart = chartOn();
    const given = new kplus.ServiceAccount(chart, 'Account', {
      metadata: { annotations: { 'serving.kserve.io/s3-endpoint': 's3.amazonaws.com', 'eks.amazonaws.com/role-arn': ROLE } },
    });

    expect(codes(bind(chart, [], { given }))).toEqual(['KSV1302 predictor.serviceAccount']);
  });
});

describe('an account that services share', () => {
  test('has one role, and the second service that wants another is told', () => {
    const chart = chartOn();
    const given = new kplus.ServiceAccount(chart, 'Account', { metadata: { name: 'models' } });
    const first = bind(chart, [IRSA], { given });
    const second = bind(chart, [S3Credentials.irsa('arn:aws:iam::123456789012:role/other')], { given });

    expect([codes(first), codes(second)]).toEqual([[], ['KSV1303 sources[0].source.credentials']]);
    expect(find(synth(chart), 'ServiceAccount').metadata.annotations).toEqual({ 'eks.amazonaws.com/role-arn': ROLE });
  });

  test('that has another role by the program\'s own annotation is refused', () => {
    const chart = chartOn();
    const given = new kplus.ServiceAccount(chart, 'Account', { metadata: { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/other' } } });

    expect(codes(bind(chart, [IRSA], { given }))).toEqual(['KSV1303 sources[0].source.credentials']);
  });
});

test('two services that would make an account of the same name are told so', () => {
  const app = new App();
  ServingTarget.attach(app, { release: KServeRelease.V0_20 });
  const chart = new Chart(app, 'models', { namespace: 'models' });
  const source = (role: string) => ModelSource.s3('s3://models/fraud/v3/', { credentials: S3Credentials.irsa(`arn:aws:iam::123456789012:role/${role}`) });
  new InferenceService(chart, 'fraud', {
    predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN, source: source('a') }),
    transformer: Transformer.fromContainer({ image: 'ghcr.io/acme/features:1.0.0', source: source('b') }),
  });
  new InferenceService(chart, 'fraud-predictor', { predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN, source: source('c') }) });

  const accounts = diagnose(app).filter(({ code, construct }) => code === 'KSV1103' && construct.includes('service-account'));

  expect(accounts.map(({ construct }) => construct)).toEqual(['models/fraud.predictor.service-account', 'models/fraud-predictor.service-account']);
});
