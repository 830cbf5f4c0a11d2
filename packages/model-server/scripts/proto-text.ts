import { ProtoFile } from '../src/grpc/schema';
import { FieldDef } from '../src/protobuf/message';

const last = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** A type as it is written within a file of its package. */
const typeName = (type: string, file: ProtoFile): string => (type.startsWith(`.${file.package}.`) ? type.slice(file.package.length + 2) : type.replace(/^\./, ''));

function fieldText(field: FieldDef, file: ProtoFile): string {
  const type = typeName(field.type, file);
  const written = field.map === true ? `map<string, ${type}>` : field.repeated === true ? `repeated ${type}` : type;
  return `${written} ${field.name} = ${field.no};`;
}

function messageText(file: ProtoFile, name: `.${string}`, indent: string): string[] {
  const { fields } = file.messages[name]!;
  const inner = indent + '  ';
  const nested = (Object.keys(file.messages) as `.${string}`[]).filter((key) => key.startsWith(`${name}.`) && !key.slice(name.length + 1).includes('.'));
  const lines = nested.flatMap((key) => messageText(file, key, inner));
  const choices = new Set<string>();
  for (const field of fields) {
    if (field.oneof === undefined) {
      lines.push(inner + fieldText(field, file));
    } else if (!choices.has(field.oneof)) {
      choices.add(field.oneof);
      lines.push(`${inner}oneof ${field.oneof} {`, ...fields.filter(({ oneof }) => oneof === field.oneof).map((one) => `${inner}  ${fieldText(one, file)}`), `${inner}}`);
    }
  }
  return lines.length === 0 ? [`${indent}message ${last(name)} {}`] : [`${indent}message ${last(name)} {`, ...lines, `${indent}}`];
}

/** A file of definitions in the language of protocol buffers. */
export function protoText(file: ProtoFile, comment: string): string {
  const outermost = (Object.keys(file.messages) as `.${string}`[]).filter((key) => !key.slice(file.package.length + 2).includes('.'));
  const stream = (streams: true | undefined, type: string): string => `(${streams === true ? 'stream ' : ''}${typeName(type, file)})`;
  const services = Object.entries(file.services).flatMap(([service, methods]) => [
    `service ${last(service)} {`,
    ...Object.entries(methods).map(([name, { request, response, requestStream, responseStream }]) => `  rpc ${name}${stream(requestStream, request)} returns ${stream(responseStream, response)};`),
    '}',
    '',
  ]);
  return [
    ...comment.split('\n').map((line) => `// ${line}`),
    'syntax = "proto3";',
    '',
    `package ${file.package};`,
    '',
    ...services,
    ...outermost.flatMap((name) => [...messageText(file, name, ''), '']),
  ].join('\n');
}
