import { ProtoFile } from './schema';
import { lenField, varintField, writeFields } from '../protobuf/fields';
import { FieldDef } from '../protobuf/message';

/** Numbers of FieldDescriptorProto.Type. */
const TYPES: { readonly [type: string]: number } = { double: 1, float: 2, int64: 3, uint64: 4, int32: 5, bool: 8, string: 9, bytes: 12, uint32: 13 };
const MESSAGE = 11;
const ENUM = 14;

const camel = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
const last = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

function fieldProto(field: FieldDef, owner: string, oneofs: readonly string[]): Uint8Array {
  const entryType = field.map === true ? `${owner}.${entryName(field)}` : undefined;
  const typeName = entryType ?? (field.type.startsWith('.') ? field.type : undefined);
  return writeFields([
    lenField(1, field.name),
    varintField(3, field.no),
    varintField(4, field.repeated === true || field.map === true ? 3 : 1),
    varintField(5, entryType !== undefined ? MESSAGE : field.enum === true ? ENUM : TYPES[field.type] ?? MESSAGE),
    ...(typeName === undefined ? [] : [lenField(6, typeName)]),
    ...(field.oneof === undefined ? [] : [varintField(9, oneofs.indexOf(field.oneof))]),
    lenField(10, camel(field.name)),
  ]);
}

const entryName = (field: FieldDef): string => `${camel(`_${field.name}`)}Entry`;

/** The message that stands for one entry of a map. */
function entryProto(field: FieldDef, owner: string): Uint8Array {
  const name = entryName(field);
  const key: FieldDef = { no: 1, name: 'key', type: 'string' };
  const value: FieldDef = { no: 2, name: 'value', type: field.type };
  return writeFields([lenField(1, name), lenField(2, fieldProto(key, owner, [])), lenField(2, fieldProto(value, owner, [])), lenField(7, writeFields([varintField(7, 1)]))]);
}

function enumProto(name: string, values: { readonly [value: string]: number }): Uint8Array {
  return writeFields([lenField(1, last(name)), ...Object.entries(values).map(([value, no]) => lenField(2, writeFields([lenField(1, value), varintField(2, no)])))]);
}

function messageProto(file: ProtoFile, name: `.${string}`): Uint8Array {
  const { fields } = file.messages[name]!;
  const oneofs = [...new Set(fields.flatMap((field) => field.oneof ?? []))];
  const inner = (key: string): boolean => key.startsWith(`${name}.`) && !key.slice(name.length + 1).includes('.');
  return writeFields([
    lenField(1, last(name)),
    ...fields.map((field) => lenField(2, fieldProto(field, name, oneofs))),
    ...(Object.keys(file.messages) as `.${string}`[]).filter(inner).map((key) => lenField(3, messageProto(file, key))),
    ...fields.filter((field) => field.map === true).map((field) => lenField(3, entryProto(field, name))),
    ...(Object.keys(file.enums) as `.${string}`[]).filter(inner).map((key) => lenField(4, enumProto(key, file.enums[key]!))),
    ...oneofs.map((oneof) => lenField(8, writeFields([lenField(1, oneof)]))),
  ]);
}

/** A file as FileDescriptorProto, for reflection. */
export function fileDescriptor(file: ProtoFile): Uint8Array {
  const outermost = (key: string): boolean => !key.slice(file.package.length + 2).includes('.');
  return writeFields([
    lenField(1, file.name),
    lenField(2, file.package),
    ...(Object.keys(file.messages) as `.${string}`[]).filter(outermost).map((key) => lenField(4, messageProto(file, key))),
    ...Object.entries(file.services).map(([service, methods]) => lenField(6, writeFields([
      lenField(1, last(service)),
      ...Object.entries(methods).map(([name, method]) => lenField(2, writeFields([
        lenField(1, name), lenField(2, method.request), lenField(3, method.response),
        ...(method.requestStream === true ? [varintField(5, 1)] : []),
        ...(method.responseStream === true ? [varintField(6, 1)] : []),
      ]))),
    ]))),
    lenField(12, 'proto3'),
  ]);
}

/** Names by which a file is found: its services, their methods, its messages and enums. */
export function symbolsOf(file: ProtoFile): string[] {
  return [
    ...Object.keys(file.messages).map((name) => name.slice(1)),
    ...Object.keys(file.enums).map((name) => name.slice(1)),
    ...Object.entries(file.services).flatMap(([service, methods]) => [service, ...Object.keys(methods).map((name) => `${service}.${name}`)]),
  ];
}
