"""Asks a server by every protocol, through Triton's client, and compares with known answers.

Usage: compare.py HTTP_PORT GRPC_PORT FOLDER...
Reads FOLDER/cases/*.json as onnx_models.py writes them; prints one JSON object for each model and protocol:
the worst relative difference (0 is equal in every bit, null a difference in kind) or the failure.
"""
import base64
import copy
import http.client
import json
import pathlib
import sys

import grpc
import numpy as np
import tritonclient.grpc as tg
import tritonclient.http as th
from tritonclient.grpc import service_pb2, service_pb2_grpc

NUMPY = {'BOOL': np.bool_, 'UINT8': np.uint8, 'UINT16': np.uint16, 'UINT32': np.uint32, 'UINT64': np.uint64, 'INT8': np.int8, 'INT16': np.int16, 'INT32': np.int32,
         'INT64': np.int64, 'FP32': np.float32, 'FP64': np.float64, 'BYTES': np.object_}
CONTENTS = {'BOOL': 'bool_contents', 'UINT8': 'uint_contents', 'UINT16': 'uint_contents', 'UINT32': 'uint_contents', 'UINT64': 'uint64_contents', 'INT8': 'int_contents',
            'INT16': 'int_contents', 'INT32': 'int_contents', 'INT64': 'int64_contents', 'FP32': 'fp32_contents', 'FP64': 'fp64_contents', 'BYTES': 'bytes_contents'}


class Tensor:
    def __init__(self, described):
        self.name, self.datatype, self.shape = described['name'], described['datatype'], described['shape']
        if 'strings' in described:
            self.array = np.array([text.encode() for text in described['strings']], dtype=object).reshape(self.shape)
        else:
            self.array = np.frombuffer(base64.b64decode(described['base64']), dtype=NUMPY[self.datatype]).reshape(self.shape)

    def only(self, rows):
        if rows is None or rows.all():
            return self
        part = copy.copy(self)
        part.array = self.array[rows]
        part.shape = list(part.array.shape)
        return part

    def json(self, array=None):
        """Nested lists as JSON has them."""
        def plain(value):
            if isinstance(value, list):
                return [plain(entry) for entry in value]
            if isinstance(value, bytes):
                return value.decode()
            return None if isinstance(value, float) and np.isnan(value) else value
        return plain((self.array if array is None else array).tolist())


def finite_rows(inputs):
    rows = np.ones(inputs[0].shape[0], dtype=bool)
    for tensor in inputs:
        if tensor.datatype in ('FP32', 'FP64'):
            rows &= ~np.isinf(tensor.array).reshape(len(rows), -1).any(axis=1)
    return rows


def difference(wanted, found):
    """The worst relative difference, None where the arrays are not of one kind."""
    found = np.asarray(found)
    if list(found.shape) != list(wanted.shape):
        return f'shape {list(found.shape)} instead of {list(wanted.shape)}'
    if wanted.datatype == 'BYTES':
        texts = [text if isinstance(text, bytes) else str(text).encode() for text in found.ravel().tolist()]
        return 0 if texts == wanted.array.ravel().tolist() else 'texts differ'
    if wanted.datatype not in ('FP32', 'FP64'):
        return 0 if np.array_equal(found.astype(object), wanted.array.astype(object)) else 'integers differ'
    found = np.array([np.nan if value is None else value for value in found.ravel().tolist()], dtype=wanted.array.dtype)
    expected = wanted.array.ravel()
    if not np.array_equal(np.isnan(found), np.isnan(expected)):
        return 'NaN differs'
    gap = np.abs(found.astype(np.float64) - expected.astype(np.float64)) / np.maximum(np.abs(expected.astype(np.float64)), 1e-6)
    return float(np.nanmax(gap, initial=0))


class Server:
    def __init__(self, http_port, grpc_port):
        self.connection = http.client.HTTPConnection('127.0.0.1', http_port)
        self.http = th.InferenceServerClient(f'127.0.0.1:{http_port}')
        self.grpc = tg.InferenceServerClient(f'127.0.0.1:{grpc_port}')
        self.stub = service_pb2_grpc.GRPCInferenceServiceStub(grpc.insecure_channel(f'127.0.0.1:{grpc_port}'))

    def post(self, path, body):
        self.connection.request('POST', path, json.dumps(body), {'Content-Type': 'application/json'})
        reply = self.connection.getresponse()
        content = reply.read()
        if reply.status != 200:
            raise RuntimeError(f'{reply.status} {content[:300].decode()}')
        return json.loads(content)

    def v1(self, model, inputs, case):
        arrays = [tensor.json() for tensor in inputs]
        instances = arrays[0] if len(inputs) == 1 else [dict(zip([tensor.name for tensor in inputs], row)) for row in zip(*arrays)]
        predictions = self.post(f'/v1/models/{model}:predict', {'instances': instances})['predictions']
        if isinstance(predictions[0], dict):
            return {name: [row[name] for row in predictions] for name in predictions[0]}
        # bare values are those of the one output, a classifier's label, or what the case says
        return {case.get('v1') or case['outputs'][0]['name']: predictions}

    def v2_json(self, model, inputs, case):
        body = {'inputs': [{'name': tensor.name, 'datatype': tensor.datatype, 'shape': tensor.shape, 'data': tensor.json(tensor.array.ravel())} for tensor in inputs]}
        return {output['name']: np.array(output['data'], dtype=object).reshape(output['shape']) for output in self.post(f'/v2/models/{model}/infer', body)['outputs']}

    def v2_binary(self, model, inputs, case):
        asked = []
        for tensor in inputs:
            one = th.InferInput(tensor.name, tensor.shape, tensor.datatype)
            one.set_data_from_numpy(tensor.array, binary_data=True)
            asked.append(one)
        wanted = [th.InferRequestedOutput(output['name'], binary_data=True) for output in case['outputs']]
        reply = self.http.infer(model, asked, outputs=wanted)
        return {output['name']: reply.as_numpy(output['name']) for output in case['outputs']}

    def grpc_raw(self, model, inputs, case):
        asked = []
        for tensor in inputs:
            one = tg.InferInput(tensor.name, tensor.shape, tensor.datatype)
            one.set_data_from_numpy(tensor.array)
            asked.append(one)
        reply = self.grpc.infer(model, asked)
        return {output['name']: reply.as_numpy(output['name']) for output in case['outputs']}

    def grpc_typed(self, model, inputs, case):
        request = service_pb2.ModelInferRequest(model_name=model)
        for tensor in inputs:
            one = request.inputs.add(name=tensor.name, datatype=tensor.datatype, shape=tensor.shape)
            getattr(one.contents, CONTENTS[tensor.datatype]).extend(tensor.array.ravel().tolist())
        reply = self.stub.ModelInfer(request)
        assert len(reply.raw_output_contents) == 0, 'typed contents were answered raw'
        return {output.name: np.array(list(getattr(output.contents, CONTENTS[output.datatype])), dtype=NUMPY[output.datatype]).reshape(list(output.shape)) for output in reply.outputs}


def main():
    server = Server(int(sys.argv[1]), int(sys.argv[2]))
    results = []
    for folder in sys.argv[3:]:
        for path in sorted((pathlib.Path(folder) / 'cases').glob('*.json')):
            case = json.loads(path.read_text())
            inputs = [Tensor(described) for described in case['inputs']]
            outputs = {described['name']: Tensor(described) for described in case['outputs']}
            for protocol in ('v1', 'v2_json', 'v2_binary', 'grpc_typed', 'grpc_raw'):
                result = {'model': case['name'], 'protocol': protocol}
                try:
                    # rows with infinities, which JSON cannot say, are left out there
                    rows = finite_rows(inputs) if protocol in ('v1', 'v2_json') else None
                    found = getattr(server, protocol)(case['name'], [tensor.only(rows) for tensor in inputs], case)
                    gaps = [difference(outputs[name].only(rows), value) for name, value in found.items()]
                    assert len(found) == len(outputs) or protocol == 'v1', f'{len(found)} outputs instead of {len(outputs)}'
                    kinds = [gap for gap in gaps if isinstance(gap, str)]
                    result.update({'failure': kinds[0]} if kinds else {'gap': max(gaps)})
                except Exception as error:  # each failure is a result of its own
                    result['failure'] = f'{type(error).__name__}: {error}'[:500]
                results.append(result)
    print(json.dumps(results))


if __name__ == '__main__':
    main()
