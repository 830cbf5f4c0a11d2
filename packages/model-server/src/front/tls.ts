import { readFileSync, watchFile } from 'node:fs';

export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Certificate and key on disk, read again when they change. */
export class TlsFiles {
  private readonly listeners: ((material: TlsMaterial) => void)[] = [];

  public constructor(private readonly certFile: string, private readonly keyFile: string, private readonly onError: (error: Error) => void) {
    // mounted secrets change by links, which only polling sees for certain
    watchFile(certFile, { interval: 10_000, persistent: false }, () => this.reload());
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
      for (const listener of this.listeners) {
        listener(material);
      }
    } catch (error) {
      this.onError(error as Error);
    }
  }
}
