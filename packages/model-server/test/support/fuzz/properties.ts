import { Root } from 'protobufjs';
import { Random } from './random';
import { ELEMENT } from '../../../src/engine/onnx/onnx-model';
import { Exchange } from '../exchanges';
import { identityModel } from '../models';
import { referenceRoot, typeOf } from '../protobuf';

type Value = number | bigint | boolean | string;

interface Kind {
  readonly element: number;
  readonly size: number;
  readonly contents: string;
  make(random: Random): Value;
  /** Puts it as little-endian bytes. */
  put(view: DataView, value: Value): void;
  /** A value that JSON can say but the datatype not hold. */
  readonly beyond?: string;
}

const EDGES = [0, 1, -1, 127, 128, 255, 32767, 65535, 2147483647];
const whole = (low: number, high: number) => (random: Random): number => {
  const value = random.chance(0.3) ? random.pick(EDGES) : low + random.int(high - low + 1);
  return Math.min(high, Math.max(low, value));
};
const whole64 = (low: bigint, high: bigint) => (random: Random): bigint => {
  const value = random.chance(0.3) ? random.pick([low, high, 0n, 9007199254740993n]) : (BigInt(random.int(2 ** 32)) << 31n) + BigInt(random.int(2 ** 31));
  return value < low ? low : value > high ? high : value;
};
const real = (random: Random): number => (random.chance(0.2) ? random.pick([0, -1.5, 1e-7, 3.4e38, 16777217, 0.1]) : (random.next() - 0.5) * 10 ** (random.int(20) - 8));
const TEXTS = ['', 'a', 'ü', '"', '\\', '\u2028', '𝄞', '\n', 'long '.repeat(20), '{"a":1}', '\u0001'];

/** How each datatype is made and written, apart from the server's own tables. */
const KINDS: { readonly [datatype: string]: Kind } = {
  BOOL: { element: ELEMENT.BOOL, size: 1, contents: 'bool_contents', make: (random) => random.chance(0.5), put: (view, value) => view.setUint8(0, Number(value)), beyond: '2' },
  UINT8: { element: ELEMENT.UINT8, size: 1, contents: 'uint_contents', make: whole(0, 255), put: (view, value) => view.setUint8(0, value as number), beyond: '256' },
  UINT16: { element: ELEMENT.UINT16, size: 2, contents: 'uint_contents', make: whole(0, 65535), put: (view, value) => view.setUint16(0, value as number, true), beyond: '-1' },
  UINT32: { element: ELEMENT.UINT32, size: 4, contents: 'uint_contents', make: whole(0, 2 ** 32 - 1), put: (view, value) => view.setUint32(0, value as number, true), beyond: '4294967296' },
  UINT64: { element: ELEMENT.UINT64, size: 8, contents: 'uint64_contents', make: whole64(0n, 2n ** 64n - 1n), put: (view, value) => view.setBigUint64(0, value as bigint, true), beyond: '18446744073709551616' },
  INT8: { element: ELEMENT.INT8, size: 1, contents: 'int_contents', make: whole(-128, 127), put: (view, value) => view.setInt8(0, value as number), beyond: '128' },
  INT16: { element: ELEMENT.INT16, size: 2, contents: 'int_contents', make: whole(-32768, 32767), put: (view, value) => view.setInt16(0, value as number, true), beyond: '0.5' },
  INT32: { element: ELEMENT.INT32, size: 4, contents: 'int_contents', make: whole(-(2 ** 31), 2 ** 31 - 1), put: (view, value) => view.setInt32(0, value as number, true), beyond: '"1"' },
  INT64: { element: ELEMENT.INT64, size: 8, contents: 'int64_contents', make: whole64(-(2n ** 63n), 2n ** 63n - 1n), put: (view, value) => view.setBigInt64(0, value as bigint, true), beyond: '9223372036854775808' },
  FP32: { element: ELEMENT.FLOAT, size: 4, contents: 'fp32_contents', make: (random) => Math.fround(real(random)), put: (view, value) => view.setFloat32(0, value as number, true), beyond: 'true' },
  FP64: { element: ELEMENT.DOUBLE, size: 8, contents: 'fp64_contents', make: real, put: (view, value) => view.setFloat64(0, value as number, true), beyond: '"x"' },
  BYTES: { element: ELEMENT.STRING, size: 0, contents: 'bytes_contents', make: (random) => random.pick(TEXTS), put: () => undefined, beyond: '5' },
};
const DATATYPES = Object.keys(KINDS);

/** An identity model for each datatype, named for it, of any number of columns: no size is wrong for the model alone. */
export function propertyModels(): { readonly [path: string]: Uint8Array } {
  return Object.fromEntries(DATATYPES.map((datatype) => [`p-${datatype}/model.onnx`, identityModel(KINDS[datatype]!.element, ['N', 'M'])]));
}

function binaryOf(datatype: string, values: readonly Value[]): Buffer {
  return Buffer.concat(values.map((value) => {
    if (datatype === 'BYTES') {
      const text = Buffer.from(value as string);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(text.length);
      return Buffer.concat([length, text]);
    }
    const { size, put } = KINDS[datatype]!;
    const bytes = Buffer.alloc(size);
    put(new DataView(bytes.buffer, bytes.byteOffset, size), value);
    return bytes;
  }));
}

const textOf = (value: Value): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));

/** Whether JSON says these values, in order, whatever the nesting. */
function says(datatype: string, text: string, values: readonly Value[]): boolean {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[^[\],\s]+/g) ?? [];
  return tokens.length === values.length && tokens.every((token, i) => {
    const value = values[i]!;
    switch (typeof value) {
      case 'bigint': return token === String(value);
      case 'number': return datatype === 'FP32' ? Math.fround(Number(token)) === value : Number(token) === value;
      default: return JSON.parse(token) === value;
    }
  });
}

const ENTRY = /"data":(\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])/s;
const PREDICTIONS = /^\{"predictions":(\[.*\])\}$/s;
const INFER = '/inference.GRPCInferenceService/ModelInfer';

/** A defect put into a request: each alone must make it 400. */
const DEFECTS = ['count', 'datatype', 'name', 'twice', 'missing', 'negative', 'size', 'rank', 'output', 'outputs twice', 'beyond', 'length'] as const;
/** Sizes that no tensor has, also where another is 0. */
const TOO_LARGE = [2 ** 31, 2 ** 32, 2 ** 53];
type Defect = typeof DEFECTS[number];

export interface Property extends Exchange {
  /** What is wrong with it, if anything. */
  readonly defect?: Defect;
}

/** Requests made from what the protocol allows, with an answer known beforehand or one defect. */
export class Properties {
  private readonly root: Root = referenceRoot();
  private readonly request = typeOf(this.root, 'inference.ModelInferRequest');
  private readonly response = typeOf(this.root, 'inference.ModelInferResponse');

  public make(random: Random): Property {
    const datatype = random.pick(DATATYPES);
    const { make, beyond } = KINDS[datatype]!;
    const form = random.pick(['v1', 'v2', 'binary', 'typed', 'raw'] as const);
    const json = form === 'v1' || form === 'v2';
    const rows = 1 + random.int(4);
    const values = Array.from({ length: rows * 2 }, () => make(random));
    const fits = (defect: Defect): boolean => {
      switch (defect) {
        case 'beyond': return json && beyond !== undefined;
        case 'length': return form === 'binary' || form === 'raw';
        // one row that lacks a value is whole
        case 'count': return form !== 'v1' || rows > 1;
        default: return form !== 'v1';
      }
    };
    const defect = random.chance(0.5) ? random.pick(DEFECTS.filter(fits)) : undefined;
    const model = `p-${datatype}`;
    const given = defect === 'count' ? values.slice(1) : defect === 'size' ? [] : values;
    const shape = defect === 'negative' ? [-rows, -2] : defect === 'size' ? [0, random.pick(TOO_LARGE)] : defect === 'rank' ? [rows, 2, 1] : [rows, 2];
    const tensor = {
      name: defect === 'name' ? 'z' : 'x',
      datatype: defect === 'datatype' ? DATATYPES[(DATATYPES.indexOf(datatype) + 1) % DATATYPES.length]! : datatype,
      shape,
    };
    const outputs = defect === 'output' ? [{ name: 'z' }] : defect === 'outputs twice' ? [{ name: 'y' }, { name: 'y' }] : undefined;
    const times = <T>(one: T): T[] => (defect === 'twice' ? [one, one] : defect === 'missing' ? [] : [one]);
    let bytes = binaryOf(datatype, given);
    if (defect === 'length') {
      bytes = random.chance(0.5) ? bytes.subarray(1) : Buffer.concat([bytes, Buffer.of(0)]);
    }
    const texts = given.map(textOf);
    if (defect === 'beyond') {
      texts[random.int(texts.length)] = beyond!;
    }
    const base = { kind: `${form} ${datatype}${defect === undefined ? '' : ` with defect: ${defect}`}`, defect };

    if (form === 'v1') {
      const pairs = Array.from({ length: rows }, (_, i) => `[${texts.slice(i * 2, i * 2 + 2).join()}]`);
      return { ...base, transport: 'http', path: `/v1/models/${model}:predict`, body: Buffer.from(`{"instances":[${pairs.join()}]}`), right: (reply) => says(datatype, PREDICTIONS.exec(reply.toString())?.[1] ?? '', values) };
    }
    const path = `/v2/models/${model}/infer`;
    if (form === 'v2') {
      const input = `{"name":"${tensor.name}","datatype":"${tensor.datatype}","shape":${JSON.stringify(shape)},"data":[${texts.join()}]}`;
      const body = Buffer.from(`{"inputs":[${times(input).join()}]${outputs === undefined ? '' : `,"outputs":${JSON.stringify(outputs)}`}}`);
      return { ...base, transport: 'http', path, body, right: (reply) => says(datatype, ENTRY.exec(reply.toString())?.[1] ?? '', values) };
    }
    if (form === 'binary') {
      const head = Buffer.from(JSON.stringify({ inputs: times({ ...tensor, parameters: { binary_data_size: bytes.length } }), outputs, parameters: { binary_data_output: true } }));
      return {
        ...base,
        transport: 'http',
        path,
        headers: { 'inference-header-content-length': String(head.length) },
        body: Buffer.concat([head, ...times(bytes)]),
        right: (reply) => reply.subarray(-bytes.length).equals(bytes),
      };
    }
    const { contents } = KINDS[datatype]!;
    const message = form === 'raw'
      ? { model_name: model, inputs: times(tensor), outputs, raw_input_contents: times(bytes) }
      : { model_name: model, inputs: times({ ...tensor, contents: { [contents]: given.map((value) => (datatype === 'BYTES' ? Buffer.from(value as string) : typeof value === 'bigint' ? String(value) : value)) } }), outputs };
    return {
      ...base,
      transport: 'grpc',
      path: INFER,
      body: Buffer.from(this.request.encode(this.request.fromObject(message)).finish()),
      right: (reply) => {
        const decoded = this.response.toObject(this.response.decode(reply), { longs: String, arrays: true }) as { outputs: { contents?: { [field: string]: unknown[] } }[]; raw_output_contents: Buffer[] };
        if (form === 'raw') {
          return decoded.raw_output_contents.length === 1 && Buffer.from(decoded.raw_output_contents[0]!).equals(bytes);
        }
        const found = decoded.outputs[0]?.contents?.[contents] ?? [];
        return found.length === values.length && found.every((entry, i) => (datatype === 'BYTES' ? Buffer.from(entry as Buffer).toString() === values[i] : String(entry) === String(values[i])));
      },
    };
  }
}
