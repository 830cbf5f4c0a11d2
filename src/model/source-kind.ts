/** How KServe gets a model: each kind is one way of the storage initializer, or none at all. */
export type SourceKind =
  | 's3' | 'gcs' | 'azureBlob' | 'azureFile' | 'hdfs' | 'huggingFace' | 'git' | 'https'
  /** mounted, not downloaded */
  | 'pvc' | 'oci'
  /** a path inside the storage initializer */
  | 'file' | 'local'
  /** a scheme that a storage container of the cluster may know */
  | 'other';

/** In the order in which the storage initializer asks. */
const KINDS: [RegExp, SourceKind][] = [
  [/^gs:\/\//, 'gcs'],
  [/^s3:\/\//, 's3'],
  [/^(web)?hdfs:\/\//, 'hdfs'],
  [/^pvc:\/\//, 'pvc'],
  [/^oci(\+\w+)?:\/\//, 'oci'],
  [/^file:\/\//, 'file'],
  [/^https:\/\/[^/]+?\.(z\d{1,2}\.blob\.storage\.azure\.net|blob\.core\.windows\.net)(\/|$)/, 'azureBlob'],
  [/^https:\/\/[^/]+?\.(z\d{1,2}\.file\.storage\.azure\.net|file\.core\.windows\.net)(\/|$)/, 'azureFile'],
  [/^hf:\/\//, 'huggingFace'],
  [/^https:\/\/[^?#]+\.git\/?([?#]|$)/, 'git'],
  [/^https?:\/\//, 'https'],
  [/^[a-z][a-z0-9+.-]*:\/\//i, 'other'],
];

/** The kind of a URI. It must not be deferred. */
export function kindOf(uri: string): SourceKind {
  return KINDS.find(([pattern]) => pattern.test(uri))?.[1] ?? 'local';
}

/** The scheme of a URI with its `://`, if it has one. */
export function schemeOf(uri: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\//i.exec(uri)?.[0];
}
