/**
 * The text of a `layercost.json` or a `pyproject.toml` -> the configuration and what is wrong with it:
 * { "entries": [{ "model": "net.py:Net", "budgets": { "params": "5M" } }] } -> one entry that may have 5,000,000.
 * What cannot be read is a problem at its place; the rest is read all the same.
 */
import { textProblem, type Problem } from '../base/problems.ts';
import type { Configuration, EntryConfiguration } from './configuration.ts';
import { parseInputText, type InputSpec } from './inputText.ts';
import { quoteText, type LocatedValue } from './locatedValue.ts';
import { locateJson } from './locateJson.ts';
import { locateToml } from './locateToml.ts';
import { parseModelPattern } from './modelPattern.ts';
import { createProblemList } from './problemList.ts';
import { pythonArguments } from './pythonArguments.ts';
import { readBudgets } from './readBudgets.ts';
import {
  readFlag,
  readList,
  readMembers,
  readObject,
  readText,
  readTexts,
  unknownDevice,
  type Reading,
} from './reading.ts';

export interface ParseOptions {
  readonly kind: 'json' | 'pyproject';
  /** Devices that budgets may name (models/devices). */
  readonly knownDeviceIds: readonly string[];
}

export interface ParsedConfiguration {
  /** Undefined where the text has none: a pyproject.toml without our table, or one that cannot be read at all. */
  readonly configuration: Configuration | undefined;
  readonly problems: readonly Problem[];
}

/** Nobody writes a longer one by hand. */
const MAX_CHARACTERS = 2 ** 20;
const MAX_INPUT_LENGTH = 1000;

const KEYS = ['$schema', 'devices', 'searchPaths', 'entries'];
const ENTRY_KEYS = ['name', 'model', 'cell', 'args', 'input', 'devices', 'allowUnknown', 'budgets'];
const CELL_KEYS = ['name', 'cell', 'dataset', 'devices', 'allowUnknown', 'budgets'];
const MAX_CELL_LENGTH = 10_000;
/** Those that the front end of cells builds networks for; the first where none is named. */
export const DATASET_IDS = ['cifar10', 'cifar100', 'imagenet16-120'] as const;

export function parseConfiguration(
  text: string,
  file: string,
  { kind, knownDeviceIds }: ParseOptions,
): ParsedConfiguration {
  if (text.length > MAX_CHARACTERS) {
    if (kind === 'pyproject' && !text.includes('layercost')) return { configuration: undefined, problems: [] };
    const message = `The configuration has ${text.length} characters; over ${MAX_CHARACTERS} are not read.`;
    const place = { file, start: 0, end: 1 };
    return { configuration: undefined, problems: [textProblem('configuration-too-large', 'error', message, place)] };
  }
  const problems = createProblemList();
  const reading: Reading = { problems, knownDeviceIds };
  // A byte order mark is no part of either language.
  const plain = text.replace(/^\uFEFF/, ' ');
  const root = kind === 'json' ? locateJson(plain, file, problems) : locateToml(plain, file, problems);
  if (root === undefined && kind === 'json' && problems.all().length === 0) {
    problems.add('configuration-syntax', 'The file is empty; a configuration is a JSON object.', {
      file,
      start: 0,
      end: 0,
    });
  }
  const configuration = root === undefined ? undefined : readConfiguration(root, file, reading);
  return { configuration, problems: problems.all() };
}

function readConfiguration(root: LocatedValue, file: string, reading: Reading): Configuration | undefined {
  const table = readObject(root, 'The configuration', reading);
  if (table === undefined) return undefined;
  const members = readMembers(table, KEYS, reading);
  const deviceIds = readDevices(members.get('devices'), reading);
  const searchPaths = members.get('searchPaths');
  const entries = members.get('entries');
  const items = entries === undefined ? [] : readList(entries, '"entries"', reading);
  const read = items.flatMap((item) => readEntry(item, deviceIds, reading) ?? []);
  reportDuplicates(read, reading);
  return {
    file,
    deviceIds,
    searchPaths: searchPaths === undefined ? [] : readTexts(searchPaths, '"searchPaths"', reading),
    entries: read,
    range: table.range,
  };
}

/** An entry without a model cannot be kept. */
function readEntry(
  value: LocatedValue,
  defaultDeviceIds: readonly string[],
  reading: Reading,
): EntryConfiguration | undefined {
  const table = readObject(value, 'An entry', reading);
  if (table === undefined) return undefined;
  const isCell = table.members.has('cell');
  const members = readMembers(table, isCell ? CELL_KEYS : ENTRY_KEYS, reading);
  const read = <T>(
    key: string,
    readValue: (member: LocatedValue, name: string, reading: Reading) => T,
  ): T | undefined => {
    const member = members.get(key);
    return member === undefined ? undefined : readValue(member, `"${key}"`, reading);
  };
  const own = members.get('devices');
  const deviceIds = own === undefined ? defaultDeviceIds : readDevices(own, reading);
  const budgets =
    read('budgets', (member) => readBudgets(member, deviceIds, { ...reading, acceptsPredictedDevices: isCell })) ?? [];
  const budgetDeviceIds = budgets.flatMap(({ metric }) => (metric.kind === 'latency' ? [metric.deviceId] : []));
  const rest = {
    name: read('name', readText),
    args: read('args', readArguments),
    inputs: read('input', readInputs),
    allowUnknown: read('allowUnknown', readFlag) ?? false,
  };
  const modelMember = members.get(isCell ? 'cell' : 'model');
  if (modelMember === undefined) {
    const start = { ...value.range, end: Math.min(value.range.end, value.range.start + 1) };
    reading.problems.add('missing-key', 'An entry needs "model", such as "models/net.py:Net", or "cell".', start);
    return undefined;
  }
  const model = isCell ? readCell(modelMember, reading) : readModel(modelMember, reading);
  if (model === undefined) return undefined;
  return {
    ...rest,
    model,
    cell: isCell ? { text: model, datasetId: read('dataset', readDataset) } : undefined,
    deviceIds: [...new Set([...deviceIds, ...budgetDeviceIds])],
    budgets,
    range: value.range,
    modelRange: modelMember.range,
  };
}

/** Whether it is one is for the front end of cells to say. */
function readCell(value: LocatedValue, reading: Reading): string | undefined {
  const text = readText(value, '"cell"', reading);
  if (text === undefined || text.length <= MAX_CELL_LENGTH) return text;
  const message = `The cell has ${text.length} characters; over ${MAX_CELL_LENGTH} are not read.`;
  reading.problems.add('invalid-model', message, value.range);
  return undefined;
}

function readDataset(value: LocatedValue, name: string, reading: Reading): string | undefined {
  const id = readText(value, name, reading);
  const known = DATASET_IDS.find((each) => each === id);
  if (id === undefined || known !== undefined) return known;
  const message = `There are no cells for the data set ${quoteText(id)}; known are ${DATASET_IDS.join(', ')}.`;
  reading.problems.add('unknown-dataset', message, value.range);
  return undefined;
}

function readModel(value: LocatedValue, reading: Reading): string | undefined {
  const model = readText(value, '"model"', reading);
  if (model === undefined) return undefined;
  const result = parseModelPattern(model);
  if (result.kind === 'ok') return model;
  reading.problems.add('invalid-model', `The model ${quoteText(model)} ${result.message}.`, value.range);
  return undefined;
}

function readDevices(value: LocatedValue | undefined, reading: Reading): readonly string[] {
  if (value === undefined) return [];
  const ids = readList(value, '"devices"', reading).flatMap((item) => {
    const id = readText(item, 'Each of "devices"', reading);
    if (id === undefined || reading.knownDeviceIds.includes(id)) return id ?? [];
    unknownDevice(id, item.range, reading);
    return [];
  });
  return [...new Set(ids)];
}

/** Arguments as an object, or as Python text. */
function readArguments(value: LocatedValue, name: string, reading: Reading): string | undefined {
  if (value.kind === 'object') return pythonArguments(value, reading.problems);
  if (value.kind === 'text') return value.value.trim().replace(/^\(([^]*)\)$/, '$1');
  reading.problems.add(
    'configuration-type',
    `${name} must be an object such as { "width": 0.5 }, or Python text such as "width=0.5".`,
    value.range,
  );
  return undefined;
}

/** "1x3x224x224", or a list with one text for each input. */
function readInputs(value: LocatedValue, name: string, reading: Reading): readonly InputSpec[] | undefined {
  const items = value.kind === 'text' ? [value] : readList(value, name, reading);
  if (items.length === 0) {
    if (value.kind === 'list') reading.problems.add('invalid-input', 'The list of inputs is empty.', value.range);
    return undefined;
  }
  const names = new Set<string>();
  const inputs = items.flatMap((item) => {
    const text = readText(item, 'Each input', reading);
    if (text === undefined) return [];
    if (text.length > MAX_INPUT_LENGTH) {
      reading.problems.add('invalid-input', `The input ${quoteText(text)} is too long.`, item.range);
      return [];
    }
    const result = parseInputText(text);
    if (result.kind === 'invalid') {
      reading.problems.add('invalid-input', `The ${result.message}.`, item.range);
      return [];
    }
    for (const { name: inputName } of result.inputs) {
      if (inputName === undefined) continue;
      if (names.has(inputName)) {
        reading.problems.add('invalid-input', `The input ${quoteText(inputName)} is given twice.`, item.range);
      }
      names.add(inputName);
    }
    return result.inputs;
  });
  return inputs.length === 0 ? undefined : inputs;
}

/** Reports and baselines tell entries apart by their names. */
function reportDuplicates(entries: readonly EntryConfiguration[], { problems }: Reading): void {
  const seen = new Set<string>();
  for (const { name, model, modelRange } of entries) {
    const called = name ?? model;
    if (seen.has(called)) {
      const message = `Two entries are called ${quoteText(called)}; give this one another "name".`;
      problems.add('duplicate-entry', message, modelRange);
    }
    seen.add(called);
  }
}
