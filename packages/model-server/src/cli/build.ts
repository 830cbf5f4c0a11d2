import { basename, extname, join, resolve } from 'node:path';

/** Bundles a user's model with what it imports, so that it needs no node_modules beside it. */
export function buildModel(args: readonly string[]): string {
  const [entry, out] = args;
  if (entry === undefined) {
    throw new Error('usage: kserve-model-server build ./model.ts [out.mjs]');
  }
  const outfile = resolve(out ?? join('dist', `${basename(entry, extname(entry))}.mjs`));
  let esbuild: { buildSync(options: object): unknown };
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports, import/no-extraneous-dependencies
    esbuild = require('esbuild') as typeof esbuild;
  } catch {
    throw new Error('build needs esbuild: npm install --save-dev esbuild');
  }
  esbuild.buildSync({
    entryPoints: [resolve(entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    external: ['kserve-model-server'],
    // modules of CommonJS inside an ES module still call require
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  return outfile;
}
