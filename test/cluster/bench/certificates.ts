import { randomBytes } from 'node:crypto';
import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sh } from './shell';

/** PEM files of one key pair. */
export interface KeyPair {
  readonly key: string;
  readonly certificate: string;
}

/** A certificate authority of the cluster's own, valid for a week. */
export async function createAuthority(dir: string): Promise<KeyPair> {
  const pair = files(dir, 'ca');
  await sh('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '7',
    '-subj', '/CN=cluster-bench', '-keyout', pair.key, '-out', pair.certificate,
  ]);
  return pair;
}

/** A server certificate for addresses (`IP:…`) and names (`DNS:…`). */
export async function issueCertificate(dir: string, name: string, authority: KeyPair, subjects: readonly string[]): Promise<KeyPair> {
  const pair = files(dir, name);
  const request = join(dir, `${name}.csr`);
  const extensions = join(dir, `${name}.ext`);
  writeFileSync(extensions, `subjectAltName=${subjects.join(',')}\n`);
  await sh('openssl', [
    'req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
    '-subj', `/CN=${name}`, '-keyout', pair.key, '-out', request,
  ]);
  await sh('openssl', [
    'x509', '-req', '-in', request, '-CA', authority.certificate, '-CAkey', authority.key,
    '-set_serial', `0x${randomBytes(8).toString('hex')}`, // a serial file of the authority's is not for two at a time
    '-days', '7', '-extfile', extensions, '-out', pair.certificate,
  ]);
  return pair;
}

export function base64(file: string): string {
  return readFileSync(file).toString('base64');
}

function files(dir: string, name: string): KeyPair {
  return { key: join(dir, `${name}.key`), certificate: join(dir, `${name}.crt`) };
}
