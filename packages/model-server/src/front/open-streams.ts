/** The open streams, each of which knows how to end. */
export class OpenStreams {
  private readonly ends = new Set<() => void>();
  private over = false;

  public get size(): number {
    return this.ends.size;
  }

  /** Takes a stream in; one that comes when the others have ended ends at once. */
  public add(end: () => void): void {
    if (this.over) {
      end();
    } else {
      this.ends.add(end);
    }
  }

  public delete(end: () => void): void {
    this.ends.delete(end);
  }

  /** Ends all, and all that are still to come. */
  public endAll(): void {
    this.over = true;
    for (const end of [...this.ends]) {
      end();
    }
  }
}
