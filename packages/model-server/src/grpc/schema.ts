import { FieldDef, Messages, Scalar } from '../protobuf/message';

type Type = Scalar | `.${string}`;
const field = (no: number, name: string, type: Type): FieldDef => ({ no, name, type });
const list = (no: number, name: string, type: Type): FieldDef => ({ no, name, type, repeated: true });
const map = (no: number, name: string, type: Type): FieldDef => ({ no, name, type, map: true });
const choice = (no: number, name: string, type: Type, oneof: string): FieldDef => ({ no, name, type, oneof });

const PARAMETER = '.inference.InferParameter';
const CONTENTS = '.inference.InferTensorContents';

/** One file of definitions. */
export interface ProtoFile {
  readonly name: string;
  readonly package: string;
  readonly messages: Messages;
  readonly enums: { readonly [name: `.${string}`]: { readonly [value: string]: number } };
  readonly services: { readonly [name: string]: { readonly [method: string]: MethodDef } };
}

export interface MethodDef {
  readonly request: `.${string}`;
  readonly response: `.${string}`;
  readonly requestStream?: true;
  readonly responseStream?: true;
}

const method = (request: string, response: string, streams: Partial<MethodDef> = {}): MethodDef => ({ request: `.${request}`, response: `.${response}`, ...streams });

/** The Open Inference Protocol: the union of what KServe's and Triton's definitions have. */
export const INFERENCE: ProtoFile = {
  name: 'open_inference_grpc.proto',
  package: 'inference',
  enums: {},
  messages: {
    '.inference.ServerLiveRequest': { fields: [] },
    '.inference.ServerLiveResponse': { fields: [field(1, 'live', 'bool')] },
    '.inference.ServerReadyRequest': { fields: [] },
    '.inference.ServerReadyResponse': { fields: [field(1, 'ready', 'bool')] },
    '.inference.ModelReadyRequest': { fields: [field(1, 'name', 'string'), field(2, 'version', 'string')] },
    '.inference.ModelReadyResponse': { fields: [field(1, 'ready', 'bool')] },
    '.inference.ServerMetadataRequest': { fields: [] },
    '.inference.ServerMetadataResponse': { fields: [field(1, 'name', 'string'), field(2, 'version', 'string'), list(3, 'extensions', 'string')] },
    '.inference.ModelMetadataRequest': { fields: [field(1, 'name', 'string'), field(2, 'version', 'string')] },
    '.inference.ModelMetadataResponse': {
      fields: [
        field(1, 'name', 'string'), list(2, 'versions', 'string'), field(3, 'platform', 'string'),
        list(4, 'inputs', '.inference.ModelMetadataResponse.TensorMetadata'), list(5, 'outputs', '.inference.ModelMetadataResponse.TensorMetadata'),
        // never sent: MLServer's clients take field 6 for parameters and fail on text
        map(6, 'properties', 'string'),
      ],
    },
    '.inference.ModelMetadataResponse.TensorMetadata': { fields: [field(1, 'name', 'string'), field(2, 'datatype', 'string'), list(3, 'shape', 'int64'), map(4, 'parameters', PARAMETER)] },
    [PARAMETER]: {
      fields: [
        choice(1, 'bool_param', 'bool', 'parameter_choice'), choice(2, 'int64_param', 'int64', 'parameter_choice'), choice(3, 'string_param', 'string', 'parameter_choice'),
        choice(4, 'double_param', 'double', 'parameter_choice'), choice(5, 'uint64_param', 'uint64', 'parameter_choice'),
      ],
    },
    [CONTENTS]: {
      fields: [
        list(1, 'bool_contents', 'bool'), list(2, 'int_contents', 'int32'), list(3, 'int64_contents', 'int64'), list(4, 'uint_contents', 'uint32'),
        list(5, 'uint64_contents', 'uint64'), list(6, 'fp32_contents', 'float'), list(7, 'fp64_contents', 'double'), list(8, 'bytes_contents', 'bytes'),
      ],
    },
    '.inference.ModelInferRequest': {
      fields: [
        field(1, 'model_name', 'string'), field(2, 'model_version', 'string'), field(3, 'id', 'string'), map(4, 'parameters', PARAMETER),
        list(5, 'inputs', '.inference.ModelInferRequest.InferInputTensor'), list(6, 'outputs', '.inference.ModelInferRequest.InferRequestedOutputTensor'),
        list(7, 'raw_input_contents', 'bytes'),
      ],
    },
    '.inference.ModelInferRequest.InferInputTensor': {
      fields: [field(1, 'name', 'string'), field(2, 'datatype', 'string'), list(3, 'shape', 'int64'), map(4, 'parameters', PARAMETER), field(5, 'contents', CONTENTS)],
    },
    '.inference.ModelInferRequest.InferRequestedOutputTensor': { fields: [field(1, 'name', 'string'), map(2, 'parameters', PARAMETER)] },
    '.inference.ModelInferResponse': {
      fields: [
        field(1, 'model_name', 'string'), field(2, 'model_version', 'string'), field(3, 'id', 'string'), map(4, 'parameters', PARAMETER),
        list(5, 'outputs', '.inference.ModelInferResponse.InferOutputTensor'), list(6, 'raw_output_contents', 'bytes'),
      ],
    },
    '.inference.ModelInferResponse.InferOutputTensor': {
      fields: [field(1, 'name', 'string'), field(2, 'datatype', 'string'), list(3, 'shape', 'int64'), map(4, 'parameters', PARAMETER), field(5, 'contents', CONTENTS)],
    },
    '.inference.ModelStreamInferResponse': { fields: [field(1, 'error_message', 'string'), field(2, 'infer_response', '.inference.ModelInferResponse')] },
    '.inference.RepositoryIndexRequest': { fields: [field(1, 'repository_name', 'string'), field(2, 'ready', 'bool')] },
    '.inference.RepositoryIndexResponse': { fields: [list(1, 'models', '.inference.RepositoryIndexResponse.ModelIndex')] },
    '.inference.RepositoryIndexResponse.ModelIndex': { fields: [field(1, 'name', 'string'), field(2, 'version', 'string'), field(3, 'state', 'string'), field(4, 'reason', 'string')] },
    // KServe sends the model's name in field 1, Triton in field 2
    '.inference.RepositoryModelLoadRequest': { fields: [field(1, 'repository_name', 'string'), field(2, 'model_name', 'string'), map(3, 'parameters', '.inference.ModelRepositoryParameter')] },
    '.inference.RepositoryModelLoadResponse': { fields: [field(1, 'model_name', 'string'), field(2, 'isLoaded', 'bool')] },
    '.inference.RepositoryModelUnloadRequest': { fields: [field(1, 'repository_name', 'string'), field(2, 'model_name', 'string'), map(3, 'parameters', '.inference.ModelRepositoryParameter')] },
    '.inference.RepositoryModelUnloadResponse': { fields: [field(1, 'model_name', 'string'), field(2, 'isUnloaded', 'bool')] },
    '.inference.ModelRepositoryParameter': {
      fields: [
        choice(1, 'bool_param', 'bool', 'parameter_choice'), choice(2, 'int64_param', 'int64', 'parameter_choice'),
        choice(3, 'string_param', 'string', 'parameter_choice'), choice(4, 'bytes_param', 'bytes', 'parameter_choice'),
      ],
    },
  },
  services: {
    'inference.GRPCInferenceService': {
      ServerLive: method('inference.ServerLiveRequest', 'inference.ServerLiveResponse'),
      ServerReady: method('inference.ServerReadyRequest', 'inference.ServerReadyResponse'),
      ModelReady: method('inference.ModelReadyRequest', 'inference.ModelReadyResponse'),
      ServerMetadata: method('inference.ServerMetadataRequest', 'inference.ServerMetadataResponse'),
      ModelMetadata: method('inference.ModelMetadataRequest', 'inference.ModelMetadataResponse'),
      ModelInfer: method('inference.ModelInferRequest', 'inference.ModelInferResponse'),
      ModelStreamInfer: method('inference.ModelInferRequest', 'inference.ModelStreamInferResponse', { requestStream: true, responseStream: true }),
      RepositoryIndex: method('inference.RepositoryIndexRequest', 'inference.RepositoryIndexResponse'),
      RepositoryModelLoad: method('inference.RepositoryModelLoadRequest', 'inference.RepositoryModelLoadResponse'),
      RepositoryModelUnload: method('inference.RepositoryModelUnloadRequest', 'inference.RepositoryModelUnloadResponse'),
    },
  },
};

/** gRPC's standard health service. */
export const HEALTH: ProtoFile = {
  name: 'grpc/health/v1/health.proto',
  package: 'grpc.health.v1',
  enums: { '.grpc.health.v1.HealthCheckResponse.ServingStatus': { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } },
  messages: {
    '.grpc.health.v1.HealthCheckRequest': { fields: [field(1, 'service', 'string')] },
    '.grpc.health.v1.HealthCheckResponse': { fields: [{ no: 1, name: 'status', type: '.grpc.health.v1.HealthCheckResponse.ServingStatus', enum: true }] },
  },
  services: {
    'grpc.health.v1.Health': {
      Check: method('grpc.health.v1.HealthCheckRequest', 'grpc.health.v1.HealthCheckResponse'),
      Watch: method('grpc.health.v1.HealthCheckRequest', 'grpc.health.v1.HealthCheckResponse', { responseStream: true }),
    },
  },
};

/** gRPC's reflection service; its first release differs only in the package. */
function reflection(version: 'v1' | 'v1alpha'): ProtoFile {
  const base = `grpc.reflection.${version}` as const;
  const type = (name: string): `.${string}` => `.${base}.${name}`;
  return {
    name: `grpc/reflection/${version}/reflection.proto`,
    package: base,
    enums: {},
    messages: {
      [type('ServerReflectionRequest')]: {
        fields: [
          field(1, 'host', 'string'), choice(3, 'file_by_filename', 'string', 'message_request'), choice(4, 'file_containing_symbol', 'string', 'message_request'),
          choice(5, 'file_containing_extension', type('ExtensionRequest'), 'message_request'),
          choice(6, 'all_extension_numbers_of_type', 'string', 'message_request'), choice(7, 'list_services', 'string', 'message_request'),
        ],
      },
      [type('ExtensionRequest')]: { fields: [field(1, 'containing_type', 'string'), field(2, 'extension_number', 'int32')] },
      [type('ServerReflectionResponse')]: {
        fields: [
          field(1, 'valid_host', 'string'), field(2, 'original_request', type('ServerReflectionRequest')),
          choice(4, 'file_descriptor_response', type('FileDescriptorResponse'), 'message_response'),
          choice(5, 'all_extension_numbers_response', type('ExtensionNumberResponse'), 'message_response'),
          choice(6, 'list_services_response', type('ListServiceResponse'), 'message_response'),
          choice(7, 'error_response', type('ErrorResponse'), 'message_response'),
        ],
      },
      [type('FileDescriptorResponse')]: { fields: [list(1, 'file_descriptor_proto', 'bytes')] },
      [type('ExtensionNumberResponse')]: { fields: [field(1, 'base_type_name', 'string'), list(2, 'extension_number', 'int32')] },
      [type('ListServiceResponse')]: { fields: [list(1, 'service', type('ServiceResponse'))] },
      [type('ServiceResponse')]: { fields: [field(1, 'name', 'string')] },
      [type('ErrorResponse')]: { fields: [field(1, 'error_code', 'int32'), field(2, 'error_message', 'string')] },
    },
    services: {
      [`${base}.ServerReflection`]: {
        ServerReflectionInfo: method(`${base}.ServerReflectionRequest`, `${base}.ServerReflectionResponse`, { requestStream: true, responseStream: true }),
      },
    },
  };
}

export const FILES: readonly ProtoFile[] = [INFERENCE, HEALTH, reflection('v1'), reflection('v1alpha')];

/** All messages of all files. */
export const MESSAGES: Messages = Object.assign({}, ...FILES.map((file) => file.messages)) as Messages;
