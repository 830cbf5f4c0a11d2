"""Encodes with MLServer's codecs, asks by REST and by its gRPC definitions, and prints what came back.

Usage: mlserver_client.py HTTP_PORT GRPC_PORT
"""
import json
import sys
import urllib.request

import grpc
import numpy as np
import pandas as pd
from mlserver.codecs import NumpyCodec, PandasCodec, StringCodec
from mlserver.grpc import dataplane_pb2 as pb, dataplane_pb2_grpc as stubs
from mlserver.grpc.converters import ModelInferRequestConverter, ModelInferResponseConverter
from mlserver.types import InferenceRequest, InferenceResponse, MetadataModelResponse

HTTP, GRPC = sys.argv[1:3]
ROWS = np.array([[5.1, 3.5, 1.4, 0.2], [6.3, 3.3, 6.0, 2.5]], dtype=np.float32)
stub = stubs.GRPCInferenceServiceStub(grpc.insecure_channel(f'127.0.0.1:{GRPC}'))


def rest(model, request):
    call = urllib.request.Request(f'http://127.0.0.1:{HTTP}/v2/models/{model}/infer', request.model_dump_json(exclude_none=True).encode(), {'Content-Type': 'application/json'})
    with urllib.request.urlopen(call) as reply:
        return InferenceResponse.model_validate_json(reply.read())


def rpc(model, request, raw):
    return ModelInferResponseConverter.to_types(stub.ModelInfer(ModelInferRequestConverter.from_types(request, model_name=model, use_raw=raw)))


def output(response, name):
    return next(entry for entry in response.outputs if entry.name == name)


def plain(response):
    return {
        'model': response.model_name,
        'id': response.id,
        'label': StringCodec.decode_output(output(response, 'output_label')),
        'shape': list(NumpyCodec.decode_output(output(response, 'output_probability')).shape),
    }


iris = InferenceRequest(id='7', inputs=[NumpyCodec.encode_input('X', ROWS)])
words, words_json = (InferenceRequest(inputs=[StringCodec.encode_input('x', ['a', 'ü'], use_bytes=use_bytes)]) for use_bytes in (True, False))
frame = PandasCodec.encode_request(pd.DataFrame({'a': np.array([1, 2], dtype=np.float32), 'b': np.array([3, 5], dtype=np.float32)}))
found = {'rest': plain(rest('iris', iris)), 'grpc typed': plain(rpc('iris', iris, False)), 'grpc raw': plain(rpc('iris', iris, True))}
for name, answer in (('rest', rest('words', words_json)), ('grpc typed', rpc('words', words, False)), ('grpc raw', rpc('words', words, True))):
    found[f'strings {name}'] = StringCodec.decode_output(answer.outputs[0])
for name, answer in (('rest', rest('columns', frame)), ('grpc typed', rpc('columns', frame, False)), ('grpc raw', rpc('columns', frame, True))):
    table = PandasCodec.decode_response(answer)
    found[f'frame {name}'] = {column: table[column].tolist() for column in table.columns}
with urllib.request.urlopen(f'http://127.0.0.1:{HTTP}/v2/models/iris') as reply:
    found['metadata'] = MetadataModelResponse.model_validate_json(reply.read()).name
found['grpc metadata'] = [stub.ModelMetadata(pb.ModelMetadataRequest(name=name)).name for name in ('iris', 'tree')]
print(json.dumps(found))
