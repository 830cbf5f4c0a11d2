import type { Unary } from './server';
import { ServerError } from '../../errors';
import { Decoded } from '../../protobuf/message';
import { checkAdmin } from '../admin';
import { EXTENSIONS, FrontContext, SERVER_NAME } from '../context';

const nameOf = (message: Decoded): string => {
  // KServe's clients send the name in field 1, Triton's in field 2
  const name = (message.model_name ?? message.repository_name ?? '') as string;
  if (name === '') {
    throw new ServerError('invalid', 'the request names no model');
  }
  return name;
};

/** What metadata says beside names and shapes, as text in JSON. */
function textParameters(values: { readonly [name: string]: unknown }): Decoded {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, { string_param: JSON.stringify(value) }]])));
}

/** All methods of the inference service but inference itself. */
export function inferenceMethods(context: FrontContext): { readonly [method: string]: Unary } {
  const { registry } = context;
  return {
    ServerLive: () => ({ live: true }),
    ServerReady: () => ({ ready: context.unready() === undefined }),
    ModelReady: ({ name, version }) => {
      try {
        return { ready: registry.find((name ?? '') as string, (version as string) || undefined).ready };
      } catch (error) {
        if ((error as ServerError).code === 'unavailable') {
          return { ready: false };
        }
        throw error;
      }
    },
    ServerMetadata: () => ({ name: SERVER_NAME, version: context.version, extensions: EXTENSIONS }),
    ModelMetadata: ({ name, version }) => {
      const { metadata, name: found } = registry.find((name ?? '') as string, (version as string) || undefined);
      return {
        name: found,
        versions: registry.versionsOf(found),
        platform: metadata.platform,
        inputs: metadata.inputs.map(({ name: input, datatype, shape, accepts }) => ({ name: input, datatype, shape, parameters: textParameters({ accepts }) })),
        outputs: metadata.outputs.map(({ name: output, datatype, shape, labels }) => ({ name: output, datatype, shape, parameters: textParameters({ labels }) })),
      };
    },
    RepositoryIndex: ({ ready }) => ({ models: registry.index(ready === true).map((entry) => ({ ...entry, version: entry.version ?? '' })) }),
    RepositoryModelLoad: async (message, call) => {
      checkAdmin(context, call.header('authorization'));
      const name = nameOf(message);
      await registry.load(name);
      return { model_name: name, isLoaded: true };
    },
    RepositoryModelUnload: async (message, call) => {
      checkAdmin(context, call.header('authorization'));
      const name = nameOf(message);
      await registry.unload(name);
      return { model_name: name, isUnloaded: true };
    },
  };
}
