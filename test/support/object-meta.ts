import { schemaErrors, type Schema } from './schema';

const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const QUALIFIED_NAME = new RegExp(`^(?=(?:${SUBDOMAIN}/)?[^/]{1,63}$)(${SUBDOMAIN}/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$`);
const ANNOTATION_BYTES = 256 * 1024;

const STRING: Schema = { type: 'string' };
const STRINGS: Schema = { type: 'array', items: STRING };
const STRING_MAP: Schema = { type: 'object', additionalProperties: STRING };

/** What a client may write in the metadata of any object. */
const OBJECT_META: Schema = {
  type: 'object',
  properties: {
    name: { type: 'string', maxLength: 253 },
    generateName: STRING,
    namespace: { type: 'string', maxLength: 63, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' },
    labels: {
      type: 'object',
      additionalProperties: { type: 'string', maxLength: 63, pattern: '^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$' },
    },
    annotations: STRING_MAP,
    finalizers: STRINGS,
    ownerReferences: {
      type: 'array',
      items: {
        type: 'object',
        required: ['apiVersion', 'kind', 'name', 'uid'],
        properties: {
          apiVersion: STRING, kind: STRING, name: STRING, uid: STRING, controller: { type: 'boolean' }, blockOwnerDeletion: { type: 'boolean' },
        },
      },
    },
    // set by the server, accepted from a client that sends back what it has read
    ...Object.fromEntries(['uid', 'resourceVersion', 'selfLink', 'creationTimestamp', 'deletionTimestamp'].map((name) => [name, STRING])),
    generation: { type: 'integer' },
    deletionGracePeriodSeconds: { type: 'integer' },
    managedFields: { type: 'array', items: { 'x-kubernetes-preserve-unknown-fields': true } },
  },
};

/**
 * Every reason why the API server refuses an object's metadata.
 *
 * @param namePattern RBAC objects may be called `system:node`, all others are DNS names
 */
export function objectMetaErrors(metadata: any, namePattern = new RegExp(`^${SUBDOMAIN}$`)): string[] {
  const path = 'metadata';
  const errors = schemaErrors(metadata ?? {}, OBJECT_META, path);
  const name = metadata?.name ?? metadata?.generateName;
  if (!name) errors.push(`${path}.name: required`);
  else if (metadata.name && !namePattern.test(name)) errors.push(`${path}.name: must match ${namePattern.source}, not "${name}"`);
  for (const map of ['labels', 'annotations']) {
    const invalid = Object.keys(metadata?.[map] ?? {}).filter((key) => !QUALIFIED_NAME.test(map === 'annotations' ? key.toLowerCase() : key));
    errors.push(...invalid.map((key) => `${path}.${map}: ${key} is not a qualified name`));
  }
  const size = Object.entries(metadata?.annotations ?? {}).reduce((sum, [key, value]) => sum + Buffer.byteLength(key + String(value)), 0);
  if (size > ANNOTATION_BYTES) errors.push(`${path}.annotations: ${size} bytes, at most ${ANNOTATION_BYTES}`);
  return errors;
}
