import { AzureCredentials, GcsCredentials } from '../../src/model';

const ID = '11111111-2222-3333-4444-555555555555';

test.each(['models@acme.iam.gserviceaccount.com', 'models@acme.example.com.iam.gserviceaccount.com', '123-compute@developer.gserviceaccount.com'])(
  '%s is a Google service account', (account) => {
    expect(GcsCredentials.workloadIdentity(account)._facts.problems).toEqual([]);
  });

test.each(['', 'models', 'models@acme.org', 'a b@acme.iam.gserviceaccount.com'])('%s is no Google service account', (account) => {
  expect(GcsCredentials.workloadIdentity(account)._facts.problems.map(({ rule, argument }) => `${rule.code} ${argument}`)).toEqual([
    'KSV1310 gcpServiceAccount',
  ]);
});

test('an Azure identity annotates the account and labels the pods', () => {
  const { identity, podLabels, problems } = AzureCredentials.workloadIdentity(ID, { tenantId: ID })._facts;

  expect(identity).toEqual({ 'azure.workload.identity/client-id': ID, 'azure.workload.identity/tenant-id': ID });
  expect(podLabels).toEqual({ 'azure.workload.identity/use': 'true' });
  expect(problems).toEqual([]);
});

test('client and tenant of Azure must be UUIDs', () => {
  expect(AzureCredentials.workloadIdentity('models', { tenantId: 'acme.onmicrosoft.com' })._facts.problems.map(({ argument }) => argument)).toEqual([
    'clientId', 'tenantId',
  ]);
});
