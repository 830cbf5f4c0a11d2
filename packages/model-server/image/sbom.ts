import { createHash } from 'node:crypto';
import type { Component } from './content';

const idOf = (text: string): string => `SPDXRef-${text.replace(/[^A-Za-z0-9.-]/g, '-')}`;

/** The bill of materials of an image, as SPDX 2.3. */
export function makeSbom(image: Component, components: readonly Component[], created: string): string {
  const listed = [...components].sort((a, b) => (a.purl < b.purl ? -1 : 1));
  const describe = (one: Component, id: string) => ({
    SPDXID: id,
    name: one.name,
    versionInfo: one.version,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: one.licence,
    copyrightText: 'NOASSERTION',
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: one.purl }],
    ...(one.sha256 === undefined ? {} : { checksums: [{ algorithm: 'SHA256', checksumValue: one.sha256 }] }),
  });
  const root = idOf(`image-${image.name}`);
  const packages = [describe(image, root), ...listed.map((one) => describe(one, idOf(one.purl)))];
  const hash = createHash('sha256').update(JSON.stringify(packages)).digest('hex');
  return `${JSON.stringify({
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `${image.name}-${image.version}`,
    documentNamespace: `https://cdk8s-kserve.dev/spdx/${image.name}-${image.version}-${hash}`,
    creationInfo: { created, creators: ['Tool: kserve-model-server-image'] },
    packages,
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: root },
      ...listed.map((one) => ({ spdxElementId: root, relationshipType: 'CONTAINS', relatedSpdxElement: idOf(one.purl) })),
    ],
  }, undefined, 1)}\n`;
}
