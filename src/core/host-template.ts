import { Deferred } from './deferred';

/** What a template is made of: text, variables, and actions that need more than this library knows. */
type Part = { readonly text: string } | { readonly variable: string } | { readonly action: string };

const ACTION = /\{\{-?\s*(.*?)\s*-?\}\}/g;
const VARIABLE = /^\.(\w+)$/;

const parsed = new Map<string, Part[]>();

/**
 * A Go template with the given variables filled in. Undefined where a variable is,
 * where the template asks for anything else, and where it is known only at deployment.
 */
export function expand(template: string, values: { readonly [variable: string]: string | undefined }): string | undefined {
  if (Deferred.is(template)) {
    return undefined;
  }
  let result = '';
  for (const part of parse(template)) {
    const value = 'text' in part ? part.text : 'variable' in part ? values[part.variable] : undefined;
    if (value === undefined) {
      return undefined;
    }
    result += value;
  }
  return result;
}

/** What a template asks for beside the given variables, as it writes it. */
export function unknownActions(template: string, variables: readonly string[]): string[] {
  return Deferred.is(template) ? [] : parse(template).flatMap((part) => {
    if ('action' in part) {
      return [part.action];
    }
    return 'variable' in part && !variables.includes(part.variable) ? [`.${part.variable}`] : [];
  });
}

function parse(template: string): Part[] {
  let parts = parsed.get(template);
  if (parts === undefined) {
    parts = [];
    let end = 0;
    for (const [whole, action] of template.matchAll(ACTION)) {
      const start = template.indexOf(whole, end);
      const variable = VARIABLE.exec(action)?.[1];
      parts.push({ text: template.slice(end, start) }, variable === undefined ? { action } : { variable });
      end = start + whole.length;
    }
    parts.push({ text: template.slice(end) });
    parsed.set(template, parts);
  }
  return parts;
}
