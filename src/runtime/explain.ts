import { protocolRank, priorityOf } from './capability';
import type { RuntimeRequest, Selection, Verdict } from './selection';
import { Deferred } from '../core/deferred';
import type { ProtocolsData } from '../release/data';
import type { RuntimeFormat } from '../target';

/** How a request reads in a message. */
export function describeRequest({ format, version, multiNode }: RuntimeRequest): string {
  return `${shown(format)}${version === undefined ? '' : ` ${shown(version)}`}${multiNode ? ' with workers' : ''}`;
}

/** The protocol that runtimes are judged by; undefined if they are not. */
export function wantedProtocol({ format, protocol, runtime }: RuntimeRequest, { ofFormat, unset }: ProtocolsData): string | undefined {
  const byFormat = Deferred.is(format) ? undefined : ofFormat[format];
  return protocol ?? byFormat ?? (runtime === undefined ? unset : undefined);
}

/** Why a candidate was taken or not, as the end of a sentence about it. */
export function reasonOf(verdict: Verdict, request: RuntimeRequest, { chosen }: Selection, protocols: ProtocolsData): string {
  const { candidate: { facts }, obstacle, after } = verdict;
  const { format } = request;
  switch (obstacle ?? after) {
    case undefined: return 'chosen';
    case 'namespace': return obstacle === undefined ? 'comes after the runtimes of the namespace' : `serves namespace ${shown(facts.namespace)} only`;
    case 'not-named': return 'is not the one that the service names';
    case 'hidden': return 'is hidden by a ServingRuntime of the same name';
    case 'disabled': return 'is disabled';
    case 'multi-model': return 'is for many models in one server, so it must be named';
    case 'multi-node': return 'has workers, the service has none';
    case 'single-node': return 'has no workers';
    case 'format': return `does not serve ${format}`;
    case 'case': return `serves ${facts.formats.find(({ name }) => name.toLowerCase() === format.toLowerCase())?.name}; upper and lower case count`;
    case 'version': return `serves ${entries(facts.formats, format).join(', ')}`;
    case 'auto-select': return `serves ${format} only if it is named (autoSelect is off)`;
    case 'deferred': return 'depends on what is not known before deployment';
    case 'priority': return `has ${priority(verdict, format)}, which comes after ${priority({ candidate: chosen! }, format)}`;
    case 'age': return 'ties with the chosen one: the younger of them wins';
    case 'protocol': return obstacle === undefined
      ? `has the lowest protocol ${lowest(verdict, protocols)}, which comes after ${lowest({ candidate: chosen! }, protocols)}`
      : `speaks ${facts.protocolVersions?.join(', ')}`;
  }
}

/** All candidates with the reason why each was taken or not, as lines of text. */
export function tableOf(selection: Selection, request: RuntimeRequest, protocols: ProtocolsData, verdicts = selection.verdicts): string[] {
  const rows = verdicts.map((verdict) => [
    shown(verdict.candidate.facts.name),
    verdict.candidate.namespaced ? `namespace ${shown(verdict.candidate.facts.namespace)}` : 'cluster',
    reasonOf(verdict, request, selection, protocols),
  ]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

/** Runtimes that come near to serving a request; those that know nothing of its format are only counted. */
export function nearMisses(selection: Selection, request: RuntimeRequest, protocols: ProtocolsData): string {
  const near = selection.verdicts.filter(({ obstacle }) => obstacle !== 'format' && obstacle !== 'not-named');
  const others = selection.verdicts.length - near.length;
  const what = request.runtime === undefined ? `do not serve ${request.format} at all` : 'have other names';
  const rest = others === 0 ? [] : [`${near.length === 0 ? 'all ' : ''}${others} ${near.length === 0 ? '' : 'others '}${what}`];
  return [...tableOf(selection, request, protocols, near), ...rest].map((line) => `\n        ${line}`).join('');
}

function entries(formats: RuntimeFormat[], format: string): string[] {
  return formats.filter(({ name }) => name === format).map(({ name, version }) => version === undefined ? `${name} of no version` : `${name} ${version}`);
}

function priority({ candidate: { facts } }: Verdict, format: string): string {
  const value = priorityOf(facts, format);
  return value === undefined ? 'no priority' : `priority ${value}`;
}

function lowest({ candidate: { facts } }: Verdict, protocols: ProtocolsData): string {
  return protocols.order[protocolRank(facts, protocols)] ?? 'none';
}

function shown(value: string | undefined): string {
  return value === undefined ? '(unknown)' : Deferred.is(value) ? '(known at deployment)' : value;
}
