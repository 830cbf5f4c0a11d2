const BLOCK = 512;
const TYPE = { FILE: '0', LINK: '1', SYMLINK: '2', FOLDER: '5', LONG_NAME: 'L', LONG_LINK: 'K', PAX: 'x', PAX_GLOBAL: 'g' } as const;

/** A file, a symbolic link or a folder of an archive; which, its members tell. */
export interface Entry {
  /** Path without a leading slash. */
  readonly path: string;
  readonly mode?: number;
  readonly content?: Uint8Array;
  readonly link?: string;
}

const padded = (length: number): number => Math.ceil(length / BLOCK) * BLOCK;

function splitName(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= 100) {
    return { name: path, prefix: '' };
  }
  const cut = path.indexOf('/', path.length - 101);
  const prefix = path.slice(0, cut);
  if (cut === -1 || Buffer.byteLength(prefix) > 155) {
    throw new Error(`the path ${path} is too long for an archive`);
  }
  return { name: path.slice(cut + 1), prefix };
}

function header(path: string, type: string, mode: number, size: number, link: string): Buffer {
  const block = Buffer.alloc(BLOCK);
  const { name, prefix } = splitName(path);
  const octal = (value: number, at: number, width: number) => block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1');
  if (Buffer.byteLength(link) > 100) {
    throw new Error(`the link ${path} leads too far for an archive: ${link}`);
  }
  block.write(name, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write(' '.repeat(8), 148, 'latin1');
  block.write(type, 156, 'latin1');
  block.write(link, 157);
  block.write('ustar\x0000', 257, 'latin1');
  octal(0, 329, 8);
  octal(0, 337, 8);
  block.write(prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** Adds the folders above entries, and sorts: equal content gives equal bytes. */
function complete(entries: readonly Entry[]): Entry[] {
  const all = new Map<string, Entry>();
  for (const entry of entries) {
    const parts = entry.path.split('/');
    for (let i = 1; i < parts.length; i++) {
      const path = parts.slice(0, i).join('/');
      all.set(path, all.get(path) ?? { path });
    }
    const before = all.get(entry.path);
    if (before !== undefined && (before.content !== undefined || before.link !== undefined)) {
      throw new Error(`two entries of the archive are named ${entry.path}`);
    }
    all.set(entry.path, entry);
  }
  return [...all.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Writes an archive owned by root, without times. */
export function writeTar(entries: readonly Entry[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const { path, content, link, mode } of complete(entries)) {
    if (link !== undefined) {
      parts.push(header(path, TYPE.SYMLINK, 0o777, 0, link));
    } else if (content === undefined) {
      parts.push(header(`${path}/`, TYPE.FOLDER, mode ?? 0o755, 0, ''));
    } else {
      parts.push(header(path, TYPE.FILE, mode ?? 0o644, content.length, ''), content, Buffer.alloc(padded(content.length) - content.length));
    }
  }
  parts.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(parts);
}

function text(block: Buffer, start: number, length: number): string {
  const end = block.indexOf(0, start);
  return block.toString('utf8', start, end === -1 || end > start + length ? start + length : end);
}

/** The `path` and `linkpath` of a pax header. */
function paxFields(content: Buffer): Map<string, string> {
  const fields = new Map<string, string>();
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.toString('latin1', at, space));
    const record = content.toString('utf8', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    fields.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return fields;
}

/** Reads an archive: its files, folders and symbolic links. */
export function readTar(archive: Buffer): Entry[] {
  const entries: Entry[] = [];
  let longName: string | undefined;
  let longLink: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0;) {
    const block = archive.subarray(at, at + BLOCK);
    const size = parseInt(text(block, 124, 12).trim() || '0', 8);
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    const type = text(block, 156, 1) || TYPE.FILE;
    at += BLOCK + padded(size);
    if (type === TYPE.PAX || type === TYPE.PAX_GLOBAL) {
      const fields = paxFields(content);
      longName = fields.get('path');
      longLink = fields.get('linkpath');
      continue;
    }
    if (type === TYPE.LONG_NAME || type === TYPE.LONG_LINK) {
      const long = text(content, 0, size);
      longName = type === TYPE.LONG_NAME ? long : longName;
      longLink = type === TYPE.LONG_LINK ? long : longLink;
      continue;
    }
    const prefix = text(block, 257, 5) === 'ustar' ? text(block, 345, 155) : '';
    const path = (longName ?? (prefix === '' ? text(block, 0, 100) : `${prefix}/${text(block, 0, 100)}`)).replace(/^\.?\//, '').replace(/\/$/, '');
    const link = longLink ?? text(block, 157, 100);
    const mode = parseInt(text(block, 100, 8).trim(), 8);
    longName = undefined;
    longLink = undefined;
    if (type === TYPE.SYMLINK) {
      entries.push({ path, link });
    } else if (type === TYPE.LINK) {
      throw new Error(`the archive has a hard link, ${path}, which is not expected`);
    } else if (type === TYPE.FOLDER) {
      entries.push({ path, mode });
    } else if (type === TYPE.FILE || type === '7') {
      entries.push({ path, mode, content });
    }
  }
  return entries;
}
