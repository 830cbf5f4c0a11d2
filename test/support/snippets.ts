import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as ts from 'typescript';

export const ROOT = resolve(__dirname, '../..');
const FIXTURE = readFileSync(join(ROOT, 'rosetta/default.ts-fixture'), 'utf8');
const HERE = /^.*\/\/\/ here.*$/m;

/** A program on a page, with what the page says about it. */
export interface Snippet {
  /** `<page>:<line>` of its first line. */
  readonly at: string;
  /** The program with all that stands around it. */
  readonly program: string;
  /** Whether the fixture stands around it; otherwise the page shows all. */
  readonly hasFixture: boolean;
  /** Codes of the rules that refuse it: `ts refused=KSV1234,KSV2345`. */
  readonly refused: string[];
  /** What it prints: the comments behind its `console.log`, each up to a semicolon. */
  readonly prints: string[];
  /** The block that follows: the manifests that it makes. */
  readonly manifests?: string;
  /** The block that follows: the findings that it gets. */
  readonly findings?: string;
}

/** All `ts` blocks of a Markdown page. A `yaml` or `text` block belongs to the program before it. */
export function snippetsOf(page: string): Snippet[] {
  const blocks = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```(\w*)([^\n]*)\n(.*?)^```$/gms)].map((match) => ({
    language: match[1],
    options: match[2].trim().split(/\s+/),
    text: match[3],
    line: match.input.slice(0, match.index).split('\n').length + 1,
  }));
  return blocks.flatMap(({ language, options, text, line }, i) => {
    if (language !== 'ts') {
      return [];
    }
    const next = blocks[i + 1];
    const hasFixture = !options.includes('nofixture');
    return [{
      at: `${page}:${line}`,
      program: hasFixture ? FIXTURE.replace(HERE, () => text) : text,
      hasFixture,
      refused: options.flatMap((option) => /^refused=(.*)/.exec(option)?.[1].split(',') ?? []),
      prints: [...text.matchAll(/^\s*console\.log\(.*\); *\/\/ ([^;\n]+)/gm)].map(([, printed]) => printed),
      manifests: next?.language === 'yaml' ? next.text : undefined,
      findings: next?.language === 'text' ? next.text : undefined,
    }];
  });
}

/** The errors of the type check, in one run of the compiler for all snippets. */
export function typeErrors(snippets: Snippet[]): string[] {
  const config = ts.getParsedCommandLineOfConfigFile(join(ROOT, 'test/tsconfig.json'), { noUnusedLocals: false }, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => { throw new Error(String(diagnostic.messageText)); },
  })!;
  const files = new Map(snippets.map((snippet, i) => [join(ROOT, 'test', `snippet-${i}.ts`), snippet]));
  const host = ts.createCompilerHost(config.options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file)?.program ?? readFile(file);
  host.getSourceFile = (file, target, ...rest) => files.has(file)
    ? ts.createSourceFile(file, files.get(file)!.program, target)
    : getSourceFile(file, target, ...rest);

  const program = ts.createProgram([...files.keys()], config.options, host);
  return [...files].flatMap(([file, { at }]) => {
    const source = program.getSourceFile(file)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ messageText, start = 0, length }) =>
      `${at} '${source.text.slice(start, start + (length ?? 0))}': ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  });
}

/** The snippet as a function that Node can run. */
export function compiled({ program, hasFixture }: Snippet): (require: NodeJS.Require, exports: object) => void {
  const { outputText } = ts.transpileModule(hasFixture ? `${program}\nexport { app };` : program, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  return new Function('require', 'exports', outputText) as ReturnType<typeof compiled>;
}
