import { invalid, ServerError, shuttingDown } from '../../errors';
import { HEALTH, MESSAGES } from '../../grpc/schema';
import { encodeMessage } from '../../protobuf/message';
import { FrontContext } from '../context';
import { decodeRequest } from './messages';
import type { Streaming, Unary } from './server';

const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = HEALTH.enums['.grpc.health.v1.HealthCheckResponse.ServingStatus'] as { SERVING: number; NOT_SERVING: number; SERVICE_UNKNOWN: number };
const WATCH_EVERY_MS = 500;

/** The standard health service: '' is the server, every model has its name. */
export function healthMethods(context: FrontContext): { readonly plain: { readonly Check: Unary }; readonly streams: { readonly Watch: Streaming } } {
  const status = (service: string): number => {
    if (service === '' || service === 'inference.GRPCInferenceService') {
      return context.unready() === undefined ? SERVING : NOT_SERVING;
    }
    try {
      return context.registry.find(service).ready && context.unready() === undefined ? SERVING : NOT_SERVING;
    } catch (error) {
      return (error as ServerError).code === 'not-found' ? SERVICE_UNKNOWN : NOT_SERVING;
    }
  };
  return {
    plain: {
      Check: ({ service }) => {
        const found = status((service ?? '') as string);
        if (found === SERVICE_UNKNOWN) {
          throw new ServerError('not-found', 'unknown service');
        }
        return { status: found };
      },
    },
    streams: {
      Watch: (call) => {
        call.enforceDeadline();
        let watching = false;
        call.onMessage = (bytes) => {
          if (watching) {
            call.fail(invalid('a watch takes one message, but more were sent'));
            return;
          }
          watching = true;
          const { service } = decodeRequest('.grpc.health.v1.HealthCheckRequest', bytes) as { service?: string };
          let last = -1;
          const tell = (): void => {
            const now = status(service ?? '');
            if (now !== last) {
              last = now;
              call.send(encodeMessage(MESSAGES, '.grpc.health.v1.HealthCheckResponse', { status: now }));
            }
          };
          const timer = setInterval(tell, WATCH_EVERY_MS);
          timer.unref();
          const end = (): void => {
            tell();
            call.fail(shuttingDown());
          };
          call.onOver = () => {
            clearInterval(timer);
            context.streams.delete(end);
          };
          context.streams.add(end);
          tell();
        };
      },
    },
  };
}
