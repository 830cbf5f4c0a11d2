import { TensorSpec } from '../model/metadata';
import type { RunningServer } from '../serve';
import { infoOf } from '../tensor/datatypes';

/** A made-up value of an input, as JSON. */
function sample(spec: TensorSpec, axis: number): unknown {
  if (axis === spec.shape.length) {
    const { kind } = infoOf(spec.datatype);
    return kind === 'bytes' ? 'text' : kind === 'bool' ? true : 1;
  }
  const size = spec.shape[axis]!;
  return Array.from({ length: size < 0 ? 1 : Math.min(size, 8) }, () => sample(spec, axis + 1));
}

/** How to call what has been loaded. */
export function greeting(server: RunningServer): string {
  const { settings } = server.context;
  const certificate = settings.ssl_certfile; // the flags refuse one without its key
  const [scheme, curl] = certificate === undefined ? ['http', 'curl'] : ['https', `curl --cacert ${certificate}`];
  const base = `${scheme}://localhost:${server.httpPort}`;
  const lines = ['', `REST at ${base}${server.grpcPort === undefined ? '' : `, gRPC at localhost:${server.grpcPort}`}. Try:`, ''];
  for (const model of server.context.registry.all().slice(0, 3)) {
    const { inputs } = model.metadata;
    if (inputs.length === 0 || inputs.some((input) => input.shape.slice(1).some((size) => size > 8))) {
      lines.push(`  ${curl} ${base}/v2/models/${model.name}`);
      continue;
    }
    const row = inputs.length === 1
      ? (sample(inputs[0]!, 0) as unknown[])[0] ?? sample(inputs[0]!, 0)
      : Object.fromEntries(inputs.map((input) => [input.name, (sample(input, 0) as unknown[])[0]]));
    const body = settings.example === 'iris' ? '{"instances":[[5.1,3.5,1.4,0.2]]}' : JSON.stringify({ instances: [row] });
    lines.push(`  ${curl} ${base}/v1/models/${model.name}:predict -d '${body}'`, `  ${curl} ${base}/v2/models/${model.name}`);
  }
  return `${lines.join('\n')}\n\n`;
}
