/*
 * A runner without a mind: it tells the stage at argv[2] each frame that comes, one JSON text a line,
 * and writes the frames that the stage tells it to.
 */
const { Socket, connect } = require('node:net');

const HEADER = 32;
const STOP = 15;
const pad8 = (length) => (length + 7) & ~7;

process.on('SIGTERM', () => undefined);
const front = new Socket({ fd: 3, readable: true, writable: true });
const stage = connect(process.argv[2]);
stage.write(`${JSON.stringify({ pid: process.pid })}\n`);

let bytes = Buffer.alloc(0);
front.on('data', (chunk) => {
  bytes = Buffer.concat([bytes, chunk]);
  while (bytes.length >= HEADER && bytes.length >= bytes.readUInt32LE(0)) {
    const length = bytes.readUInt32LE(0);
    const [op, metaLength, tensors] = [bytes[12], bytes.readUInt32LE(16), bytes.readUInt16LE(14)];
    if (op === STOP) {
      process.exit(0);
    }
    const meta = tensors === 0 && metaLength > 0 ? JSON.parse(bytes.subarray(HEADER, HEADER + metaLength)) : undefined;
    stage.write(`${JSON.stringify({ op, id: bytes.readUInt32LE(4), slot: bytes.readUInt32LE(8), meta })}\n`);
    bytes = bytes.subarray(length);
  }
});
front.on('close', () => process.exit(0));
stage.on('error', () => process.exit(0));

let lines = '';
stage.on('data', (chunk) => {
  lines += chunk;
  for (let end = lines.indexOf('\n'); end !== -1; end = lines.indexOf('\n')) {
    const { exit, op, id, slot, meta } = JSON.parse(lines.slice(0, end));
    lines = lines.slice(end + 1);
    if (exit !== undefined) {
      process.exit(exit);
    }
    const text = Buffer.from(meta === undefined ? '' : JSON.stringify(meta));
    const frame = Buffer.alloc(HEADER + pad8(text.length));
    frame.writeUInt32LE(frame.length, 0);
    frame.writeUInt32LE(id, 4);
    frame.writeUInt32LE(slot, 8);
    frame[12] = op;
    frame.writeUInt32LE(text.length, 16);
    text.copy(frame, HEADER);
    front.write(frame);
  }
});
