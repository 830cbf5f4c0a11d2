import { ModelMetadata, TensorSpec } from '../../model/metadata';
import { infoOf } from '../../tensor/datatypes';
import { FrontContext, SERVER_NAME } from '../context';

type Json = { [key: string]: unknown };

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const content = (schema: Json): Json => ({ content: { 'application/json': { schema } } });

/** The JSON of one element of a datatype. */
function elementSchema(spec: TensorSpec): Json {
  const { kind, min, max } = infoOf(spec.datatype);
  switch (kind) {
    case 'bytes': return { type: 'string' };
    case 'bool': return { type: 'boolean' };
    case 'float': return { type: ['number', 'null'], description: 'null is NaN' };
    case 'integer': return { type: 'integer', minimum: min, maximum: max };
    default: return { type: kind === 'bigint' ? 'integer' : 'number' };
  }
}

/** Nested arrays from this axis on. */
function nested(spec: TensorSpec, axis: number): Json {
  if (axis >= spec.shape.length) {
    return elementSchema(spec);
  }
  const size = spec.shape[axis]!;
  return { type: 'array', items: nested(spec, axis + 1), ...(size >= 0 ? { minItems: size, maxItems: size } : {}) };
}

function v1Schemas(metadata: ModelMetadata): { request: Json; response: Json } {
  const row = (specs: readonly TensorSpec[]): Json => (specs.length === 1
    ? nested(specs[0]!, 1)
    : { type: 'object', required: specs.filter((spec) => spec.optional !== true).map((spec) => spec.name), properties: Object.fromEntries(specs.map((spec) => [spec.name, nested(spec, 1)])) });
  const answered = metadata.outputs.filter((output) => metadata.v1Output === undefined || output.name === metadata.v1Output);
  return metadata.untyped === true
    ? { request: { type: 'object' }, response: { type: 'object' } }
    : {
      request: { type: 'object', required: ['instances'], properties: { instances: { type: 'array', items: row(metadata.inputs) } } },
      response: { type: 'object', required: ['predictions'], properties: { predictions: { type: 'array', items: row(answered) } } },
    };
}

function v2Tensor(specs: readonly TensorSpec[]): Json {
  const one = (spec: TensorSpec): Json => ({
    type: 'object',
    required: ['name', 'datatype', 'shape'],
    properties: {
      name: { const: spec.name },
      datatype: spec.accepts === undefined ? { const: spec.datatype } : { enum: [spec.datatype, ...spec.accepts] },
      shape: { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: spec.shape.length, maxItems: spec.shape.length, description: `[${spec.shape.join(', ')}], -1 is any size` },
      data: { type: 'array', description: 'Flat, or nested as the shape' },
      parameters: { type: 'object' },
    },
  });
  return specs.length === 0 ? { type: 'object' } : { oneOf: specs.map(one) };
}

/** An OpenAPI document of the models that are loaded, made from their metadata. */
export function openApi(context: FrontContext): Json {
  const paths: Json = {};
  const schemas: Json = { Error: { type: 'object', required: ['error'], properties: { error: { type: 'string' } } } };
  const errors = Object.fromEntries([['400', 'The request is wrong'], ['404', 'No such model'], ['429', 'Too many requests wait'], ['503', 'Not ready'], ['504', 'Took too long']].map(([status, description]) => [status, { description, ...content(ref('Error')) }]));
  for (const { name, metadata } of context.registry.all()) {
    const v1 = v1Schemas(metadata);
    const encoded = encodeURIComponent(name);
    // components are named in fewer characters than models; those of a repository keep to them
    const component = name.replace(/[^\w.-]/g, '_');
    paths[`/v1/models/${encoded}:predict`] = {
      post: { summary: `Predicts with ${name} (V1)`, operationId: `predict_${name}`, requestBody: { required: true, ...content(v1.request) }, responses: { 200: { description: 'Predictions', ...content(v1.response) }, ...errors } },
    };
    schemas[`${component}_request`] = { type: 'object', required: ['inputs'], properties: { id: { type: 'string' }, parameters: { type: 'object' }, inputs: { type: 'array', items: v2Tensor(metadata.inputs) }, outputs: { type: 'array', items: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, parameters: { type: 'object' } } } } } };
    schemas[`${component}_response`] = { type: 'object', required: ['model_name', 'outputs'], properties: { model_name: { const: name }, model_version: { type: 'string' }, id: { type: 'string' }, outputs: { type: 'array', items: v2Tensor(metadata.outputs) } } };
    paths[`/v2/models/${encoded}/infer`] = {
      post: { summary: `Infers with ${name} (V2)`, operationId: `infer_${name}`, requestBody: { required: true, ...content(ref(`${component}_request`)) }, responses: { 200: { description: 'Outputs', ...content(ref(`${component}_response`)) }, ...errors } },
    };
    paths[`/v2/models/${encoded}`] = { get: { summary: `Metadata of ${name}`, operationId: `metadata_${name}`, responses: { 200: { description: 'Inputs and outputs', ...content({ type: 'object' }) }, 404: errors[404] } } };
  }
  for (const [path, summary] of [['/v2/health/live', 'Whether the server lives'], ['/v2/health/ready', 'Whether the server takes requests'], ['/v2', 'What the server is'], ['/v2/models', 'Names of the models']] as const) {
    paths[path] = { get: { summary, responses: { 200: { description: summary, ...content({ type: 'object' }) } } } };
  }
  return { openapi: '3.1.0', info: { title: SERVER_NAME, version: context.version }, paths, components: { schemas } };
}
