import { inspect } from 'node:util';

/** Writes lines for the server's log. */
export interface Logger {
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

/** What JSON has no form for, in one. */
function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') {
    return String(value);
  }
  // an error has nothing of its own that JSON sees
  return value instanceof Error ? { type: value.name, message: value.message, stack: value.stack, ...(value as object) } : value;
}

/** Fields as JSON; a log line never fails whoever writes it. */
function lineOf(base: object, fields: object, msg: string): string {
  try {
    return JSON.stringify({ ...base, ...fields, msg }, plain);
  } catch {
    return JSON.stringify({ ...base, fields: inspect(fields), msg });
  }
}

/** JSON lines on standard output, in the form of the server's own. */
export function lineLogger(base: object): Logger {
  const at = (level: number) => (message: string, fields: object = {}): void => {
    process.stdout.write(`${lineOf({ level, time: Date.now(), ...base }, fields, message)}\n`);
  };
  return { info: at(30), warn: at(40), error: at(50) };
}
