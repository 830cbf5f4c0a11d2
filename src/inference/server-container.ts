import { caused, itemsOf, withCauseOf } from '../core/cause';
import { Deferred } from '../core/deferred';
import { Fields } from '../core/fields';
import { InferenceProtocol } from '../target/inference-protocol';
import { Transport } from './predictor';

/** Port name that makes KServe and Knative speak HTTP/2 without TLS to a container. */
export const GRPC_PORT_NAME = 'h2c';

/** The ports of a server of one's own. The first is named, because the name decides between HTTP/1 and HTTP/2. */
export function serverPorts(
  { port, ports, protocol }: { port?: number; ports?: Fields[]; protocol?: InferenceProtocol }, rendered: Fields[] | undefined,
): Fields[] | undefined {
  const grpc = speaksGrpc(protocol);
  if (port === undefined && (ports !== undefined || !grpc)) {
    return rendered; // without any, KServe and Knative assume HTTP on 8080
  }
  return [caused('port', { containerPort: port ?? 8081, name: grpc ? GRPC_PORT_NAME : 'http1', protocol: 'TCP' }), ...itemsOf(rendered)];
}

/** Tells KServe, not the server, which protocol a container speaks; it knows no gRPC here. */
export function protocolVariable(protocol: InferenceProtocol | undefined): Fields | undefined {
  return protocol === InferenceProtocol.V1 || protocol === InferenceProtocol.V2
    ? caused('protocol', { name: 'PROTOCOL', value: protocol })
    : undefined;
}

/** Environment variables with further ones, which give way to those that the user set. */
export function withVariables(given: Fields[] | undefined, further: (Fields | undefined)[]): Fields[] | undefined {
  const all = [...given ?? [], ...further.filter((variable) => variable !== undefined)];
  return all.length > 0 ? all : undefined;
}

/** Whether a predictor is reached by gRPC. */
export function speaksGrpc(protocol: InferenceProtocol | undefined, transport?: Transport): boolean {
  const byDefault = protocol === InferenceProtocol.GRPC_V1 || protocol === InferenceProtocol.GRPC_V2;
  return transport === undefined ? byDefault : transport === Transport.GRPC;
}

/** How servers built with KServe's SDK learn the predictor's protocol; V1 is their default. */
export function protocolArgument(protocol: string | undefined): [string, string][] {
  return protocol === undefined || protocol === 'v1' ? [] : [['--predictor_protocol', protocol]];
}

/** Rendered arguments with further ones, except those that the user gave in either form (`--a=b`, `--a b`). */
export function withArguments(rendered: readonly string[] | undefined, further: [string, string | number][]): string[] | undefined {
  return withCauseOf(rendered, (given = []) => {
    const names = given.filter((argument) => !Deferred.is(argument)).map((argument) => argument.split('=')[0]);
    const all = [...given, ...further.filter(([name]) => !names.includes(name)).map(([name, value]) => `${name}=${value}`)];
    return all.length > 0 ? all : undefined;
  });
}
