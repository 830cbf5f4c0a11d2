import { KubeObject } from '../client';

/** A path of a webhook server, and what is sent there. */
interface Hook {
  readonly kind: 'Mutating' | 'Validating';
  readonly version: string;
  /** Singular, as in the path. */
  readonly resource: string;
  readonly operations: readonly string[];
}

const CHANGES = ['CREATE', 'UPDATE'];

/** The webhooks of KServe's manager, but for pods. */
export const MANAGER_HOOKS: readonly Hook[] = [
  { kind: 'Mutating', version: 'v1beta1', resource: 'inferenceservice', operations: CHANGES },
  { kind: 'Validating', version: 'v1beta1', resource: 'inferenceservice', operations: [...CHANGES, 'DELETE'] },
  { kind: 'Validating', version: 'v1alpha1', resource: 'inferencegraph', operations: CHANGES },
  { kind: 'Validating', version: 'v1alpha1', resource: 'trainedmodel', operations: [...CHANGES, 'DELETE'] },
  { kind: 'Validating', version: 'v1alpha1', resource: 'servingruntime', operations: CHANGES },
  { kind: 'Validating', version: 'v1alpha1', resource: 'clusterservingruntime', operations: CHANGES },
];

/** The webhooks of the controller for LLMs. */
export const LLM_HOOKS: readonly Hook[] = ['v1alpha1', 'v1alpha2'].flatMap((version): Hook[] => [
  { kind: 'Mutating', version, resource: 'llminferenceservice', operations: CHANGES },
  { kind: 'Validating', version, resource: 'llminferenceservice', operations: CHANGES },
  { kind: 'Validating', version, resource: 'llminferenceserviceconfig', operations: [...CHANGES, 'DELETE'] },
]);

/** How the API server reaches a webhook server outside the cluster. */
export interface WebhookServer {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly caBundle: string;
}

/** The configurations that lead the API server to the hooks of a server, and pods of services to the manager. */
export function webhookConfigurations(server: WebhookServer, hooks: readonly Hook[], pods: boolean): KubeObject[] {
  return (['Mutating', 'Validating'] as const).map((kind) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: `${kind}WebhookConfiguration`,
    metadata: { name: server.name },
    webhooks: [
      ...hooks.filter((hook) => hook.kind === kind).map((hook) => webhook(server, hook)),
      ...(pods && kind === 'Mutating' ? [podWebhook(server)] : []),
    ],
  }));
}

function webhook(server: WebhookServer, { kind, version, resource, operations }: Hook): object {
  const path = `${kind === 'Mutating' ? 'mutate' : 'validate'}-serving-kserve-io-${version}-${resource}`;
  return {
    name: `${resource}-${version}.${server.name}.kserve.io`,
    ...common(server, path),
    matchPolicy: 'Exact', // each version has a webhook of its own
    rules: [{ apiGroups: ['serving.kserve.io'], apiVersions: [version], resources: [`${resource}s`], operations }],
  };
}

function podWebhook(server: WebhookServer): object {
  return {
    name: `pods.${server.name}.kserve.io`,
    ...common(server, 'mutate-pods'),
    rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
    objectSelector: { matchExpressions: [{ key: 'serving.kserve.io/inferenceservice', operator: 'Exists' }] },
    reinvocationPolicy: 'IfNeeded',
  };
}

function common(server: WebhookServer, path: string): object {
  return {
    clientConfig: { url: `https://${server.address}:${server.port}/${path}`, caBundle: server.caBundle },
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy: 'Fail',
    timeoutSeconds: 30,
  };
}
