import { readlinkSync } from 'node:fs';
import { ProcessRecord, startProcess } from './processes';
import { ShellError, sh } from './shell';
import { until } from './wait';

/** A network of its own: every program has its usual ports there, whatever else runs on the machine. */
export interface Network {
  /** The process that keeps the namespace; its end removes the namespace and both interfaces. */
  readonly holder: ProcessRecord;
  /** The address of what runs inside, as seen from the parent. */
  readonly address: string;
  /** The interface on the parent's side. */
  readonly link: string;
}

export interface NetworkOptions {
  readonly name: string;
  readonly logDir: string;
  readonly survives: boolean;
  /** Where its holder is noted as soon as it runs. */
  readonly holders: ProcessRecord[];
  /** The network to which it is joined. @default - that of this machine */
  readonly parent?: Network;
}

const MOST_NETWORKS = 64;

export async function createNetwork(options: NetworkOptions): Promise<Network> {
  const parent = options.parent?.holder.pid;
  const holder = startProcess({
    name: options.name,
    command: 'unshare',
    args: ['--net', '--', 'sleep', 'infinity'],
    logDir: options.logDir,
    network: parent,
    survives: options.survives,
  });
  options.holders.push(holder);
  const outer = namespaceOf(parent ?? process.pid);
  await until('network namespace', async () => {
    const inner = namespaceOf(holder.pid);
    return (inner !== undefined && inner !== outer && inner !== namespaceOf(process.pid)) || undefined;
  }, { seconds: 10 });

  const outside = (...args: string[]) => ip(parent, args);
  const inside = (...args: string[]) => ip(holder.pid, args);
  const slot = await addInterfaces(holder.pid, outside);
  const range = `10.${parent === undefined ? 213 : 214}.${slot}`;
  await inside('link', 'set', 'lo', 'up');
  await inside('addr', 'add', `${range}.2/30`, 'dev', 'eth0');
  await inside('link', 'set', 'eth0', 'up');
  await outside('addr', 'add', `${range}.1/30`, 'dev', interfaceOf(slot));
  await outside('link', 'set', interfaceOf(slot), 'up');
  if (parent !== undefined) {
    await inside('route', 'add', 'default', 'via', `${range}.1`); // to the parent's own address
  }
  return { holder, address: `${range}.2`, link: interfaceOf(slot) };
}

/**
 * Removes the interfaces of a network of this machine, after its programs have ended.
 * Left alone they would go too, but only when the kernel has given up on their last connections.
 */
export async function removeLink(link: string): Promise<void> {
  if ((await sh('ip', ['-o', 'link'])).includes(` ${link}@`)) {
    await sh('ip', ['link', 'del', link]);
  }
}

/** Adding an interface whose name is taken fails, so the name is the lock of its address range. */
async function addInterfaces(pid: number, outside: (...args: string[]) => Promise<string>): Promise<number> {
  for (let slot = 0; slot < MOST_NETWORKS; slot++) {
    try {
      await outside('link', 'add', interfaceOf(slot), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pid));
      return slot;
    } catch (error) {
      if (!(error instanceof ShellError) || !error.output.includes('File exists')) {
        throw error;
      }
    }
  }
  throw new Error(`${MOST_NETWORKS} networks of the bench exist already: see "ip link"`);
}

const interfaceOf = (slot: number) => `kserve-bench-${slot}`;

const ip = (namespace: number | undefined, args: readonly string[]) => namespace === undefined
  ? sh('ip', args)
  : sh('nsenter', [`--net=/proc/${namespace}/ns/net`, '--', 'ip', ...args]);

function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}
