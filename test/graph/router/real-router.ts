import { ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Job, JobResult } from './jobs';
import { REPO } from '../../cluster/bench/paths';

/** Network namespaces in each of which one router runs at a time. */
export class RouterRooms {
  private readonly idle: Room[];
  private readonly waiting: ((room: Room) => void)[] = [];

  constructor(count: number) {
    this.idle = Array.from({ length: count }, () => new Room());
  }

  async run(job: Job): Promise<JobResult> {
    const room = this.idle.pop() ?? await new Promise<Room>((take) => this.waiting.push(take));
    try {
      return await room.run(job);
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) {
        this.idle.push(room);
      } else {
        next(room);
      }
    }
  }

  close(): void {
    this.idle.forEach((room) => room.close());
  }
}

class Room {
  private readonly worker: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  constructor() {
    const worker = join(__dirname, 'worker.ts');
    this.worker = spawn('unshare', [
      '--net', '--kill-child', '--', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', process.execPath, '--import', 'tsx', worker,
    ], { stdio: ['pipe', 'pipe', 'inherit'], cwd: REPO });
    this.lines = createInterface({ input: this.worker.stdout! })[Symbol.asyncIterator]();
  }

  async run(job: Job): Promise<JobResult> {
    this.worker.stdin!.write(`${Buffer.from(JSON.stringify(job)).toString('base64')}\n`);
    const { value } = await this.lines.next();
    return value === undefined ? { answers: [], error: 'the worker has ended' } : JSON.parse(Buffer.from(value, 'base64').toString());
  }

  close(): void {
    this.worker.stdin!.end();
  }
}
