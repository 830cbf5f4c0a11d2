import type { GrpcCall } from './call';
import { decodeRequest } from './messages';
import { shuttingDown } from '../../errors';
import { fileDescriptor, symbolsOf } from '../../grpc/descriptor';
import { FILES, MESSAGES, ProtoFile } from '../../grpc/schema';
import { Decoded, encodeMessage } from '../../protobuf/message';
import { FrontContext } from '../context';

const NOT_FOUND = 5;
const UNIMPLEMENTED = 12;

function fileReply(file: ProtoFile | undefined, wanted: string): Decoded {
  return file === undefined
    ? { error_response: { error_code: NOT_FOUND, error_message: `nothing is known of '${wanted.slice(0, 200)}'` } }
    : { file_descriptor_response: { file_descriptor_proto: [fileDescriptor(file)] } };
}

function reply(request: Decoded): Decoded {
  if (request.list_services !== undefined) {
    return { list_services_response: { service: FILES.flatMap((file) => Object.keys(file.services)).map((name) => ({ name })) } };
  }
  if (request.file_by_filename !== undefined) {
    const wanted = request.file_by_filename as string;
    return fileReply(FILES.find((file) => file.name === wanted), wanted);
  }
  if (request.file_containing_symbol !== undefined) {
    const wanted = request.file_containing_symbol as string;
    return fileReply(FILES.find((file) => symbolsOf(file).includes(wanted)), wanted);
  }
  if (request.all_extension_numbers_of_type !== undefined) {
    return { all_extension_numbers_response: { base_type_name: request.all_extension_numbers_of_type as string } };
  }
  return { error_response: { error_code: UNIMPLEMENTED, error_message: 'there are no extensions' } };
}

/** Answers reflection; both releases of the protocol have the same messages. */
export function reflect(context: FrontContext, call: GrpcCall): void {
  call.enforceDeadline();
  const end = (): void => call.fail(shuttingDown());
  context.streams.add(end);
  call.onOver = () => context.streams.delete(end);
  let full = false;
  call.onMessage = (bytes) => {
    const request = decodeRequest('.grpc.reflection.v1.ServerReflectionRequest', bytes);
    const room = call.send(encodeMessage(MESSAGES, '.grpc.reflection.v1.ServerReflectionResponse', { valid_host: request.host as string, original_request: request, ...reply(request) }));
    if (!room && !full) { // who reads no replies is heard no further
      full = true;
      call.pause();
      call.onceDrained(() => {
        full = false;
        call.resume();
      });
    }
  };
  call.onEnd = () => call.end();
}
