"""Does with Triton's clients what its users do, and prints what came back.

Usage: triton_client.py HTTP_PORT GRPC_PORT
"""
import json
import queue
import sys

import numpy as np
import tritonclient.grpc as tg
import tritonclient.http as th
from tritonclient.utils import InferenceServerException

HTTP, GRPC = sys.argv[1:3]
ROWS = np.array([[5.1, 3.5, 1.4, 0.2], [6.3, 3.3, 6.0, 2.5]], dtype=np.float32)
found = {}


def texts(array):
    return [text.decode() if isinstance(text, bytes) else text for text in array.ravel().tolist()]


def refused(work):
    try:
        work()
    except InferenceServerException as error:
        return {'status': error.status(), 'message': error.message()}
    return None


for name, library, port in (('http', th, HTTP), ('grpc', tg, GRPC)):
    client = library.InferenceServerClient(f'127.0.0.1:{port}')

    def asked(model, tensor, array, datatype, **options):
        one = library.InferInput(tensor, list(array.shape), datatype)
        if library is th:
            one.set_data_from_numpy(array, binary_data=options.pop('binary', True))
        else:
            options.pop('binary', None)
            one.set_data_from_numpy(array)
        return client.infer(model, [one], **options)

    found[f'{name} health'] = [client.is_server_live(), client.is_server_ready(), client.is_model_ready('iris')]
    found[f'{name} unknown'] = refused(lambda: client.get_model_metadata('nothing'))
    found[f'{name} metadata'] = client.get_model_metadata('iris')['inputs'] if library is th else client.get_model_metadata('iris', as_json=True)['inputs']
    found[f'{name} server'] = client.get_server_metadata()['name'] if library is th else client.get_server_metadata().name
    for binary in (True, False) if library is th else (True,):
        reply = asked('iris', 'X', ROWS, 'FP32', binary=binary, request_id='7')
        kind = f'{name} {"binary" if binary else "json"}'
        found[kind] = [texts(reply.as_numpy('output_label')), reply.as_numpy('output_probability').shape, reply.get_response()['id'] if library is th else reply.get_response().id]
    chosen = asked('iris', 'X', ROWS, 'FP32', outputs=[library.InferRequestedOutput('output_probability')])
    found[f'{name} chosen'] = [output['name'] for output in chosen.get_response()['outputs']] if library is th else [output.name for output in chosen.get_response().outputs]
    found[f'{name} bytes'] = texts(asked('bytes', 'x', np.array([['a', 'ü']], dtype=object), 'BYTES').as_numpy('y'))
    found[f'{name} refused'] = refused(lambda: asked('iris', 'z', ROWS, 'FP32'))
    found[f'{name} wrong type'] = refused(lambda: asked('iris', 'X', ROWS.astype(np.float16), 'FP16'))
    client.unload_model('other')
    found[f'{name} unloaded'] = refused(lambda: asked('other', 'x', ROWS[:, :2], 'FP32'))
    client.load_model('other')
    found[f'{name} loaded'] = client.is_model_ready('other')
    index = client.get_model_repository_index() if library is th else client.get_model_repository_index(as_json=True)['models']
    found[f'{name} index'] = sorted(f'{entry["name"]} {entry["state"]}' for entry in index)
    if library is th:
        found['http compressed'] = texts(asked('iris', 'X', ROWS, 'FP32', request_compression_algorithm='gzip', response_compression_algorithm='gzip').as_numpy('output_label'))
        futures = []
        for row in ROWS:
            one = th.InferInput('X', [1, 4], 'FP32')
            one.set_data_from_numpy(row.reshape(1, 4))
            futures.append(client.async_infer('iris', [one]))
        found['http async'] = [texts(future.get_result().as_numpy('output_label'))[0] for future in futures]
    else:
        answers = queue.Queue()
        client.start_stream(lambda result, error: answers.put(str(error) if error else texts(result.as_numpy('output_label'))[0]))
        for row in ROWS:
            one = tg.InferInput('X', [1, 4], 'FP32')
            one.set_data_from_numpy(row.reshape(1, 4))
            client.async_stream_infer('iris', [one])
        found['grpc stream'] = [answers.get(timeout=20) for _ in ROWS]
        client.stop_stream()
    client.close()
print(json.dumps(found))
