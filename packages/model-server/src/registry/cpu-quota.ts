import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** CPUs this process may use, by the control group's quota and the machine. */
export function cpuQuota(available: number, root = '/sys/fs/cgroup'): number {
  for (const read of [quotaV2, quotaV1]) {
    const quota = read(root);
    if (quota !== undefined) {
      return Math.max(1, Math.min(available, Math.ceil(quota)));
    }
  }
  return available;
}

function quotaV2(root: string): number | undefined {
  try {
    const [quota, period] = readFileSync(join(root, 'cpu.max'), 'utf8').trim().split(' ');
    return quota === 'max' ? undefined : Number(quota) / Number(period);
  } catch {
    return undefined;
  }
}

function quotaV1(root: string): number | undefined {
  try {
    const quota = Number(readFileSync(join(root, 'cpu/cpu.cfs_quota_us'), 'utf8'));
    return quota > 0 ? quota / Number(readFileSync(join(root, 'cpu/cpu.cfs_period_us'), 'utf8')) : undefined;
  } catch {
    return undefined;
  }
}
