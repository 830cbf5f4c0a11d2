"""Prints the messages of a client library's gRPC definitions: by full name, each field's number and type."""
import importlib
import json
import sys

from google.protobuf import descriptor

TYPES = {value: name[5:].lower() for name, value in vars(descriptor.FieldDescriptor).items() if name.startswith('TYPE_')}


def messages(found):
    for message in found:
        if not message.GetOptions().map_entry:
            yield message
            yield from messages(message.nested_types)


def kind(field):
    if field.message_type is not None:
        entry = field.message_type
        return f'map<string, {kind(entry.fields_by_name["value"])}>' if entry.GetOptions().map_entry else entry.full_name
    return TYPES[field.type]


result = {'messages': {}, 'methods': {}}
for name in sys.argv[1:]:
    file = importlib.import_module(name).DESCRIPTOR
    for message in messages(file.message_types_by_name.values()):
        result['messages'][message.full_name] = {field.name: [field.number, kind(field)] for field in message.fields}
    for service in file.services_by_name.values():
        result['methods'].update({f'{service.full_name}/{method.name}': [method.input_type.full_name, method.output_type.full_name] for method in service.methods})
print(json.dumps(result))
