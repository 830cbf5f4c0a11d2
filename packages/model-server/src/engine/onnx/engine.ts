import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readEnsemble } from './ensemble';
import { EnsembleEngine } from './trees';
import { invalid } from '../../errors';
import { IndexedTensor } from '../../frames/frame';
import { ModelMetadata, TensorSpec } from '../../model/metadata';
import { isInOtherRoot } from '../../model/real-path';
import { chunksOf, Field, numberOf, readFields } from '../../protobuf/fields';
import { checkAccepts } from '../../tensor/convert';
import { Datatype, NumericData, Tensor } from '../../tensor/tensor';
import { Engine, LoadSpec } from '../engine';
import { GraphFacts, isOnnx, prepareGraph, readValue } from './graph';
import { ELEMENT_TYPES, Feeds, loadOrt, Ort, OrtSession, OrtValue } from './ort';
import { repairGraph } from './repair';
import { readWeightFiles } from './weight-files';

/** ONNX Runtime's element types and ours; in its arrays, strings stand as JavaScript strings. */
const TYPES: readonly (readonly [Datatype, string])[] = [
  ['BOOL', 'bool'], ['UINT8', 'uint8'], ['UINT16', 'uint16'], ['UINT32', 'uint32'], ['UINT64', 'uint64'],
  ['INT8', 'int8'], ['INT16', 'int16'], ['INT32', 'int32'], ['INT64', 'int64'],
  ['FP16', 'float16'], ['FP32', 'float32'], ['FP64', 'float64'], ['BYTES', 'string'],
];
const TO_ORT: ReadonlyMap<Datatype, string> = new Map(TYPES);
const FROM_ORT: ReadonlyMap<string, Datatype> = new Map(TYPES.map(([ours, theirs]) => [theirs, ours]));
const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();

function specOf(value: OrtValue): TensorSpec {
  return {
    name: value.name,
    datatype: FROM_ORT.get(value.type)!,
    shape: value.shape.map((size) => (typeof size === 'number' && size >= 0 ? size : -1)),
  };
}

/** Metadata as the graph and `model.json` give it. */
function metadataOf(session: Pick<OrtSession, 'inputs' | 'outputs'>, facts: GraphFacts | undefined, spec: LoadSpec): ModelMetadata {
  const inputs = session.inputs.map((value) => refine(specOf(value), spec.overrides?.inputs, 'inputs'));
  const outputs = session.outputs.map((value) => {
    const output = refine(specOf(value), spec.overrides?.outputs, 'outputs');
    const labels = spec.overrides?.labels?.[output.name] ?? (facts?.scores === output.name ? facts.labels : undefined);
    return labels === undefined ? output : { ...output, labels };
  });
  return { platform: spec.platform ?? 'onnxruntime_onnx', inputs, outputs, v1Output: v1Output(outputs, facts, spec) };
}

/** What `model.json` says may narrow free sizes, never contradict the graph. */
function refine(found: TensorSpec, declared: NonNullable<LoadSpec['overrides']>['inputs'], section: string): TensorSpec {
  const index = declared?.findIndex((entry) => entry.name === found.name) ?? -1;
  const entry = declared?.[index];
  if (entry === undefined) {
    return found;
  }
  if (entry.datatype !== undefined && entry.datatype !== found.datatype) {
    throw new Error(`model.json: /${section}/${index}/datatype is ${entry.datatype}, but the model's '${found.name}' is ${found.datatype}`);
  }
  const { shape } = entry;
  if (shape !== undefined && (shape.length !== found.shape.length || shape.some((size, i) => found.shape[i] !== -1 && found.shape[i] !== size))) {
    throw new Error(`model.json: /${section}/${index}/shape is [${shape.join(',')}], but the model's '${found.name}' is [${found.shape.join(',')}]`);
  }
  checkAccepts(found.datatype, entry.accepts, `model.json: /${section}/${index}/accepts`);
  return { ...found, shape: shape ?? found.shape, ...(entry.accepts === undefined ? {} : { accepts: entry.accepts }) };
}

/** A classifier answers its label, or its scores when probabilities are wanted. */
function v1Output(outputs: readonly TensorSpec[], facts: GraphFacts | undefined, spec: LoadSpec): string | undefined {
  if (spec.overrides?.v1Output !== undefined) {
    return spec.overrides.v1Output;
  }
  if (outputs.length !== 2) {
    return undefined;
  }
  const [label, scores] = outputs as [TensorSpec, TensorSpec];
  const classifier = facts?.scores === scores.name || (/label$/.test(label.name) && /prob/.test(scores.name));
  if (!classifier || !['INT64', 'BYTES', 'INT32', 'BOOL'].includes(label.datatype) || !scores.datatype.startsWith('FP')) {
    return undefined;
  }
  return spec.predictProba ? scores.name : label.name;
}

/** Strings for the engine, which ends them at NUL and cannot hold what is no UTF-8. */
function strings(tensor: Tensor): string[] {
  return (tensor.data as Uint8Array[]).map((element, i) => {
    if (element.includes(0)) {
      throw invalid(`input '${tensor.name}': element ${i} contains a NUL byte, which an ONNX string cannot hold`);
    }
    try {
      return STRICT.decode(element);
    } catch {
      throw invalid(`input '${tensor.name}': element ${i} is not valid UTF-8, as an ONNX string must be`);
    }
  });
}

class OnnxEngine implements Engine {
  private readonly allFetches: { [name: string]: null } = {};
  private readonly ortTypes: readonly string[];

  public constructor(private readonly ort: Ort, private readonly session: OrtSession, public readonly metadata: ModelMetadata, public readonly mayRunForEver: boolean) {
    for (const output of metadata.outputs) {
      this.allFetches[output.name] = null;
    }
    this.ortTypes = metadata.inputs.map((input) => TO_ORT.get(input.datatype)!);
  }

  public run(inputs: readonly (Tensor | undefined)[], outputs: readonly number[] | undefined): IndexedTensor[] | Promise<IndexedTensor[]> {
    const feeds: Feeds = {};
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i];
      if (input !== undefined) {
        const data = input.datatype === 'BYTES' ? strings(input) : input.data;
        feeds[input.name] = new this.ort.Tensor(this.ortTypes[i]! as 'float32', data as Float32Array, input.shape);
      }
    }
    let fetches = this.allFetches;
    if (outputs !== undefined) {
      fetches = {};
      for (const index of outputs) {
        fetches[this.metadata.outputs[index]!.name] = null;
      }
    }
    const results = this.session.run(feeds, fetches);
    return results instanceof Promise ? results.then((late) => this.collect(late, outputs)) : this.collect(results, outputs);
  }

  public release(): Promise<void> {
    return this.session.release();
  }

  private collect(results: Feeds, outputs: readonly number[] | undefined): IndexedTensor[] {
    const wanted = outputs ?? this.metadata.outputs.map((_, i) => i);
    return wanted.map((index) => {
      const { name, datatype } = this.metadata.outputs[index]!;
      const { data, dims } = results[name]!;
      return {
        index,
        name,
        datatype,
        shape: dims as number[],
        data: datatype === 'BYTES' ? (data as unknown as string[]).map((text) => ENCODER.encode(text)) : data as unknown as NumericData,
      };
    });
  }
}

/** Inputs and outputs as a graph declares them. */
function valuesOf(graph: readonly Field[], no: number): OrtValue[] {
  return chunksOf(graph, no).map(readValue).map(({ name, elemType, shape }) => ({
    name,
    type: ELEMENT_TYPES[elemType ?? 0]!,
    shape: shape === undefined ? [] : chunksOf(readFields(shape), 1).map((dim) => numberOf(readFields(dim), 1) ?? -1),
  }));
}

/** Loads a graph that is one tree ensemble without ONNX Runtime. */
function loadEnsemble(facts: GraphFacts, spec: LoadSpec): Engine {
  const graph = readFields(chunksOf(readFields(facts.bytes), 7)[0]!);
  const metadata = metadataOf({ inputs: valuesOf(graph, 11), outputs: valuesOf(graph, 12) }, facts, spec);
  return new EnsembleEngine(readEnsemble(facts.bytes), metadata);
}

/** Loads an ONNX model. */
export async function loadOnnx(spec: LoadSpec): Promise<Engine> {
  const file = readFileSync(spec.path);
  if (!isOnnx(file)) {
    throw new Error(`${spec.path} is no ONNX model`);
  }
  const facts = prepareGraph(file);
  if (facts.external && facts.changed) {
    throw new Error('the model keeps weights in other files and has a ZipMap or 16-bit float inputs or outputs, which can only be changed in one file; '
      + 'save it again with onnx.save_model(onnx.load(path), path, save_as_external_data=False), or export without ZipMap and with float32 inputs and outputs');
  }
  if (spec.engine === 'trees') {
    return loadEnsemble(facts, spec);
  }
  const ort = loadOrt();
  // ONNX Runtime looks for files by the text of links, which leads nowhere from another container's root
  const copied = facts.external && isInOtherRoot(spec.path);
  const session = await ort.load(facts.external && !copied ? spec.path : repairGraph(facts.bytes), {
    intraOpNumThreads: spec.intraOp,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
    ...(copied ? { externalData: readWeightFiles(facts.bytes, dirname(spec.path)) } : {}),
  });
  try {
    return new OnnxEngine(ort, session, metadataOf(session, facts, spec), facts.loops);
  } catch (error) {
    await session.release();
    throw error;
  }
}
