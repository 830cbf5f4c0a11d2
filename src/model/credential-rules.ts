import { Rule } from '../diagnostics/rule';

/** Rules about credentials: what the program says, and the accounts and Secrets that it binds them to. */
export const CREDENTIAL_MISFIT: Rule = {
  code: 'KSV1301',
  title: 'The credentials are for another kind of storage',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'storage initializer: each scheme reads its own environment variables',
  explanation: 'KServe puts the credentials into the pod, but the code that downloads from this source never reads them, so the download is anonymous and fails.',
};

export const ENDPOINT_WITH_ROLE: Rule = {
  code: 'KSV1302',
  title: 'One ServiceAccount has an S3 endpoint and an IAM role',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'pkg/credentials/s3: BuildServiceAccountEnvs',
  explanation: 'KServe turns the endpoint into AWS_ENDPOINT_URL, which the AWS SDK also uses to exchange the role for keys. The exchange goes to the object store instead of AWS, and every download fails.',
};

export const TWO_IDENTITIES: Rule = {
  code: 'KSV1303',
  title: 'One ServiceAccount stands for two identities of a cloud',
  severity: 'error',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'A pod has one ServiceAccount, and a cloud gives the account one role. The second one would be dropped without a word.',
};

export const CREDENTIAL_CLASH: Rule = {
  code: 'KSV1304',
  title: 'Two credentials of one kind meet in a pod',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'pkg/credentials: mountSecretCredential',
  explanation: 'KServe reads all Secrets of the ServiceAccount into the same environment variables and mount paths: the later one wins, or the pod is refused for mounting one path twice.',
};

export const IMPORTED_ACCOUNT: Rule = {
  code: 'KSV1305',
  title: 'An existing ServiceAccount needs additions',
  severity: 'warning',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'This program does not make the ServiceAccount and so cannot annotate it or list Secrets in it. Without them the model is downloaded anonymously. Waive the warning once they are there.',
};

export const IMPORTED_SECRET: Rule = {
  code: 'KSV1306',
  title: 'An existing Secret needs annotations',
  severity: 'warning',
  origin: 'ours',
  bites: 'runtime',
  mirrors: 'pkg/credentials/s3: BuildSecretEnvs',
  explanation: 'KServe reads endpoint, region and the like from annotations of the Secret, which this program does not make. Without them it asks AWS in its default region. Waive the warning once they are there.',
};

export const SECRET_KEYS: Rule = {
  code: 'KSV1307',
  title: 'A Secret lacks the keys that KServe looks for',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'pkg/credentials: mountSecretCredential',
  explanation: 'KServe recognises the kind of a Secret by the names of its data keys and ignores any other Secret; a pod that refers to a missing key does not start.',
};

export const ANNOTATION_CONFLICT: Rule = {
  code: 'KSV1308',
  title: 'An object already has the annotation with another value',
  severity: 'error',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'The settings of S3 stand in annotations of the Secret or the ServiceAccount, so all models that share it share them.',
};

export const OTHER_NAMESPACE: Rule = {
  code: 'KSV1309',
  title: 'A Secret or ServiceAccount is in another namespace',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'pkg/credentials: CreateSecretVolumeAndEnv',
  explanation: 'Pods use only ServiceAccounts and Secrets of their own namespace.',
};

export const MALFORMED_IDENTITY: Rule = {
  code: 'KSV1310',
  title: 'The identity is malformed',
  severity: 'error',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'The cloud ignores or refuses an identity that does not have its form, and the pod then has no access.',
};

export const ENDPOINT_SCHEME: Rule = {
  code: 'KSV1311',
  title: 'The endpoint and useHttps contradict each other',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'pkg/credentials/s3: getEndpointConfiguration',
  explanation: 'A scheme in the endpoint wins over useHttps, so the connection is not what useHttps says.',
};

export const CREDENTIAL_RULES: Rule[] = [
  CREDENTIAL_MISFIT, ENDPOINT_WITH_ROLE, TWO_IDENTITIES, CREDENTIAL_CLASH, IMPORTED_ACCOUNT, IMPORTED_SECRET,
  SECRET_KEYS, ANNOTATION_CONFLICT, OTHER_NAMESPACE, MALFORMED_IDENTITY, ENDPOINT_SCHEME,
];
