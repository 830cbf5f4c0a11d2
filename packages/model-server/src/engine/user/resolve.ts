import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DefinedModel } from '../../sdk/define-model';

const PACKAGE = 'kserve-model-server';

interface ResolveResult { readonly url: string; readonly shortCircuit?: boolean; readonly format?: string }
type Resolve = (specifier: string, context: object, next: (specifier: string, context: object) => ResolveResult) => ResolveResult;

let registered = false;

/** Makes `import 'kserve-model-server'` mean this very package, wherever the model lies. */
function resolveToSelf(): void {
  if (registered) {
    return;
  }
  registered = true;
  // beside the runner's folder, in the package and after bundling
  const self = [join(__dirname, '..', 'index.js'), join(__dirname, '..', '..', 'index.js')].find((path) => existsSync(path));
  const { registerHooks } = nodeModule as unknown as { registerHooks(hooks: { resolve: Resolve }): void };
  registerHooks({
    resolve(specifier, context, next) {
      return specifier === PACKAGE && self !== undefined ? { url: pathToFileURL(self).href, shortCircuit: true } : next(specifier, context);
    },
  });
}

/** A real import, which a compiler to CommonJS would turn into require. */
const importModule = new Function('url', 'return import(url)') as (url: string) => Promise<{ readonly default?: unknown; readonly model?: unknown }>;

function isModel(value: unknown): value is DefinedModel {
  return typeof value === 'object' && value !== null && (value as DefinedModel).kind === 'kserve-model-server/model';
}

/** Loads a user's module and gives the model it exports. */
export async function importModel(path: string): Promise<DefinedModel> {
  resolveToSelf();
  let exported: { readonly default?: unknown; readonly model?: unknown };
  try {
    exported = await importModule(pathToFileURL(path).href);
  } catch (error) {
    throw explain(path, error as NodeJS.ErrnoException);
  }
  const inner = exported.default as { readonly default?: unknown; readonly model?: unknown } | undefined;
  const model = [exported.default, inner?.default, exported.model, inner?.model].find(isModel);
  if (model === undefined) {
    throw new Error(`${path} exports no model; write: export default defineModel({ … })`);
  }
  return model;
}

function explain(path: string, error: NodeJS.ErrnoException): Error {
  if (error.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' || error.code === 'ERR_INVALID_TYPESCRIPT_SYNTAX') {
    return new Error(`${path} uses TypeScript that is more than types, such as enum, namespace or parameter properties; write it without, or compile it first: ${error.message}${lineOf(path, error)}`, { cause: error });
  }
  if (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND') {
    return new Error(`${path} imports what is not there: ${error.message.split('\n')[0]}; bundle it with: kserve-model-server build ${path}, or put it into ${dirname(path)}/node_modules`, { cause: error });
  }
  return new Error(`${path} cannot be loaded: ${error.message}${lineOf(path, error)}`, { cause: error });
}

/** Where in the user's file something failed. */
function lineOf(path: string, error: Error): string {
  const line = new RegExp(`${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}:(\\d+)`).exec(error.stack ?? '')?.[1];
  return line === undefined ? '' : ` (line ${line})`;
}
