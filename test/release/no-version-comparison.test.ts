import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import * as ts from 'typescript';

const SRC = join(__dirname, '../../src');

const COMPARISONS = new Set([
  ts.SyntaxKind.LessThanToken, ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken, ts.SyntaxKind.GreaterThanEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken, ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);
/** `release.version`, `target.release._data.version`, `String(release)`, `KServeRelease.V0_19`. */
const RELEASE_VERSION = /\brelease(\(\))?[!?]?(\._data)?[!?]?\.(version|toString\(\))|\bString\([\w.]*release\)|\bKServeRelease\.(V\d|of\(|LATEST|all\()/i;
const RELEASE_NUMBER = /^v?0\.(1[0-9]|2[0-9])(\.\d*)?$/;

/** Where code decides by the number of a KServe release instead of asking for an ability. */
function comparisons(code: string): string[] {
  const file = ts.createSourceFile('code.ts', code, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (decides(node)) found.push(node.getText());
    else node.forEachChild(visit);
  };
  visit(file);
  return found;
}

function decides(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node)) {
    return COMPARISONS.has(node.operatorToken.kind)
      && [node.left, node.right].some((side) => RELEASE_VERSION.test(side.getText()) || isReleaseNumber(side));
  }
  if (ts.isSwitchStatement(node)) return RELEASE_VERSION.test(node.expression.getText());
  if (ts.isElementAccessExpression(node)) return RELEASE_VERSION.test(node.argumentExpression.getText());
  if (ts.isCallExpression(node)) {
    // a method of the version, or the version handed to a method that looks for it
    return ts.isPropertyAccessExpression(node.expression)
      && (RELEASE_VERSION.test(node.expression.expression.getText()) && node.expression.expression.getText().endsWith('.version')
        || /^(includes|indexOf|has|compare|localeCompare|startsWith|gte?|lte?|satisfies)$/.test(node.expression.name.text)
          && node.arguments.some((argument) => RELEASE_VERSION.test(argument.getText()) || isReleaseNumber(argument)));
  }
  return ts.isIdentifier(node) && /^(semver|minorVersion|majorVersion)$/.test(node.text)
    || ts.isPropertyAccessExpression(node) && /^(minor|major)$/.test(node.name.text);
}

function isReleaseNumber(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) && RELEASE_NUMBER.test(node.text);
}

describe('a decision by the number of a release', () => {
  test.each([
    'if (release.version >= "0.19.0") a();',
    'const old = target.release._data.version < limit;',
    'const old = this.target.release === KServeRelease.V0_16;',
    'const old = version === "0.16.0";',
    'const old = name == "v0.19";',
    'const old = release.version.startsWith("0.1");',
    'const parts = release.version.split(".");',
    'const n = Number(release.version.slice(2, 4));',
    'const old = ["0.16.0"].includes(release.version);',
    'const old = text.startsWith("0.1" + "6") || text.startsWith("0.16");',
    'switch (release.version) { default: }',
    'const names = TABLE[release.version];',
    'const names = TABLE[`${release}`] ?? TABLE[String(release)];',
    'const old = release.toString() < other;',
    'import * as semver from "semver";',
    'if (parse(x).minor > 18) a();',
    'if (KServeRelease.all().indexOf(release) > 2) a();',
  ])('is found in: %s', (code) => {
    expect(comparisons(code)).not.toEqual([]);
  });

  test.each([
    'const release = props.release ?? KServeRelease.LATEST;',
    'const text = `KServe ${release.version} lacks spec.canary`;',
    'if (release._data.abilities.multiNode) a();',
    'if (format.version === undefined || entry.version === format.version) a();',
    'if (release._data.kinds.LLMInferenceService.version === "v1alpha2") a();',
    'const fix = "use KServeRelease.of(\'0.20.0\')"; // since 0.19.0 release.version < x',
  ])('is not seen in: %s', (code) => {
    expect(comparisons(code)).toEqual([]);
  });

  test('is nowhere in the library outside the release data', () => {
    const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith(`release${sep}`));

    const found = files.flatMap((file) => comparisons(readFileSync(join(SRC, file), 'utf8')).map((code) => `${file}: ${code}`));

    expect(files.length).toBeGreaterThan(0);
    expect(found).toEqual([]);
  });
});
