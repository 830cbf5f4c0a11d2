import { createNetwork, Network } from './network';
import { ProcessRecord, startProcess, stopProcesses, untilHealthy } from './processes';
import { binary } from './tools';

export interface ProgramOptions {
  readonly name: string;
  /** Folder of the tool that has the program. */
  readonly tool: string;
  /** @default - the name */
  readonly program?: string;
  readonly args: readonly string[];
  readonly env?: { readonly [name: string]: string };
  /** Runs in a network of its own, joined to the cluster's, because of a port that cannot be chosen. */
  readonly apart?: boolean;
}

/** There is more memory than time: heaps may grow further before Go cleans them up. */
const COLLECT_SELDOM = { GOGC: '400', GOMEMLIMIT: '2500MiB' };

/** The running programs of one cluster, all in its network. */
export class Programs {
  public readonly records: ProcessRecord[] = [];
  /** The processes that keep the networks; they end last. */
  public readonly holders: ProcessRecord[] = [];

  private opened?: Network;

  public constructor(readonly runDir: string, private readonly survives: boolean) {}

  /** Makes the network that the programs need. */
  public async openNetwork(): Promise<void> {
    this.opened = await createNetwork({ name: 'network', logDir: this.runDir, survives: this.survives, holders: this.holders });
  }

  /** The address of every program, from this machine and from the cluster itself. */
  public get address(): string {
    return this.network.address;
  }

  /** The interface by which this machine reaches them; undefined before there is one. */
  public get link(): string | undefined {
    return this.opened?.link;
  }

  public async start(options: ProgramOptions): Promise<ProcessRecord> {
    return this.run({ ...options, command: binary(options.tool, options.program ?? options.name) });
  }

  /** Starts a command that is not one of the tools. */
  public async run(options: Omit<ProgramOptions, 'tool'> & { readonly command: string }): Promise<ProcessRecord> {
    const network = options.apart ? await this.room(options.name) : this.network;
    const record = startProcess({
      name: options.name,
      command: options.command,
      args: options.args,
      env: { ...COLLECT_SELDOM, ...options.env },
      logDir: this.runDir,
      network: network.holder.pid,
      survives: this.survives,
    });
    this.records.push(record);
    return record;
  }

  public async untilHealthy(record: ProcessRecord, healthy: () => Promise<boolean>, seconds?: number): Promise<void> {
    await untilHealthy(record, healthy, seconds);
  }

  public async untilUrl(record: ProcessRecord, url: string, seconds?: number): Promise<void> {
    await untilHealthy(record, async () => (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok, seconds);
  }

  /** Stops some of the programs before the others. */
  public async stop(...records: readonly ProcessRecord[]): Promise<void> {
    await stopProcesses(records);
    for (const record of records) {
      this.records.splice(this.records.indexOf(record), 1);
    }
  }

  private async room(name: string): Promise<Network> {
    return createNetwork({
      name: `network-${name}`, logDir: this.runDir, survives: this.survives, holders: this.holders, parent: this.network,
    });
  }

  private get network(): Network {
    if (!this.opened) {
      throw new Error('the programs have no network yet: openNetwork() comes first');
    }
    return this.opened;
  }
}
