import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';

/** The root of another container whose processes are seen here: its text is that container's own, so that only the kernel can follow it. */
const OTHER_ROOT = /^\/proc\/\d+\/root$/;

/** Whether a path without links leads through the root of another container. */
export const isInOtherRoot = (path: string): boolean => /^\/proc\/\d+\/root\//.test(path);

/** Whether a path lies below a folder, both without links. */
export const isBelow = (folder: string, path: string): boolean => path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** The path without links but those to the root of another container, by which KServe hands out the models of an image. */
export function realPath(path: string): string {
  statSync(path); // tells what is missing, and ends where links go in a circle
  return follow(resolve(path));
}

function follow(path: string): string {
  const parent = dirname(path);
  if (parent === path) {
    return path;
  }
  const at = join(follow(parent), basename(path));
  return OTHER_ROOT.test(at) || !lstatSync(at).isSymbolicLink() ? at : follow(resolve(dirname(at), readlinkSync(at)));
}
