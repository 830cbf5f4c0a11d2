import { UserModel } from '../engine/user/model';
import { invalid, ServerError } from '../errors';
import type { CallRequest } from '../frames/meta';
import { decodeInferRequest } from '../grpc/infer-codec';
import { valueJson } from '../json/write';
import { encodeReply, RawReply } from '../protocol/raw';
import { encodeV1 } from '../protocol/v1';
import { decodeV2 } from '../protocol/v2';
import { InferRequest, InferResponse } from '../sdk/messages';

/** Content types whose body is JSON; curl's default among them. */
const TEXTUAL = /json|x-www-form-urlencoded|text\/plain/i;

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  } catch {
    throw invalid('the body is not valid JSON');
  }
}

/** Runs a free-form call and encodes the reply in the caller's protocol. */
export async function runCall(model: UserModel, request: CallRequest, body: Uint8Array, signal: AbortSignal): Promise<RawReply> {
  if (request.wire === 'v1') {
    // other data than JSON reaches preprocess as it is
    const type = request.headers?.['content-type'];
    const payload = request.isJson ?? (type === undefined || TEXTUAL.test(type)) ? parse(body) : body;
    const result = request.verb === 'explain' ? await model.explain(payload, request, signal) : await model.call(payload, request, signal);
    // an InferResponse is what a predictor of V2 answers
    const text = result instanceof InferResponse ? encodeV1(result.outputs) : valueJson(result);
    if (text === undefined) {
      throw new ServerError('inference', `the model must return its reply, such as { predictions: [] }, but returned ${typeof result}`);
    }
    return { head: { rows: 1 }, body: [Buffer.from(text)] };
  }
  const decoded = request.wire === 'grpc' ? decodeInferRequest(body) : decodeV2(body, request.headerLength);
  const result = await model.call(InferRequest._fromCall(request.model, decoded, request.version), { ...request, id: decoded.id, parameters: decoded.parameters }, signal);
  if (!(result instanceof InferResponse)) {
    throw new ServerError('inference', 'a V2 request needs a reply that is an InferResponse; return one from postprocess or predict');
  }
  return encodeReply(request.wire, { model: request.model, version: request.version, id: decoded.id, parameters: result.parameters }, decoded, result.outputs, 1);
}
