/**
 * `layercost init`: a first layercost.json of the models below a folder, each with what it costs now and 10 % more.
 * Never over a configuration that is there, unless forced; written whole or not at all.
 */
import { NOTHING, printedLines } from '../../base/escaping/printed.ts';
import path from 'node:path';
import type { Analyzer } from '../../analysis/analyzer.ts';
import type { Report } from '../../analysis/report.ts';
import { parseInputText } from '../../configuration/inputText.ts';
import { propose, proposeModels, type Proposal, type ProposedEntry } from '../../features/proposedEntries.ts';
import { CONFIGURATION_FILE, configurationIn, PYPROJECT_FILE } from '../../node/findConfiguration.ts';
import { matchingFiles } from '../../node/matchingFiles.ts';
import { isNameTaken } from '../../node/nodeFiles.ts';
import { writeWhole } from '../../node/writeWhole.ts';
import { EXIT_OK, EXIT_USAGE, type CommandOutput } from '../commandOutput.ts';

export interface InitOptions {
  readonly folder: string;
  readonly deviceId: string;
  readonly isForced: boolean;
}

/** More are no first configuration: globs say it better. */
const MAX_ENTRIES = 200;
const TEST_FILE = /(^|\/)(tests?\/|test_[^/]*\.py$|[^/]*_test\.py$|conftest\.py$)/;

export function initCommand(analyzer: Analyzer, { folder, deviceId, isForced }: InitOptions): CommandOutput {
  const file = path.join(folder, CONFIGURATION_FILE);
  const refusal = refusalOf(folder, analyzer, isForced);
  if (refusal !== undefined) return failure(refusal);
  const proposals = proposalsIn(folder, analyzer, deviceId);
  const found = proposals.flatMap((proposal) => (proposal.kind === 'entry' ? [proposal.entry] : []));
  const entries = found.slice(0, MAX_ENTRIES).map((entry) => checkedInput(folder, entry, analyzer));
  const leftOut = [
    ...proposals.flatMap((proposal) => (proposal.kind === 'leftOut' ? [proposal] : [])),
    ...found.slice(MAX_ENTRIES).map(({ model }) => ({ model, reason: `more than ${MAX_ENTRIES} entries` })),
  ];
  const notes = leftOut.map(({ model, reason }) => `  ${model}: ${reason}`);
  const leftOutLines = notes.length === 0 ? [] : ['Left out:', ...notes];
  if (entries.length === 0) {
    return failure(`no model below ${folder} has figures that a budget could hold; nothing was written`, leftOutLines);
  }
  const reason = writeWhole(file, configurationText(entries, deviceId));
  if (reason !== undefined) return failure(reason);
  const count = entries.length === 1 ? 'one entry' : `${entries.length} entries`;
  const lines = entries.map(({ model, budgets }) => `  ${model}: ${budgetsText(budgets)}`);
  const head = `Wrote ${file} with ${count}: what each costs now, and 10 % more.`;
  return { exitCode: EXIT_OK, stdout: printedLines([head, ...lines, ...leftOutLines]), stderr: NOTHING };
}

function refusalOf(folder: string, analyzer: Analyzer, isForced: boolean): string | undefined {
  const file = path.join(folder, CONFIGURATION_FILE);
  if (isNameTaken(file)) return isForced ? undefined : `${file} is there already; --force writes over it`;
  const knownDeviceIds = analyzer.devices.map(({ id }) => id);
  const found = configurationIn(folder, { knownDeviceIds });
  if (found === undefined) return undefined;
  return `${path.join(folder, PYPROJECT_FILE)} has a table [tool.layercost]; a folder has one configuration`;
}

function proposalsIn(folder: string, analyzer: Analyzer, deviceId: string): readonly Proposal[] {
  const { files: python, faults } = matchingFiles(folder, '**/*.py');
  const tests = python.filter((file) => TEST_FILE.test(file));
  return [
    ...python.filter((file) => !TEST_FILE.test(file)).flatMap((file) => ofPython(folder, file, analyzer, deviceId)),
    ...matchingFiles(folder, '**/*.onnx').files.flatMap((file): readonly Proposal[] => {
      const report = analyzer.report(path.join(folder, file), undefined);
      return report === undefined ? [] : [propose(file, report, deviceId)];
    }),
    ...tests.flatMap((file): readonly Proposal[] => {
      const hasModel = analyzer.modelNames(path.join(folder, file), { hasArguments: false }).length > 0;
      return hasModel ? [{ kind: 'leftOut', model: file, reason: 'a test' }] : [];
    }),
    ...faults.map(({ path: model, reason }): Proposal => ({ kind: 'leftOut', model, reason })),
  ];
}

function ofPython(folder: string, file: string, analyzer: Analyzer, deviceId: string): readonly Proposal[] {
  const absolute = path.join(folder, file);
  const names = analyzer.modelNames(absolute, { hasArguments: false });
  const reports = names.flatMap((name): Report | readonly Report[] => analyzer.report(absolute, name) ?? []);
  const open = analyzer
    .modelNames(absolute, { hasArguments: true })
    .filter((name) => !names.includes(name))
    .map((name): Proposal => {
      const whole = reports.find(({ scopes }) => scopes.some(({ typeName }) => typeName === name));
      const reason = whole === undefined ? 'it needs arguments: give an entry "args"' : `a part of ${whole.entry.name}`;
      return { kind: 'leftOut', model: `${file}:${name}`, reason };
    });
  return [...proposeModels(file, reports, deviceId), ...open];
}

/** An entry keeps its input where the model costs the same with it. */
function checkedInput(folder: string, entry: ProposedEntry, analyzer: Analyzer): ProposedEntry {
  const { input, ...rest } = entry;
  if (input === undefined) return entry;
  const parsed = parseInputText([input].flat().join(','));
  if (parsed.kind === 'invalid') return rest;
  const target = path.join(folder, entry.model);
  const totalsWith = (inputs: typeof parsed.inputs | undefined): string => {
    const result = analyzer.analyze({ target, inputs, args: undefined, deviceIds: [] });
    return JSON.stringify(result.kind === 'report' ? result.report.totals : result.problems);
  };
  return totalsWith(parsed.inputs) === totalsWith(undefined) ? entry : rest;
}

/** Written as a person would: an entry's budgets under each other. */
function configurationText(entries: readonly ProposedEntry[], deviceId: string): string {
  const json = JSON.stringify({ devices: [deviceId], entries }, null, 2);
  return `// What the models cost, and 10 % more. Reference: docs/configuration.md of Layer Cost.\n${json}\n`;
}

function budgetsText({ latency = {}, ...others }: ProposedEntry['budgets']): string {
  return [...Object.entries(others), ...Object.entries(latency)].map(([key, text]) => `${key} ${text}`).join(', ');
}

function failure(message: string, lines: readonly string[] = []): CommandOutput {
  return { exitCode: EXIT_USAGE, stdout: NOTHING, stderr: printedLines([`error: ${message}`, ...lines]) };
}
