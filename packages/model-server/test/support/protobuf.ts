import { Root, Type } from 'protobufjs';
import { FILES } from '../../src/grpc/schema';

/** The schema in protobufjs, as the reference that our codec is compared with. */
export function referenceRoot(): Root {
  const text = ['syntax = "proto3";'];
  for (const file of FILES) {
    text.length = 1;
    text.push(`package ${file.package};`);
    const names = Object.keys(file.messages);
    const write = (name: string, indent: string): void => {
      text.push(`${indent}message ${name.slice(name.lastIndexOf('.') + 1)} {`);
      const { fields } = file.messages[name as '.x']!;
      const line = (field: (typeof fields)[number]): string => {
        const { type } = field;
        return field.map === true ? `map<string, ${type}> ${field.name} = ${field.no};` : `${field.repeated === true ? 'repeated ' : ''}${type} ${field.name} = ${field.no};`;
      };
      for (const field of fields.filter((entry) => entry.oneof === undefined)) {
        text.push(`${indent}  ${line(field)}`);
      }
      for (const oneof of new Set(fields.flatMap((entry) => entry.oneof ?? []))) {
        text.push(`${indent}  oneof ${oneof} {`, ...fields.filter((entry) => entry.oneof === oneof).map((entry) => `${indent}    ${line(entry)}`), `${indent}  }`);
      }
      for (const [enumName, values] of Object.entries(file.enums)) {
        if (enumName.startsWith(`${name}.`)) {
          text.push(`${indent}  enum ${enumName.slice(enumName.lastIndexOf('.') + 1)} {`, ...Object.entries(values).map(([value, no]) => `${indent}    ${value} = ${no};`), `${indent}  }`);
        }
      }
      for (const inner of names.filter((entry) => entry.startsWith(`${name}.`))) {
        write(inner, `${indent}  `);
      }
      text.push(`${indent}}`);
    };
    for (const name of names.filter((entry) => !entry.slice(file.package.length + 2).includes('.'))) {
      write(name, '');
    }
    ROOT_TEXTS.push(text.join('\n'));
  }
  const root = new Root();
  for (const source of ROOT_TEXTS) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    (require('protobufjs') as typeof import('protobufjs')).parse(source, root, { keepCase: true });
  }
  ROOT_TEXTS.length = 0;
  return root.resolveAll() as Root;
}

const ROOT_TEXTS: string[] = [];

export const typeOf = (root: Root, name: string): Type => root.lookupType(name);
