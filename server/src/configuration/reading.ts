/**
 * What every part of the reader does: takes a value for what it must be, and says so where it is something else.
 */
import { nearestName } from '../base/nearestName.ts';
import type { SourceRange } from '../base/text.ts';
import { quoteText, quoteValue, type LocatedObject, type LocatedValue } from './locatedValue.ts';
import type { ProblemList } from './problemList.ts';

export interface Reading {
  readonly problems: ProblemList;
  readonly knownDeviceIds: readonly string[];
  /** Whether a prediction may be for a device that is none of ours: of a cell, those that its weights know. */
  readonly acceptsPredictedDevices?: boolean;
}

export function readObject(value: LocatedValue, name: string, reading: Reading): LocatedObject | undefined {
  if (value.kind === 'object') return value;
  wrongType(value, name, 'an object', reading);
  return undefined;
}

export function readList(value: LocatedValue, name: string, reading: Reading): readonly LocatedValue[] {
  if (value.kind === 'list') return value.items;
  wrongType(value, name, 'a list', reading);
  return [];
}

/** A text that is not empty. */
export function readText(value: LocatedValue, name: string, reading: Reading): string | undefined {
  if (value.kind === 'text' && value.value.trim() !== '') return value.value;
  wrongType(value, name, 'a text that is not empty', reading);
  return undefined;
}

export function readTexts(value: LocatedValue, name: string, reading: Reading): readonly string[] {
  return readList(value, name, reading).flatMap((item) => readText(item, `Each of ${name}`, reading) ?? []);
}

export function readFlag(value: LocatedValue, name: string, reading: Reading): boolean | undefined {
  if (value.kind === 'boolean') return value.value;
  wrongType(value, name, 'true or false', reading);
  return undefined;
}

function wrongType(value: LocatedValue, name: string, wanted: string, { problems }: Reading): void {
  problems.add('configuration-type', `${name} must be ${wanted}, not ${quoteValue(value)}.`, value.range);
}

/** The members that are known; each other one is a problem that names what it may have meant. */
export function readMembers(
  { members }: LocatedObject,
  known: readonly string[],
  { problems }: Reading,
): ReadonlyMap<string, LocatedValue> {
  const found = new Map<string, LocatedValue>();
  for (const [key, { keyRange, value }] of members) {
    if (known.includes(key)) found.set(key, value);
    else problems.add('unknown-key', unknownText(key, known), keyRange);
  }
  return found;
}

/** A device that is not among the known ones. */
export function unknownDevice(id: string, range: SourceRange, { problems, knownDeviceIds }: Reading): void {
  problems.add('unknown-device', unknownText(id, knownDeviceIds), range);
}

function unknownText(name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  const hint = near === undefined ? `known are ${known.join(', ')}` : `did you mean "${near}"?`;
  return `${quoteText(name)} is not known here; ${hint}${near === undefined ? '.' : ''}`;
}
