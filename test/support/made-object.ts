import { Construct } from 'constructs';
import { ManifestHeader, ManifestObject } from '../../src/core/manifest';

/** An object of no kind that the library knows. */
export class MadeObject extends ManifestObject {
  constructor(
    scope: Construct, id: string,
    header: Partial<ManifestHeader> = {}, private readonly render: () => { [field: string]: unknown } = () => ({}),
  ) {
    super(scope, id, { apiVersion: 'acme.org/v1', kind: 'Thing', ...header });
  }

  _fields(): { [field: string]: unknown } {
    return this.render();
  }
}
