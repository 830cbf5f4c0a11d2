import { attributesOf } from './attributes';
import { chunksOf, Field, lenField, numberOf, readFields, textOf, varintField, writeFields } from '../../protobuf/fields';
import { Reader, Wire } from '../../protobuf/wire';

/*
 * Field numbers of onnx.proto:
 *   ModelProto 1 ir_version, 7 graph, 8 opset_import
 *   GraphProto 1 node, 5 initializer, 11 input, 12 output
 *   NodeProto 1 input, 2 output, 4 op_type, 5 attribute, 7 domain
 *   AttributeProto 1 name, 6 g, 8 ints, 9 strings, 11 graphs
 *   ValueInfoProto 1 name, 2 type; TypeProto 1 tensor_type { 1 elem_type, 2 shape { 1 dim { 1 value, 2 param } } }
 *   TensorProto 14 data_location
 */
const FLOAT = 1;
const HALVES: ReadonlyMap<number, string> = new Map([[10, 'FP16'], [16, 'BF16']]);
/** The op_type of a node that is a loop, as it stands in the file. */
const LOOP = Buffer.from(writeFields([lenField(4, 'Loop')]));
const CLASSIFIERS = ['LinearClassifier', 'TreeEnsembleClassifier', 'SVMClassifier'];

/** What a look at the graph tells beside what the engine reports. */
export interface GraphFacts {
  /** The model as it should be loaded. */
  readonly bytes: Uint8Array;
  readonly changed: boolean;
  /** Class names, and the output with one column for each. */
  readonly labels?: readonly string[];
  readonly scores?: string;
  /** Whether weights stand in other files. */
  readonly external: boolean;
  /** Whether some node, however deep, is a loop. */
  readonly loops: boolean;
}

/** Whether bytes look like an ONNX model: a version, then a graph. */
export function isOnnx(bytes: Uint8Array): boolean {
  try {
    const fields = readFields(bytes);
    const graph = fields.filter((field) => field.no === 7);
    return graph.length === 1 && graph[0]!.wire === Wire.LEN && (numberOf(fields, 1) ?? 0) > 0
      && fields.some((field) => field.no === 8) && readFields(graph[0]!.value as Uint8Array).length > 0;
  } catch {
    return false;
  }
}

/** Whether the beginning of a file looks like an ONNX model: a version, then sooner or later a graph. */
export function isOnnxHead(head: Uint8Array): boolean {
  const reader = new Reader(head);
  let version = false;
  try {
    while (reader.next()) {
      if (reader.field === 1 && reader.wire === Wire.VARINT) {
        const value = reader.uint();
        version = value > 0 && value < 100;
      } else if (reader.field === 7 && reader.wire === Wire.LEN) {
        reader.uint();
        // the graph begins with a node, a name or a value
        return version && [0x0a, 0x12, 0x2a, 0x52, 0x5a, 0x62, 0x6a].includes(head[reader.at]!);
      } else if (reader.field > 25) {
        return false;
      } else {
        reader.skip();
      }
    }
  } catch {
    return false;
  }
  return false;
}

/** A node of a graph. */
export interface Node {
  readonly fields: Field[];
  readonly op: string;
  readonly domain: string;
}

export function readNode(bytes: Uint8Array): Node {
  const fields = readFields(bytes);
  return { fields, op: textOf(fields, 4) ?? '', domain: textOf(fields, 7) ?? '' };
}

export const inputsOf = (fields: readonly Field[]): string[] => chunksOf(fields, 1).map((chunk) => Buffer.from(chunk).toString());
export const outputsOf = (fields: readonly Field[]): string[] => chunksOf(fields, 2).map((chunk) => Buffer.from(chunk).toString());

function makeNode(op: string, input: string, output: string, attributes: Field[] = []): Uint8Array {
  return writeFields([lenField(1, input), lenField(2, output), lenField(4, op), ...attributes]);
}

function castNode(input: string, output: string, to: number): Uint8Array {
  // AttributeProto: 1 name, 3 i, 20 type (2 is INT)
  return makeNode('Cast', input, output, [lenField(5, writeFields([lenField(1, 'to'), varintField(3, to), varintField(20, 2)]))]);
}

/** A value's declaration as FP32, with the shape it has. */
function asFloat(name: string, shape: Uint8Array | undefined): Uint8Array {
  const tensor = [varintField(1, FLOAT), ...(shape === undefined ? [] : [lenField(2, shape)])];
  return writeFields([lenField(1, name), lenField(2, writeFields([lenField(1, writeFields(tensor))]))]);
}

/** Renames uses (and, in the outermost graph, definitions) of values, in nested graphs too. */
function renameNode(bytes: Uint8Array, names: ReadonlyMap<string, string>, definitions: boolean): Uint8Array {
  let touched = false;
  const fields = readFields(bytes).map((field) => {
    if (field.wire !== Wire.LEN) {
      return field;
    }
    const value = field.value as Uint8Array;
    if (field.no === 1 || (field.no === 2 && definitions)) {
      const renamed = names.get(Buffer.from(value).toString());
      if (renamed !== undefined) {
        touched = true;
        return lenField(field.no, renamed);
      }
    } else if (field.no === 5) {
      const attribute = readFields(value);
      if (attribute.some((entry) => entry.no === 6 || entry.no === 11)) {
        touched = true;
        return lenField(5, writeFields(attribute.map((entry) => (entry.no === 6 || entry.no === 11 ? lenField(entry.no, renameGraph(entry.value as Uint8Array, names)) : entry))));
      }
    }
    return field;
  });
  return touched ? writeFields(fields) : bytes;
}

function renameGraph(bytes: Uint8Array, names: ReadonlyMap<string, string>): Uint8Array {
  return writeFields(readFields(bytes).map((field) => {
    if (field.no === 1) {
      return lenField(1, renameNode(field.value as Uint8Array, names, false));
    }
    if (field.no === 12) {
      // a nested graph may hand an outer value on as it is
      const info = readFields(field.value as Uint8Array);
      const renamed = names.get(textOf(info, 1) ?? '');
      return renamed === undefined ? field : lenField(12, writeFields(info.map((entry) => (entry.no === 1 ? lenField(1, renamed) : entry))));
    }
    return field;
  }));
}

export interface ValueInfo {
  readonly name: string;
  readonly elemType?: number;
  readonly shape?: Uint8Array;
}

export function readValue(bytes: Uint8Array): ValueInfo {
  const fields = readFields(bytes);
  const type = chunksOf(fields, 2)[0];
  const tensor = type === undefined ? undefined : chunksOf(readFields(type), 1)[0];
  const tensorFields = tensor === undefined ? [] : readFields(tensor);
  return { name: textOf(fields, 1) ?? '', elemType: numberOf(tensorFields, 1), shape: chunksOf(tensorFields, 2)[0] };
}

/** Class names of a ZipMap or classifier node. */
export function labelsOf(node: Node): string[] | undefined {
  const attributes = attributesOf(node.fields, ['classlabels_strings', 'classlabels_int64s', 'classlabels_ints']);
  const texts = attributes.get('classlabels_strings')?.strings ?? [];
  if (texts.length > 0) {
    return [...texts];
  }
  const numbers = (attributes.get('classlabels_int64s') ?? attributes.get('classlabels_ints'))?.integers ?? [];
  return numbers.length > 0 ? numbers.map(String) : undefined;
}

/**
 * Makes a graph servable: a ZipMap, whose output is no tensor, gives its
 * scores as they are, and 16-bit float inputs and outputs become FP32.
 */
export function prepareGraph(bytes: Uint8Array): GraphFacts {
  const model = readFields(bytes);
  const graphField = model.find((field) => field.no === 7)!;
  const graph = readFields(graphField.value as Uint8Array);
  const external = graph.some((field) => field.no === 5 && numberOf(readFields(field.value as Uint8Array), 14) === 1);
  const initializers = new Set(graph.filter((field) => field.no === 5).map((field) => textOf(readFields(field.value as Uint8Array), 8)));
  const names = new Map<string, string>();
  const before: Field[] = [];
  const after: Field[] = [];
  const zipMaps = new Map<string, Node>();
  let labels: string[] | undefined;
  let scores: string | undefined;
  for (const field of graph) {
    if (field.no === 1) {
      const node = readNode(field.value as Uint8Array);
      if (node.op === 'ZipMap') {
        labels = labelsOf(node);
        scores = outputsOf(node.fields)[0];
        zipMaps.set(scores!, node);
      } else if (node.domain === 'ai.onnx.ml' && CLASSIFIERS.includes(node.op)) {
        labels ??= labelsOf(node);
        scores ??= outputsOf(node.fields)[1];
      }
    } else if ((field.no === 11 || field.no === 12)) {
      const value = readValue(field.value as Uint8Array);
      if (HALVES.has(value.elemType ?? 0) && !(field.no === 11 && initializers.has(value.name))) {
        const inner = `${value.name}__half`;
        names.set(value.name, inner);
        if (field.no === 11) {
          before.push(lenField(1, castNode(value.name, inner, value.elemType!)));
        } else {
          after.push(lenField(1, castNode(inner, value.name, FLOAT)));
        }
      }
    }
  }
  const loops = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(LOOP);
  if (names.size === 0 && zipMaps.size === 0) {
    return { bytes, changed: false, labels, scores: outputName(graph, scores), external, loops };
  }
  const rewritten: Field[] = [];
  let nodesSeen = false;
  for (const field of graph) {
    if (field.no === 1) {
      if (!nodesSeen) {
        rewritten.push(...before);
        nodesSeen = true;
      }
      const node = readNode(field.value as Uint8Array);
      rewritten.push(node.op === 'ZipMap'
        ? lenField(1, makeNode('Identity', inputsOf(node.fields)[0]!, outputsOf(node.fields)[0]!))
        : names.size === 0 ? field : lenField(1, renameNode(field.value as Uint8Array, names, true)));
    } else if (field.no === 11 || field.no === 12) {
      const value = readValue(field.value as Uint8Array);
      const zip = field.no === 12 ? zipMaps.get(value.name) : undefined;
      if (zip !== undefined) {
        const columns = labelsOf(zip)?.length;
        const dims = [lenField(1, writeFields([lenField(2, 'N')])), lenField(1, writeFields(columns === undefined ? [lenField(2, 'C')] : [varintField(1, columns)]))];
        rewritten.push(lenField(12, asFloat(value.name, writeFields(dims))));
      } else {
        rewritten.push(names.has(value.name) ? lenField(field.no, asFloat(value.name, value.shape)) : field);
      }
    } else {
      rewritten.push(field);
    }
  }
  const last = rewritten.map((field) => field.no).lastIndexOf(1);
  rewritten.splice(last + 1, 0, ...after);
  return {
    bytes: writeFields(model.map((field) => (field === graphField ? lenField(7, writeFields(rewritten)) : field))),
    changed: true,
    labels,
    scores: outputName(graph, scores),
    external,
    loops,
  };
}

/** The graph output that carries a classifier's scores, also behind a few nodes that only pass them on. */
function outputName(graph: readonly Field[], scores: string | undefined): string | undefined {
  if (scores === undefined) {
    return undefined;
  }
  const outputs = new Set(graph.filter((field) => field.no === 12).map((field) => readValue(field.value as Uint8Array).name));
  const nodes = graph.filter((field) => field.no === 1).map((field) => readNode(field.value as Uint8Array));
  let name: string | undefined = scores;
  for (let hops = 0; hops < 4 && name !== undefined; hops++) {
    if (outputs.has(name)) {
      return name;
    }
    name = nodes.filter((node) => inputsOf(node.fields)[0] === name && ['Normalizer', 'Identity', 'Cast'].includes(node.op)).map((node) => outputsOf(node.fields)[0])[0];
  }
  return undefined;
}
