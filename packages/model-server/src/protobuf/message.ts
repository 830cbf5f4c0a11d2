import { Reader, Wire, Writer } from './wire';

export type Scalar = 'string' | 'bytes' | 'bool' | 'int32' | 'int64' | 'uint32' | 'uint64' | 'float' | 'double';

/** One field of a message. `type` is a scalar, a message or an enum by its full name. */
export interface FieldDef {
  readonly no: number;
  readonly name: string;
  readonly type: Scalar | `.${string}`;
  readonly repeated?: true;
  /** A map from strings to `type`. */
  readonly map?: true;
  readonly oneof?: string;
  readonly enum?: true;
}

export interface MessageDef {
  readonly fields: readonly FieldDef[];
}

/** Messages by full name, with their leading dot. */
export type Messages = { readonly [name: `.${string}`]: MessageDef };

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Decoded = { [field: string]: any };

const WIRES: Readonly<Record<Scalar, number>> = {
  string: Wire.LEN, bytes: Wire.LEN, bool: Wire.VARINT, int32: Wire.VARINT, int64: Wire.VARINT, uint32: Wire.VARINT, uint64: Wire.VARINT, float: Wire.I32, double: Wire.I64,
};

const wireOf = (field: FieldDef): number => (field.type.startsWith('.') ? (field.enum === true ? Wire.VARINT : Wire.LEN) : WIRES[field.type as Scalar]);

/** 64-bit integers are numbers where a number is exact. */
const narrow = (value: bigint): number | bigint => (value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value);

function readOne(messages: Messages, field: FieldDef, reader: Reader): unknown {
  switch (field.type) {
    case 'string': return reader.string();
    case 'bytes': return reader.chunk();
    case 'bool': return reader.bool();
    case 'int32': return reader.int32();
    case 'int64': return narrow(reader.int64());
    case 'uint32': return reader.uint();
    case 'uint64': return narrow(reader.uint64());
    case 'float': return reader.float();
    case 'double': return reader.double();
    default: return field.enum === true ? reader.uint() : decodeMessage(messages, field.type as `.${string}`, reader.chunk());
  }
}

/** Decodes a message by its definition; fields that are absent stay absent. */
export function decodeMessage(messages: Messages, name: `.${string}`, bytes: Uint8Array): Decoded {
  const result: Decoded = {};
  const reader = new Reader(bytes);
  const { fields } = messages[name]!;
  while (reader.next()) {
    const field = fields.find((entry) => entry.no === reader.field);
    if (field === undefined) {
      reader.skip();
      continue;
    }
    if (field.map === true) {
      reader.expect(Wire.LEN);
      const entry = new Reader(reader.chunk());
      let key = '';
      let value: unknown;
      while (entry.next()) {
        if (entry.field === 1) {
          key = entry.string();
        } else if (entry.field === 2) {
          value = readOne(messages, { ...field, map: undefined }, entry);
        } else {
          entry.skip();
        }
      }
      const map = (result[field.name] ??= {}) as Decoded;
      Object.defineProperty(map, key, { value: value ?? (field.type.startsWith('.') ? {} : ''), enumerable: true, configurable: true, writable: true });
      continue;
    }
    const wire = wireOf(field);
    if (field.repeated === true && reader.wire === Wire.LEN && wire !== Wire.LEN) {
      const packed = new Reader(reader.chunk());
      const list = (result[field.name] ??= []) as unknown[];
      while (packed.at < packed.end) {
        list.push(readOne(messages, field, packed));
      }
      continue;
    }
    reader.expect(wire);
    const value = readOne(messages, field, reader);
    if (field.repeated === true) {
      ((result[field.name] ??= []) as unknown[]).push(value);
    } else {
      if (field.oneof !== undefined) {
        for (const other of fields) {
          if (other.oneof === field.oneof) {
            delete result[other.name];
          }
        }
      }
      result[field.name] = value;
    }
  }
  return result;
}

function writeOne(messages: Messages, field: FieldDef, value: unknown, writer: Writer): void {
  const wire = wireOf(field);
  if (wire === Wire.LEN) {
    const bytes = field.type === 'string' ? Buffer.from(value as string) : field.type === 'bytes' ? value as Uint8Array : encodeMessage(messages, field.type as `.${string}`, value as Decoded);
    writer.bytes(field.no, bytes);
    return;
  }
  writer.tag(field.no, wire);
  switch (field.type) {
    case 'float': writer.float(value as number); break;
    case 'double': writer.double(value as number); break;
    case 'bool': writer.uint(value === true ? 1 : 0); break;
    default: writer.uint64(BigInt(value as number));
  }
}

/** Encodes a message by its definition; defaults of plain fields are left out, as proto3 has it. */
export function encodeMessage(messages: Messages, name: `.${string}`, value: Decoded): Buffer {
  const writer = new Writer();
  for (const field of messages[name]!.fields) {
    const entry: unknown = value[field.name];
    if (entry === undefined) {
      continue;
    }
    if (field.map === true) {
      for (const [key, item] of Object.entries(entry as Decoded)) {
        const inner = new Writer();
        inner.string(1, key);
        writeOne(messages, { ...field, no: 2, map: undefined }, item, inner);
        writer.bytes(field.no, inner.finish());
      }
    } else if (field.repeated === true) {
      const list = entry as unknown[];
      if (list.length > 0 && wireOf(field) !== Wire.LEN) {
        const inner = new Writer();
        for (const item of list) {
          if (field.type === 'float') {
            inner.float(item as number);
          } else if (field.type === 'double') {
            inner.double(item as number);
          } else {
            inner.uint64(BigInt(item as number));
          }
        }
        writer.bytes(field.no, inner.finish());
      } else {
        for (const item of list) {
          writeOne(messages, field, item, writer);
        }
      }
    } else if (field.oneof !== undefined || !isDefault(entry)) {
      writeOne(messages, field, entry, writer);
    }
  }
  return writer.finish();
}

function isDefault(value: unknown): boolean {
  return value === '' || value === 0 || value === false || value === 0n || (ArrayBuffer.isView(value) && value.byteLength === 0);
}
