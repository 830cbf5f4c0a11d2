import { ParameterValue } from '../model/metadata';
import { Decoded } from '../protobuf/message';

/** The value of an InferParameter. */
export function parameterOf(decoded: Decoded): ParameterValue {
  return (Object.values(decoded)[0] as ParameterValue | undefined) ?? '';
}

/** An InferParameter of a value. */
export function parameterMessage(value: ParameterValue): Decoded {
  switch (typeof value) {
    case 'boolean': return { bool_param: value };
    case 'string': return { string_param: value };
    case 'bigint': return value >= 2n ** 63n ? { uint64_param: value } : { int64_param: value };
    default: return Number.isSafeInteger(value) ? { int64_param: value } : { double_param: value };
  }
}
