/** Writes lines for the server's log. */
export interface Logger {
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

/** JSON lines on standard output, in the form of the server's own. */
export function lineLogger(base: object): Logger {
  const at = (level: number) => (message: string, fields: object = {}): void => {
    process.stdout.write(`${JSON.stringify({ level, time: Date.now(), ...base, ...fields, msg: message })}\n`);
  };
  return { info: at(30), warn: at(40), error: at(50) };
}
