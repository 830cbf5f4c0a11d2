import { join } from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '..');

/** What a bundle leaves out. */
export const EXTERNAL: readonly string[] = ['onnxruntime-node', 'pino', '@opentelemetry/*', 'esbuild', '../package.json'];

/** Bundles the server's programs into a folder laid out as the compiled package is; gives the source files that went in. */
export function bundle(outdir: string): string[] {
  const { metafile } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: ['src/main.ts', 'src/runner/main.ts', 'src/index.ts'],
    outbase: 'src',
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: [...EXTERNAL],
    // V8 keeps the text of what it runs
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: 'external',
    logLevel: 'error',
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

if (require.main === module) {
  bundle(process.argv[2] ?? join(ROOT, 'lib'));
}
