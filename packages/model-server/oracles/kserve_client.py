"""Does with KServe's own client what its users do, and prints what came back.

Usage: kserve_client.py HTTP_PORT GRPC_PORT
"""
import asyncio
import json
import logging
import sys

import grpc
import numpy as np
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from google.protobuf import descriptor_pool, message_factory
from kserve import InferenceGRPCClient, InferenceRESTClient, InferInput, InferRequest
from kserve.inference_client import RESTConfig
from kserve.protocol.grpc import grpc_predict_v2_pb2 as pb, grpc_predict_v2_pb2_grpc as stubs
from kserve.protocol.infer_type import RequestedOutput

logging.disable(logging.CRITICAL)
HTTP, GRPC = sys.argv[1:3]
BASE = f'http://127.0.0.1:{HTTP}'
ROWS = np.array([[5.1, 3.5, 1.4, 0.2], [6.3, 3.3, 6.0, 2.5]], dtype=np.float32)


def request(model, binary, name='X', array=ROWS, datatype='FP32', outputs=None):
    tensor = InferInput(name, list(array.shape), datatype)
    tensor.set_data_from_numpy(array, binary_data=binary)
    return InferRequest(model, [tensor], request_id='7', request_outputs=outputs)


def plain(response):
    return {'model': response.model_name, 'id': response.id, 'outputs': {output.name: [text.decode() if isinstance(text, bytes) else text for text in output.as_numpy().ravel().tolist()] for output in response.outputs}}


async def rest(protocol, work):
    client = InferenceRESTClient(RESTConfig(protocol=protocol, retries=0))
    try:
        return await work(client)
    finally:
        await client.close()


async def refused(work):
    try:
        await work
    except Exception as error:
        return {'type': type(error).__name__, 'message': str(error)}
    return None


async def main():
    found = {}

    async def v1(client):
        found['v1'] = await client.infer(BASE, {'instances': ROWS.tolist()}, model_name='iris')
        found['v1 ready'] = await client.is_model_ready(BASE, 'iris')
        found['v1 missing'] = await refused(client.infer(BASE, {'instances': [[1]]}, model_name='nothing'))

    async def v2(client):
        found['v2 health'] = [await client.is_server_live(BASE), await client.is_server_ready(BASE), await client.is_model_ready(BASE, 'iris')]
        found['v2 json'] = plain(await client.infer(BASE, request('iris', False), model_name='iris'))
        found['v2 binary'] = plain(await client.infer(BASE, request('iris', True, outputs=[RequestedOutput('output_label', {'binary_data': True}), RequestedOutput('output_probability', {'binary_data': True})]), model_name='iris'))
        found['v2 bytes'] = plain(await client.infer(BASE, request('bytes', False, 'x', np.array([['a', 'ü']], dtype=object), 'BYTES'), model_name='bytes'))
        found['v2 refused'] = await refused(client.infer(BASE, request('iris', False, 'z'), model_name='iris'))

    await rest('v1', v1)
    await rest('v2', v2)

    client = InferenceGRPCClient(f'127.0.0.1:{GRPC}')
    found['grpc health'] = [await client.is_server_live(), await client.is_server_ready(), await client.is_model_ready('iris')]
    found['grpc raw'] = plain(await client.infer(request('iris', True)))
    found['grpc typed'] = plain(await client.infer(request('iris', False)))
    found['grpc refused'] = await refused(client.infer(request('iris', False, 'z')))
    await client.close()

    with grpc.insecure_channel(f'127.0.0.1:{GRPC}') as channel:
        stub = stubs.GRPCInferenceServiceStub(channel)
        loaded = stub.RepositoryModelLoad(pb.RepositoryModelLoadRequest(model_name='iris'))
        found['grpc load'] = [loaded.model_name, loaded.isLoaded]
        metadata = stub.ModelMetadata(pb.ModelMetadataRequest(name='iris'))
        found['grpc metadata'] = [[tensor.name, tensor.datatype, list(tensor.shape)] for tensor in [*metadata.inputs, *metadata.outputs]]

        # nothing but what reflection tells: find the health service, make its messages, call it
        database = ProtoReflectionDescriptorDatabase(channel)
        found['reflection'] = sorted(database.get_services())
        pool = descriptor_pool.DescriptorPool(database)
        service = pool.FindServiceByName('grpc.health.v1.Health')
        method = service.FindMethodByName('Check')
        asked, answered = (message_factory.GetMessageClass(kind) for kind in (method.input_type, method.output_type))
        check = channel.unary_unary('/grpc.health.v1.Health/Check', request_serializer=asked.SerializeToString, response_deserializer=answered.FromString)
        status = answered.DESCRIPTOR.fields_by_name['status'].enum_type.values_by_number
        found['health'] = {name: status[check(asked(service=name)).status].name for name in ('', 'iris')}
        inference = pool.FindServiceByName('inference.GRPCInferenceService')
        found['reflected methods'] = sorted(inference.methods_by_name)
    print(json.dumps(found))


asyncio.run(main())
