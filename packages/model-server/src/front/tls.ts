import { readFileSync, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** Mounted secrets change by links, which only polling sees for certain. */
const LOOK_EVERY_MS = 2000;

export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Certificate and key on disk, read again when they change. */
export class TlsFiles {
  private readonly listeners: ((material: TlsMaterial) => void)[] = [];

  public constructor(private readonly certFile: string, private readonly keyFile: string, private readonly onChanged: (error: Error | undefined) => void) {
    for (const file of [certFile, keyFile]) {
      watchFile(file, { interval: LOOK_EVERY_MS, persistent: false }, () => this.reload());
    }
  }

  public read(): TlsMaterial {
    return { cert: readFileSync(this.certFile), key: readFileSync(this.keyFile) };
  }

  public onChange(listener: (material: TlsMaterial) => void): void {
    this.listeners.push(listener);
  }

  private reload(): void {
    try {
      const material = this.read();
      // a certificate without its key yet: the key's change comes too
      createSecureContext(material);
      for (const listener of this.listeners) {
        listener(material);
      }
      this.onChanged(undefined);
    } catch (error) {
      this.onChanged(error as Error);
    }
  }
}
