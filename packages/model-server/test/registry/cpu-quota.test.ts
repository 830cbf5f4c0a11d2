import { cpuQuota } from '../../src/registry/cpu-quota';
import { folderWith } from '../support/server';

test.each([
  ['a quota of version 2', { 'cpu.max': '150000 100000\n' }, 2],
  ['no quota of version 2', { 'cpu.max': 'max 100000\n' }, 8],
  ['less than one CPU', { 'cpu.max': '20000 100000\n' }, 1],
  ['more than the machine has', { 'cpu.max': '1600000 100000\n' }, 8],
  ['a quota of version 1', { 'cpu/cpu.cfs_quota_us': '300000\n', 'cpu/cpu.cfs_period_us': '100000\n' }, 3],
  ['no quota of version 1', { 'cpu/cpu.cfs_quota_us': '-1\n', 'cpu/cpu.cfs_period_us': '100000\n' }, 8],
  ['no control group', {}, 8],
] as const)('%s', (_, files, cpus) => {
  expect(cpuQuota(8, folderWith(files))).toBe(cpus);
});
