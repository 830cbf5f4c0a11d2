import { CONTAINER_DOCS } from './container-docs';
import { POD_DOCS } from './pod-docs';
import { VOLUME_DOCS } from './volume-docs';

/**
 * The words for a type and its fields. A field is `text` or `text | default`,
 * where the default is a literal or begins with a dash.
 */
export interface TypeDocs {
  readonly summary: string;
  readonly fields: { readonly [field: string]: string };
}

const DOCS: { readonly [type: string]: TypeDocs } = { ...POD_DOCS, ...CONTAINER_DOCS, ...VOLUME_DOCS };

/** What a field means in every type that says nothing else about it. */
const COMMON: TypeDocs['fields'] = {
  defaultMode: 'Permission bits of the files, from 0 to 511 (octal 0777). | 420',
  fsType: 'File system of the volume, such as `ext4` or `xfs`. | - chosen by the driver',
  items: 'The keys to show as files, and where. | - each key as a file of its name',
  mode: 'Permission bits of this file, from 0 to 511 (octal 0777). | - the defaultMode of the volume',
  optional: 'Whether the pod starts even when the object or the key does not exist. | false',
  readOnly: 'Whether the volume is mounted read-only. | false',
  secretRef: 'Secret with the credentials for the storage server, in the namespace of the pod. | - the server asks for none',
};

/** The words for a type. */
export function typeDocs(type: string): TypeDocs {
  const docs = DOCS[type];
  if (!docs) throw new Error(`write a summary of ${type} beside ${__filename}`);
  return docs;
}

/** The words for a field: what it means, and its default unless the schema has one. */
export function fieldDocs(type: string, field: string, schemaDefault: unknown): { text: string; default: string } {
  const own = typeDocs(type).fields[field]?.split(' | ');
  const common = COMMON[field]?.split(' | ');
  const text = own?.[0] ?? common?.[0];
  if (!text) throw new Error(`write a line on ${type}.${field} beside ${__filename}`);
  const fromSchema = schemaDefault === undefined || schemaDefault === '' ? undefined : JSON.stringify(schemaDefault);
  return { text, default: own?.[1] ?? fromSchema ?? common?.[1] ?? '- not set' };
}

/** Every type and field that has words of its own. */
export function documented(): string[] {
  return Object.entries(DOCS).flatMap(([type, { fields }]) => Object.keys(fields).map((field) => `${type}.${field}`));
}
