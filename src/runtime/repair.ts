import type { Candidate, RuntimeRequest, Selection } from './selection';
import { Deferred } from '../core/deferred';
import type { ProtocolsData } from '../release/data';

/** A change to a request, and how a program makes it. */
interface Change {
  readonly change: Partial<RuntimeRequest>;
  readonly text: string;
}

/**
 * The changes to a request, each tried out, with which KServe finds a runtime for it:
 * single ones where there are any, else pairs.
 */
export function repairsOf(
  request: RuntimeRequest, candidates: Candidate[], protocols: ProtocolsData, select: (request: RuntimeRequest) => Selection,
): string[] {
  const changes = changesTo(request, candidates, protocols);
  const singles = works(changes.map((change) => [change]), request, select);
  return singles.length > 0 ? singles : works(pairs(changes), request, select);
}

function works(attempts: Change[][], request: RuntimeRequest, select: (request: RuntimeRequest) => Selection): string[] {
  return attempts.flatMap((attempt) => {
    const { chosen } = select(Object.assign({}, request, ...attempt.map(({ change }) => change)));
    return chosen === undefined ? [] : `${attempt.map(({ text }) => text).join(' and ')} (${chosen.facts.name})`;
  });
}

function changesTo({ format, version, protocol, runtime }: RuntimeRequest, candidates: Candidate[], { order }: ProtocolsData): Change[] {
  const served = candidates.flatMap(({ facts }) => facts.formats).filter((entry) => !Deferred.is(entry.name) && !Deferred.is(entry.version));
  const spellings = new Set(served.map(({ name }) => name).filter((name) => name !== format && name.toLowerCase() === format.toLowerCase()));
  const versions = new Set(served.filter(({ name }) => name === format).flatMap((entry) => entry.version ?? []));
  const names = candidates.filter(({ facts }) => facts.formats.some(({ name, autoSelect }) => name === format && !autoSelect))
    .map(({ facts }) => facts.name);
  return [
    ...[...spellings].map((name) => ({ change: { format: name }, text: `spell the format '${name}'` })),
    ...order.filter((other) => other !== protocol).map((other) => ({ change: { protocol: other }, text: `set protocol: InferenceProtocol.${memberOf(other)}` })),
    ...version === undefined ? [] : [{ change: { version: undefined }, text: 'leave the version out' }],
    ...[...versions].filter((other) => other !== version).map((other) => ({ change: { version: other }, text: `use version '${other}'` })),
    ...runtime === undefined ? [] : [{ change: { runtime: undefined }, text: 'leave the runtime out' }],
    ...runtime !== undefined ? [] : names.map((name) => ({ change: { runtime: name }, text: `name the runtime '${name}'` })),
  ];
}

/** The member of the enum `InferenceProtocol` that stands for a protocol. */
export function memberOf(protocol: string): string {
  return protocol.toUpperCase().replace('-', '_');
}

function pairs(changes: Change[]): Change[][] {
  return changes.flatMap((first, i) => changes.slice(i + 1)
    .filter((second) => Object.keys(first.change)[0] !== Object.keys(second.change)[0])
    .map((second) => [first, second]));
}
