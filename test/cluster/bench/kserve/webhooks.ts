import { KubeObject } from '../client';

interface Hook {
  readonly name: string;
  readonly path: string;
  readonly version: string;
  readonly resource: string;
  readonly operations: readonly string[];
}

const CHANGES = ['CREATE', 'UPDATE'];
const PREFIX = 'serving-kserve-io';

const MUTATING: readonly Hook[] = [
  { name: 'inferenceservice', path: `mutate-${PREFIX}-v1beta1-inferenceservice`, version: 'v1beta1', resource: 'inferenceservices', operations: CHANGES },
];

const VALIDATING: readonly Hook[] = [
  { name: 'inferenceservice', path: `validate-${PREFIX}-v1beta1-inferenceservice`, version: 'v1beta1', resource: 'inferenceservices', operations: [...CHANGES, 'DELETE'] },
  { name: 'inferencegraph', path: `validate-${PREFIX}-v1alpha1-inferencegraph`, version: 'v1alpha1', resource: 'inferencegraphs', operations: CHANGES },
  { name: 'trainedmodel', path: `validate-${PREFIX}-v1alpha1-trainedmodel`, version: 'v1alpha1', resource: 'trainedmodels', operations: [...CHANGES, 'DELETE'] },
  { name: 'servingruntime', path: `validate-${PREFIX}-v1alpha1-servingruntime`, version: 'v1alpha1', resource: 'servingruntimes', operations: CHANGES },
  { name: 'clusterservingruntime', path: `validate-${PREFIX}-v1alpha1-clusterservingruntime`, version: 'v1alpha1', resource: 'clusterservingruntimes', operations: CHANGES },
];

/** The configurations that lead the API server to a manager outside the cluster. */
export function webhookConfigurations(address: string, port: number, caBundle: string): KubeObject[] {
  const common = (path: string) => ({
    clientConfig: { url: `https://${address}:${port}/${path}`, caBundle },
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy: 'Fail',
    timeoutSeconds: 30,
  });
  const webhook = (hook: Hook) => ({
    name: `${hook.name}.kserve-webhook-server.kserve.io`,
    ...common(hook.path),
    rules: [{ apiGroups: ['serving.kserve.io'], apiVersions: [hook.version], resources: [hook.resource], operations: hook.operations }],
  });
  const pods = {
    name: 'pods.kserve-webhook-server.kserve.io',
    ...common('mutate-pods'),
    rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
    objectSelector: { matchExpressions: [{ key: 'serving.kserve.io/inferenceservice', operator: 'Exists' }] },
    reinvocationPolicy: 'IfNeeded',
  };
  const configuration = (kind: string, webhooks: object[]): KubeObject =>
    ({ apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name: 'kserve' }, webhooks });
  return [
    configuration('MutatingWebhookConfiguration', [...MUTATING.map(webhook), pods]),
    configuration('ValidatingWebhookConfiguration', VALIDATING.map(webhook)),
  ];
}
