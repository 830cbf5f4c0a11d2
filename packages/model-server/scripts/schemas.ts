import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { protoText } from './proto-text';
import { INFERENCE } from '../src/grpc/schema';
import { CATALOGUE } from '../src/metrics/catalogue';
import { MODEL_SCHEMA } from '../src/model/schema';

const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

const PROTO = `What kserve-model-server speaks over gRPC: the Open Inference Protocol with the model
repository, as clients of KServe and of Triton know it. Load and unload take the name
of the model in the field of either.`;

/** What is published beside the programs, by file. */
export const SCHEMAS: { readonly [file: string]: string } = {
  'model.schema.json': json(MODEL_SCHEMA),
  'metrics.json': json(CATALOGUE),
  [INFERENCE.name]: protoText(INFERENCE, PROTO),
};

if (require.main === module) {
  for (const [file, text] of Object.entries(SCHEMAS)) {
    writeFileSync(join(__dirname, '..', 'schema', file), text);
  }
}
