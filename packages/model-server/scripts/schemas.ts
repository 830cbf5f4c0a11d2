import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '../src/metrics/catalogue';
import { MODEL_SCHEMA } from '../src/model/schema';

/** What is published as JSON, by file. */
export const SCHEMAS: { readonly [file: string]: object } = {
  'model.schema.json': MODEL_SCHEMA,
  'metrics.json': CATALOGUE,
};

export const textOf = (schema: object): string => `${JSON.stringify(schema, undefined, 2)}\n`;

if (require.main === module) {
  for (const [file, schema] of Object.entries(SCHEMAS)) {
    writeFileSync(join(__dirname, '..', 'schema', file), textOf(schema));
  }
}
