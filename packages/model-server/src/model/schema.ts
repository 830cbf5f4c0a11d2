import { DATATYPE_NAMES } from '../tensor/datatypes';

/** The part of JSON Schema that `model.json` needs. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly description?: string;
  readonly properties?: { readonly [key: string]: Schema };
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly anyOf?: readonly Schema[];
  readonly [annotation: `$${string}`]: string;
}

const tensor = (what: string, more: { readonly [key: string]: Schema } = {}): Schema => ({
  type: 'object',
  description: `One ${what} of the model.`,
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: { type: 'string' },
    datatype: { enum: DATATYPE_NAMES, description: 'Must agree with the model where the model says it.' },
    shape: { type: 'array', items: { type: 'integer', minimum: -1 }, description: 'Sizes; -1 is any size.' },
    ...more,
    optional: { type: 'boolean' },
    labels: { type: 'array', items: { type: 'string' }, description: 'Names of the classes that the last axis counts.' },
  },
});

const ACCEPTS: Schema = {
  type: 'array',
  items: { enum: DATATYPE_NAMES },
  description: 'Other datatypes that a request may have, each of which the declared one holds exactly; by default none.',
};

/** JSON Schema of `model.json`. */
export const MODEL_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://cdk8s-kserve.dev/schemas/model.schema.json',
  type: 'object',
  description: 'Settings of a model, in model.json beside its file.',
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    name: { type: 'string', description: "Name of the model where it is the only one and --model_name is not given; the default is 'model', or the name of the file that the server is given, without its ending. Several models are named by their folders." },
    file: { type: 'string', description: 'Model file, relative to this file.' },
    platform: { type: 'string', description: 'Platform told in the metadata.' },
    inputs: { type: 'array', items: tensor('input', { accepts: ACCEPTS }) },
    outputs: { type: 'array', items: tensor('output') },
    v1Output: { type: 'string', description: 'Output that the V1 protocol answers with.' },
    predictType: { enum: ['class', 'raw'], description: 'Whether a tree model answers the numbers of classes or raw margins; by default it answers what the predict of its library does.' },
    missing: { type: 'number', description: 'Number that stands for a missing value in XGBoost models.' },
    engine: { enum: ['onnxruntime', 'trees'], description: "What serves an ONNX graph that is one tree ensemble: ONNX Runtime, the default, or this package's own evaluator." },
    batching: {
      type: 'object',
      additionalProperties: false,
      properties: {
        enabled: { type: 'boolean' },
        maxSize: { type: 'integer', minimum: 1, description: 'Most rows in one run; the default is measured at warm-up, and 1 for user code.' },
      },
    },
    limits: {
      type: 'object',
      additionalProperties: false,
      properties: {
        runSeconds: { type: 'number', minimum: 0.01, description: 'A run that takes longer is ended with its runner.' },
        queue: { type: 'integer', minimum: 1, description: 'Most requests that wait.' },
        rows: { type: 'integer', minimum: 1, description: 'Most rows in one request.' },
        memoryMiB: { type: 'integer', minimum: 16, description: 'Soft limit of the memory of the runner; beside other models, a model with one has a runner of its own.' },
        concurrency: { type: 'integer', minimum: 1, description: 'Calls of a user model that may be under way at once.' },
      },
    },
    placement: { enum: ['runner', 'inline'] },
    runner: { enum: ['shared', 'dedicated'], description: 'Whether several models of a server share its runners; by default those of up to 16 MiB do, for opening a large one holds its runner up.' },
    intraOp: { type: 'integer', minimum: 1, description: 'Threads within one run.' },
    deterministic: { type: 'boolean', description: 'Equal requests have equal answers, whoever sends them and with whatever headers: they may be cached.' },
    cacheMiB: { type: 'integer', minimum: 1, description: 'Most memory of the response cache.' },
    versions: { anyOf: [{ enum: ['latest', 'all'] }, { type: 'array', items: { type: 'integer', minimum: 0 } }] },
    warmup: { type: 'array', items: { type: 'object' }, description: 'V2 requests, run once at load and used to measure batching, which is not measured for user code. A transformer, which has no predict of its own, does not run them: its predictor need not answer yet.' },
  },
};

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

/** The first thing in which a value breaks its schema, with the JSON pointer of the place. */
export function findViolation(schema: Schema, value: unknown, pointer = ''): string | undefined {
  const where = pointer === '' ? '/' : pointer;
  const type = typeOf(value);
  if (schema.anyOf !== undefined) {
    const violations = schema.anyOf.map((option) => findViolation(option, value, pointer));
    return violations.includes(undefined) ? undefined : violations.join(', or ');
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    return `${where} must be one of ${schema.enum.join(', ')}, but is ${JSON.stringify(value)?.slice(0, 80)}`;
  }
  if (schema.type !== undefined && type !== (schema.type === 'integer' ? 'number' : schema.type)) {
    return `${where} must be of type ${schema.type}, but is ${type}`;
  }
  if (schema.type === 'integer' && !Number.isInteger(value)) {
    return `${where} must be an integer, but is ${String(value)}`;
  }
  if (schema.minimum !== undefined && (value as number) < schema.minimum) {
    return `${where} must be at least ${schema.minimum}, but is ${String(value)}`;
  }
  if (type === 'array' && schema.items !== undefined) {
    for (const [i, item] of (value as unknown[]).entries()) {
      const violation = findViolation(schema.items, item, `${pointer}/${i}`);
      if (violation !== undefined) {
        return violation;
      }
    }
  }
  if (type === 'object') {
    const object = value as { [key: string]: unknown };
    for (const key of schema.required ?? []) {
      if (!Object.hasOwn(object, key)) {
        return `${where} lacks '${key}'`;
      }
    }
    for (const [key, entry] of Object.entries(object)) {
      const property = schema.properties !== undefined && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
      if (property === undefined) {
        if (schema.additionalProperties === false) {
          return `${pointer}/${key} is unknown; known are ${Object.keys(schema.properties ?? {}).join(', ')}`;
        }
        continue;
      }
      const violation = findViolation(property, entry, `${pointer}/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`);
      if (violation !== undefined) {
        return violation;
      }
    }
  }
  return undefined;
}
