import { IConstruct } from 'constructs';
import { changed } from '../core/changes';

interface Settings { strict: boolean; waivers: Map<string, string> }

const settings = new WeakMap<IConstruct, Settings>();

/** The settings made at a scope, created when there are none. */
export function settingsAt(scope: IConstruct): Settings {
  let known = settings.get(scope);
  if (known === undefined) {
    known = { strict: false, waivers: new Map() };
    settings.set(scope, known);
  }
  changed(scope);
  return known;
}

/** Whether warnings about the construct count as errors. */
export function isStrict(construct: IConstruct): boolean {
  return construct.node.scopes.some((scope) => settings.get(scope)?.strict);
}

/** The reason why findings of a rule do not count for the construct, if there is one. */
export function waiverFor(construct: IConstruct, code: string): string | undefined {
  for (const scope of [...construct.node.scopes].reverse()) {
    const reason = settings.get(scope)?.waivers.get(code);
    if (reason !== undefined) {
      return reason;
    }
  }
  return undefined;
}
