import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';

export interface OrtValue {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

export type Feeds = { [name: string]: OrtTensor };

/** A loaded graph. */
export interface OrtSession {
  readonly inputs: readonly OrtValue[];
  readonly outputs: readonly OrtValue[];
  /** Runs at once where the binding allows it, else through the public interface. */
  run(feeds: Feeds, fetches: { [name: string]: null }): Feeds | Promise<Feeds>;
  release(): Promise<void>;
}

export interface Ort {
  readonly Tensor: typeof OrtTensor;
  load(model: string | Uint8Array, options: InferenceSession.SessionOptions): Promise<OrtSession>;
}

interface NativeSession {
  loadModel(path: string, options: object): void;
  loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: object): void;
  run(feeds: object, fetches: object, options: object): Feeds;
  dispose(): void;
}

let ort: Ort | undefined;

/** Loads ONNX Runtime, on first use. */
export function loadOrt(): Ort {
  return ort ??= load();
}

/** The package that holds the binding: that for this platform's CPU, else ONNX Runtime's own with all platforms in it. */
function runtimePackage(): string {
  const names = [`kserve-model-server-${process.platform}-${process.arch}`, 'onnxruntime-node'];
  for (const name of names) {
    try {
      require.resolve(name);
      return name;
    } catch {
      // the next
    }
  }
  throw new Error(`there is no ONNX Runtime for ${process.platform}-${process.arch} here: neither ${names.join(' nor ')} is installed; npm install onnxruntime-node@1.27.0`);
}

function load(): Ort {
  // later releases send telemetry unless told not to before they load
  process.env.ORT_DISABLE_TELEMETRY = '1';
  // the binding of this release cannot fill a Float16Array; without the class it gets bit patterns
  delete (globalThis as { Float16Array?: unknown }).Float16Array;
  const name = runtimePackage();
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const api = require(name) as typeof import('onnxruntime-node');
  api.env.logLevel = 'error';
  const native = nativeSession(name);
  return {
    Tensor: api.Tensor,
    async load(model, options) {
      // the public session reads the metadata, which the synchronous one has in a raw form
      const session = native === undefined
        ? (typeof model === 'string' ? await api.InferenceSession.create(model, options) : await api.InferenceSession.create(model, options))
        : undefined;
      if (session !== undefined) {
        return {
          inputs: values(session.inputMetadata as readonly RawValue[]),
          outputs: values(session.outputMetadata as readonly RawValue[]),
          run: (feeds, fetches) => session.run(feeds, fetches as never) as Promise<Feeds>,
          release: () => session.release(),
        };
      }
      const raw = native!(model, options);
      return {
        inputs: rawValues(raw.inputMetadata),
        outputs: rawValues(raw.outputMetadata),
        run: (feeds, fetches) => raw.run(feeds, fetches, {}),
        release: async () => raw.dispose(),
      };
    },
  };
}

interface RawValue { readonly name: string; readonly isTensor: boolean; readonly type: string; readonly shape: readonly (number | string)[] }
interface NativeValue { readonly name: string; readonly isTensor: boolean; readonly type: number; readonly shape: readonly number[] }
type Loaded = NativeSession & { readonly inputMetadata: readonly NativeValue[]; readonly outputMetadata: readonly NativeValue[] };

/** Names of ONNX's element types by their number. */
export const ELEMENT_TYPES: readonly (string | undefined)[] = [
  '', 'float32', 'uint8', 'int8', 'uint16', 'int16', 'int32', 'int64', 'string', 'bool', 'float16', 'float64', 'uint32', 'uint64',
];

function tensorOnly(name: string, isTensor: boolean): void {
  if (!isTensor) {
    throw new Error(`'${name}' is no tensor (a map, sequence or optional); export the model with tensor inputs and outputs only, for scikit-learn with options={'zipmap': False}`);
  }
}

function values(list: readonly RawValue[]): OrtValue[] {
  return list.map((value) => {
    tensorOnly(value.name, value.isTensor);
    return { name: value.name, type: value.type, shape: value.shape };
  });
}

function rawValues(list: readonly NativeValue[]): OrtValue[] {
  return list.map((value) => {
    tensorOnly(value.name, value.isTensor);
    const type = ELEMENT_TYPES[value.type];
    if (type === undefined || type === '') {
      throw new Error(`'${value.name}' has the element type ${value.type} of ONNX, which cannot be served`);
    }
    return { name: value.name, type, shape: value.shape };
  });
}

/** The synchronous binding, which answers within one turn of the event loop; undefined where this release hides it. */
function nativeSession(name: string): ((model: string | Uint8Array, options: object) => Loaded) | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { binding, initOrt } = require(`${name}/dist/binding.js`) as { binding: { InferenceSession: new () => Loaded }; initOrt(): void };
    if (typeof binding.InferenceSession.prototype.run !== 'function' || typeof binding.InferenceSession.prototype.loadModel !== 'function') {
      return undefined;
    }
    return (model, options) => {
      initOrt();
      const session = new binding.InferenceSession();
      if (typeof model === 'string') {
        session.loadModel(model, options);
      } else {
        session.loadModel(model.buffer, model.byteOffset, model.byteLength, options);
      }
      return session;
    };
  } catch {
    return undefined;
  }
}
