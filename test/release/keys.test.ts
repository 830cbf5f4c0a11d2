import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { KServeRelease } from '../../src/release';
import { INTERNAL_KEY_PREFIX, KEYS } from '../../src/release/keys';

const SRC = join(__dirname, '../../src');
const VALUES = Object.values(KEYS);

test('every key is one that Kubernetes accepts', () => {
  const name = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;

  expect(VALUES.filter((key) => !name.test(key))).toEqual([]);
});

test('no key is listed twice', () => {
  expect([...new Set(VALUES)]).toEqual(VALUES);
});

test('no key belongs to the controller alone', () => {
  expect(VALUES.filter((key) => key.startsWith(INTERNAL_KEY_PREFIX))).toEqual([]);
});

test('the key that depends on the installation is not among the fixed ones', () => {
  const keys: readonly string[] = VALUES;
  const { helm, manifests } = KServeRelease.LATEST._data.config.byInstall;

  expect(keys).not.toContain(helm.storageSecretNameAnnotation);
  expect(keys).not.toContain(manifests.storageSecretNameAnnotation);
});

test('no other source file spells a key out', () => {
  const spelled = VALUES.filter((key) => key.includes('/'));
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith(`release${sep}`));

  const copies = files.flatMap((file) => {
    const text = readFileSync(join(SRC, file), 'utf8');
    return spelled.filter((key) => text.includes(`'${key}'`)).map((key) => `${file} spells '${key}': use KEYS`);
  });

  expect(copies).toEqual([]);
});
