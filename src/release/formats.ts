import type { ReleaseData } from './data';
import type { RuntimeData, RuntimeFormat } from './runtime-data';

/** What a release makes of a model format, worked out from its built-in runtimes. */
export interface FormatFacts {
  /** Spelled as KServe spells it: case counts. */
  readonly name: string;
  /** Versions that some runtime names, oldest first. */
  readonly versions: readonly string[];
  /** Protocols for which KServe chooses a runtime by itself, lowest first. */
  readonly protocols: readonly string[];
  /** The protocol in effect when the model names none. */
  readonly defaultProtocol: string;
  /** The protocol that the model must name, because no runtime is chosen for the default. */
  readonly protocolToName?: string;
}

/** The runtimes that an installation of the release contains. */
export function installedRuntimes(data: ReleaseData): RuntimeData[] {
  return Object.values(data.runtimes).filter((runtime) => runtime.installed);
}

/** The formats that installed runtimes serve, in alphabetical order. */
export function formatNames(data: ReleaseData): string[] {
  return [...new Set(installedRuntimes(data).flatMap((runtime) => runtime.formats.map((format) => format.name)))].sort();
}

const known = new WeakMap<ReleaseData, Map<string, FormatFacts | undefined>>();

/** What the release makes of a format; undefined when no installed runtime serves it. */
export function formatFacts(data: ReleaseData, name: string): FormatFacts | undefined {
  let formats = known.get(data);
  if (formats === undefined) {
    known.set(data, formats = new Map());
  }
  if (!formats.has(name)) {
    formats.set(name, workOut(data, name));
  }
  return formats.get(name);
}

function workOut(data: ReleaseData, name: string): FormatFacts | undefined {
  const entries = installedRuntimes(data).flatMap((runtime) =>
    runtime.formats.filter((format) => format.name === name).map((format): [RuntimeData, RuntimeFormat] => [runtime, format]));
  if (entries.length === 0) return undefined;

  const chosen = entries.filter(([, format]) => format.autoSelect).map(([runtime]) => runtime);
  const protocols = data.protocols.order.filter((protocol) =>
    chosen.some((runtime) => runtime.protocols.length === 0 || runtime.protocols.includes(protocol)));
  const defaultProtocol = data.protocols.ofFormat[name] ?? data.protocols.unset;
  return {
    name,
    versions: [...new Set(entries.flatMap(([, format]) => format.version ?? []))].sort((a, b) => Number(a) - Number(b)),
    protocols,
    defaultProtocol,
    ...(protocols.includes(defaultProtocol) ? {} : { protocolToName: protocols[0] }),
  };
}
