/**
 * Changes of a configuration's text that set budgets: { params: "12.9M" } for an entry, or in an entry of its own. What is
 * there keeps its form, in JSON and TOML alike; a change counts only where the text, read again, says what was wanted.
 */
import type { Budget, Configuration, EntryConfiguration, Metric } from './configuration.ts';
import {
  applyChanges,
  eolOf,
  indentOf,
  indentUnit,
  insertLineBelow,
  insertMembers,
  type TextChange,
} from './insertText.ts';
import { locateJson } from './locateJson.ts';
import { locateToml } from './locateToml.ts';
import type { LocatedList, LocatedObject, LocatedValue } from './locatedValue.ts';
import { parseConfiguration, type ParsedConfiguration } from './parseConfiguration.ts';
import { createProblemList } from './problemList.ts';
import { isTree, jsonInline, jsonText, tomlKey, tomlLines, tomlValue, type Addition } from './writtenValue.ts';

/** One object for one text: what was read of it is remembered by the object. */
export interface ConfigurationText {
  readonly text: string;
  readonly file: string;
  readonly kind: 'json' | 'pyproject';
  readonly knownDeviceIds: readonly string[];
}

export interface NewBudget {
  readonly metric: Metric;
  /** "12.9M" */
  readonly text: string;
}

export interface NewEntry {
  /** "models/net.py:Net" */
  readonly model: string;
  readonly input?: string | readonly string[];
  readonly budgets: readonly NewBudget[];
}

/** The amount of a budget that is there; its severity and its sign of comparison stay. */
export function withAmount(
  source: ConfigurationText,
  budget: Budget,
  amount: string,
): readonly TextChange[] | undefined {
  const sign = /^\s*[<>=≤≥]+\s*/.exec(budget.text)?.[0] ?? '';
  const { start, end } = budget.amountRange;
  const wanted = `${sign}${amount}`;
  const changes = [{ start, end, newText: JSON.stringify(wanted) }];
  return verified(source, changes, ({ entries }) =>
    entries.some(({ budgets }) =>
      budgets.some(({ amountRange, text }) => amountRange.start === start && text === wanted),
    ),
  );
}

/** Budgets that an entry has not. */
export function withBudgets(
  source: ConfigurationText,
  { range, model }: EntryConfiguration,
  budgets: readonly NewBudget[],
): readonly TextChange[] | undefined {
  const { root } = readingsOf(source);
  const entries = root === undefined ? undefined : listIn(root, 'entries');
  const entry = entries?.items.find((item) => item.range.start === range.start);
  if (entry?.kind !== 'object') return undefined;
  const changes = addedTo(entry, [{ key: 'budgets', value: budgetTree(budgets) }], source);
  return verified(source, changes, ({ entries: read }) =>
    read.some((each) => each.model === model && hasAll(each, budgets)),
  );
}

export function withEntry(source: ConfigurationText, entry: NewEntry): readonly TextChange[] | undefined {
  const { root } = readingsOf(source);
  const changes = root === undefined ? undefined : entryChanges(root, entry, source);
  if (changes === undefined) return undefined;
  return verified(source, changes, ({ entries }) =>
    entries.some((each) => each.model === entry.model && hasAll(each, entry.budgets)),
  );
}

/** The text of a first configuration. */
export function newConfiguration(entry: NewEntry, deviceId: string): string {
  const indent = '  ';
  return `{\n${indent}"devices": [${JSON.stringify(deviceId)}],\n${indent}"entries": [\n${indent.repeat(2)}${jsonText(entryTree(entry), indent.repeat(2), indent)}\n${indent}]\n}\n`;
}

function verified(
  source: ConfigurationText,
  made: readonly TextChange[],
  isWanted: (read: Configuration) => boolean,
): readonly TextChange[] | undefined {
  const { before } = readingsOf(source);
  const eol = eolOf(source.text);
  const changes = made.map((change) => ({ ...change, newText: change.newText.replaceAll(/\r?\n/g, eol) }));
  if (before.problems.some(({ code }) => code === 'configuration-syntax')) return undefined;
  const after = readChanged(source, changes);
  const isWorse = after.problems.length > before.problems.length;
  const hasFewer = (after.configuration?.entries.length ?? 0) < (before.configuration?.entries.length ?? 0);
  if (isWorse || hasFewer || after.configuration === undefined) return undefined;
  return isWanted(after.configuration) ? changes : undefined;
}

/** What was read of one text, so that several changes of it, proposed again and again, are read once. */
interface Readings {
  readonly before: ParsedConfiguration;
  readonly root: LocatedObject | undefined;
  /** By the text after a change; the newest ones. */
  readonly after: Map<string, ParsedConfiguration>;
}

const readings = new WeakMap<ConfigurationText, Readings>();
const MOST_READINGS = 20;

function readingsOf(source: ConfigurationText): Readings {
  const { text, file } = source;
  const known = readings.get(source) ?? {
    before: parseConfiguration(text, file, source),
    root: locate(source),
    after: new Map<string, ParsedConfiguration>(),
  };
  readings.set(source, known);
  return known;
}

function readChanged(source: ConfigurationText, changes: readonly TextChange[]): ParsedConfiguration {
  const { after } = readingsOf(source);
  const text = applyChanges(source.text, changes);
  const known = after.get(text) ?? parseConfiguration(text, source.file, source);
  after.delete(text);
  after.set(text, known);
  for (const old of [...after.keys()].slice(0, -MOST_READINGS)) after.delete(old);
  return known;
}

function hasAll({ budgets }: EntryConfiguration, wanted: readonly NewBudget[]): boolean {
  return wanted.every(({ metric, text }) =>
    budgets.some((each) => each.text === text && JSON.stringify(each.metric) === JSON.stringify(metric)),
  );
}

/** { latency: { "t4": "2 ms" } }: all latencies under one key. */
function budgetTree(budgets: readonly NewBudget[]): readonly Addition[] {
  const plain = budgets.flatMap(({ metric, text }): readonly Addition[] =>
    metric.kind === 'latency' || metric.kind === 'accuracy' ? [] : [{ key: metric.kind, value: text }],
  );
  const latency = budgets.flatMap(({ metric, text }): readonly Addition[] =>
    metric.kind === 'latency' ? [{ key: metric.deviceId, value: text }] : [],
  );
  return latency.length === 0 ? plain : [...plain, { key: 'latency', value: latency }];
}

function entryTree({ model, input, budgets }: NewEntry): readonly Addition[] {
  return [
    { key: 'model', value: model },
    ...(input === undefined ? [] : [{ key: 'input', value: input }]),
    { key: 'budgets', value: budgetTree(budgets) },
  ];
}

function locate({ text, file, kind }: ConfigurationText): LocatedObject | undefined {
  const problems = createProblemList();
  const root = kind === 'json' ? locateJson(text, file, problems) : locateToml(text, file, problems);
  return root?.kind === 'object' ? root : undefined;
}

function listIn({ members }: LocatedObject, key: string): LocatedList | undefined {
  const value = members.get(key)?.value;
  return value?.kind === 'list' ? value : undefined;
}

function addedTo(
  object: LocatedObject,
  additions: readonly Addition[],
  source: ConfigurationText,
): readonly TextChange[] {
  const inner = additions.flatMap(({ key, value }): readonly TextChange[] => {
    const member = object.members.get(key)?.value;
    if (member === undefined) return [];
    if (member.kind === 'object' && isTree(value)) return addedTo(member, value, source);
    // "off", or a latency that names its estimates: the text is the roofline's.
    if (member.kind === 'object') return addedTo(member, [{ key: 'roofline', value }], source);
    const { start, end } = member.range;
    return [{ start, end, newText: valueText(value, source) }];
  });
  const fresh = additions.filter(({ key }) => !object.members.has(key));
  return fresh.length === 0 ? inner : [...inner, ...inserted(object, fresh, source)];
}

function inserted(
  object: LocatedObject,
  additions: readonly Addition[],
  source: ConfigurationText,
): readonly TextChange[] {
  const { text, kind } = source;
  if (kind === 'pyproject' && text[object.range.start] !== '{') return insertedLines(object, additions, source);
  const members = [...object.members.values()]
    .map(({ keyRange, value }) => ({ start: keyRange.start, end: value.range.end }))
    .sort((a, b) => a.start - b.start);
  const container = { range: object.range, members, comments: kind === 'json' ? 'json' : 'toml' } as const;
  return insertMembers(text, container, (indent) => additions.map((each) => memberText(each, source, indent)));
}

/** In a table of TOML that has its keys on lines: the new ones stand below the last, as long as that was. */
function insertedLines(
  object: LocatedObject,
  additions: readonly Addition[],
  { text }: ConfigurationText,
): readonly TextChange[] {
  const isTable = text[object.range.start] === '[';
  const own = [...object.members.values()].filter(
    ({ keyRange }) => !isTable || (keyRange.start >= object.range.start && keyRange.end <= object.range.end),
  );
  const last = own.sort((a, b) => a.value.range.end - b.value.range.end).at(-1);
  if (last === undefined)
    return [
      insertLineBelow(
        text,
        object.range.start,
        additions.flatMap((each) => tomlLines('', each)),
      ),
    ];
  const indent = indentOf(text, last.keyRange.start);
  const start = text.lastIndexOf('\n', last.keyRange.start - 1) + 1 + indent.length;
  const prefix = text.slice(start, last.keyRange.start);
  const lines = additions.flatMap((each) => tomlLines(`${indent}${prefix}`, each));
  return [insertLineBelow(text, last.value.range.end, lines)];
}

function entryChanges(
  root: LocatedObject,
  entry: NewEntry,
  source: ConfigurationText,
): readonly TextChange[] | undefined {
  const { text, kind } = source;
  const tree = entryTree(entry);
  const entries = root.members.get('entries')?.value;
  if (entries === undefined && kind === 'json') {
    const list = (indent: string): string => {
      const unit = indentUnit(text);
      return `"entries": [\n${indent}${unit}${jsonText(tree, indent + unit, unit)}\n${indent}]`;
    };
    const members = [...root.members.values()].map(({ keyRange, value }) => ({
      start: keyRange.start,
      end: value.range.end,
    }));
    return insertMembers(text, { range: root.range, members, comments: 'json' }, (indent) => [list(indent)]);
  }
  if (entries !== undefined && entries.kind !== 'list') return undefined;
  if (entries !== undefined && (kind === 'json' || text[entries.range.start + 1] !== '[')) {
    const container = {
      range: entries.range,
      members: entries.items.map(({ range }) => range),
      comments: kind === 'json' ? 'json' : 'toml',
    } as const;
    return insertMembers(text, container, (indent) => [
      kind === 'json' ? itemText(tree, entries, indent, text) : tomlValue(tree),
    ]);
  }
  const end = lastEnd(entries?.items.at(-1) ?? root);
  const lines = ['', '[[tool.layercost.entries]]', ...tree.flatMap((each) => tomlLines('', each))];
  return [insertLineBelow(text, end, lines)];
}

/** On lines of its own where the list has its items on lines. */
function itemText(tree: readonly Addition[], { range }: LocatedList, indent: string, text: string): string {
  const isOnLines = text.slice(range.start, range.end).includes('\n');
  return isOnLines ? jsonText(tree, indent, indentUnit(text)) : jsonInline(tree);
}

/** Where the last thing in a value ends, whatever headers it stands under. */
function lastEnd(value: LocatedValue): number {
  const own = value.range.end;
  if (value.kind === 'list') return Math.max(own, ...value.items.map(lastEnd));
  if (value.kind !== 'object') return own;
  return Math.max(own, ...[...value.members.values()].map((member) => lastEnd(member.value)));
}

function memberText({ key, value }: Addition, source: ConfigurationText, indent: string): string {
  if (source.kind === 'pyproject') return `${tomlKey(key)} = ${tomlValue(value)}`;
  const isLong = indent !== '' && isTree(value) && value.length > 1;
  return `${JSON.stringify(key)}: ${isLong ? jsonText(value, indent, indentUnit(source.text)) : valueText(value, source)}`;
}

function valueText(value: Addition['value'], { kind }: ConfigurationText): string {
  return kind === 'json' ? jsonInline(value) : tomlValue(value);
}
