import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import * as ts from 'typescript';
import { REPO } from '../bench/paths';

/** The structs that the library gives out, each with the props of its own, without those that it inherits. */
export function libraryStructs(): Map<string, string[]> {
  return new Map(exportedFiles(join(REPO, 'src/index.ts')).flatMap(structsIn));
}

/** The structs that copy Kubernetes' own and are handed on as they are. */
export function kubernetesStructs(): string[] {
  return structsIn(join(REPO, 'src/core/generated/pod-spec.ts')).map(([name]) => name);
}

function exportedFiles(index: string): string[] {
  return [...readFileSync(index, 'utf8').matchAll(/^export \* from '(.+)';$/gm)].flatMap(([, path]) => {
    const file = join(dirname(index), `${path}.ts`);
    return ts.sys.fileExists(file) ? [file] : exportedFiles(join(dirname(index), path, 'index.ts'));
  });
}

function structsIn(file: string): [name: string, props: string[]][] {
  const source = ts.createSourceFile(relative(REPO, file), readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  return source.statements.filter(ts.isInterfaceDeclaration)
    .filter(({ name, modifiers }) => !/^I[A-Z]/.test(name.text) && modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .map(({ name, members }) => [name.text, members.map((member) => member.name!.getText())]);
}
