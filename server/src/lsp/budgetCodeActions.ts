/**
 * Code actions on budgets: raise, set, record a baseline. Edits are of the configuration's open buffer, or of the file
 * where nobody has it open; nothing is analysed for them.
 */
import { labelText } from '../base/escaping/labelText.ts';
import { visibleText } from '../base/escaping/visibleText.ts';
import path from 'node:path';
import {
  CodeActionKind,
  type CodeAction,
  type CodeActionParams,
  type Diagnostic as LspDiagnostic,
  type Range,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { Analyzer } from '../analysis/analyzer.ts';
import { LineIndex } from '../base/text.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { ConfigurationText } from '../configuration/editConfiguration.ts';
import { parseConfiguration } from '../configuration/parseConfiguration.ts';
import { raiseActions, setActions, type BudgetAction, type ReadConfiguration } from '../features/budgetActions.ts';
import type { CheckedModel } from '../features/budgetDiagnostics.ts';
import { CONFIGURATION_FILE } from '../node/findConfiguration.ts';
import { toRange } from './toRange.ts';

/** What code actions need of the server. */
export interface CodeActionHost {
  readonly configurationFor: (file: string) => Configuration | undefined;
  readonly workspaceFolders: () => readonly string[];
  readonly deviceId: () => string;
  /** Of open documents, else of the disk. */
  readonly readText: (file: string) => string | undefined;
  /** How the client names a file, and the version of its buffer where it is open. */
  readonly identify: (file: string) => { readonly uri: string; readonly version: number | null };
  /** Models whose budgets were checked in the present text. */
  readonly checkedModels: (file: string) => readonly CheckedModel[];
  /** What the client's edits can hold. */
  readonly canVersion: () => boolean;
  readonly canCreate: () => boolean;
}

export interface CodeActionQuestion {
  readonly params: CodeActionParams;
  readonly file: string;
  readonly lines: LineIndex;
  readonly analyzer: Analyzer;
}

export function budgetCodeActions(question: CodeActionQuestion, host: CodeActionHost): readonly CodeAction[] {
  const { params, file } = question;
  const { diagnostics, only } = params.context;
  const wants = (kind: string): boolean =>
    only === undefined || only.some((each) => kind === each || kind.startsWith(`${each}.`));
  const configured = readConfigured(question, host);
  const ours = diagnostics.filter(({ source }) => source === 'layercost');
  const raises =
    wants(CodeActionKind.QuickFix) && configured !== undefined && ours.length > 0
      ? raiseActions(host.checkedModels(file), configured, (rule, name) => toldBy(ours, rule, name).length > 0)
      : [];
  const sets = wants(CodeActionKind.RefactorRewrite) ? setsAt(question, configured, host) : [];
  return [
    ...[...raises, ...sets].flatMap((action) => toCodeAction(action, ours, host) ?? []),
    ...(wants(RECORD_KIND) && configured !== undefined && isOnModel(question)
      ? [recordAction(configured.source.file, host)]
      : []),
  ];
}

const RECORD_KIND = `${CodeActionKind.Source}.recordBaseline`;
export const RECORD_BASELINE_COMMAND = 'layercost.recordBaseline';
export const CODE_ACTION_KINDS = [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, RECORD_KIND];

/** The last one that was read of a server: actions are asked for at every move of the cursor. */
const lastConfigured = new WeakMap<CodeActionHost, ReadConfiguration>();

/** The configuration as its text is at this moment. */
function readConfigured({ file, analyzer }: CodeActionQuestion, host: CodeActionHost): ReadConfiguration | undefined {
  const found = host.configurationFor(file)?.file;
  const text = found === undefined ? undefined : host.readText(found);
  if (found === undefined || text === undefined) return undefined;
  const last = lastConfigured.get(host);
  if (last?.source.file === found && last.source.text === text) return last;
  const kind = path.extname(found) === '.toml' ? 'pyproject' : 'json';
  const source: ConfigurationText = { text, file: found, kind, knownDeviceIds: analyzer.devices.map(({ id }) => id) };
  const { configuration } = parseConfiguration(text, found, source);
  if (configuration === undefined) return undefined;
  const configured = { configuration, source };
  lastConfigured.set(host, configured);
  return configured;
}

function setsAt(
  { params, file, lines, analyzer }: CodeActionQuestion,
  configured: ReadConfiguration | undefined,
  host: CodeActionHost,
): readonly BudgetAction[] {
  const [firstName] = analyzer.modelNames(file, { hasArguments: false });
  return analyzer.hintReports(file).flatMap((model) => {
    const { entry, report } = model;
    if (report === undefined || entry.range?.file !== file || !shareLine(toRange(entry.range, lines), params.range))
      return [];
    return setActions({
      file,
      model: { entry, report },
      firstName,
      deviceId: host.deviceId(),
      configured: configured ?? { newFile: newFile(file, host) },
    });
  });
}

/** A first configuration stands in the folder that is open; where another one is broken, none is made beside it. */
function newFile(file: string, host: CodeActionHost): string | undefined {
  const folder = host
    .workspaceFolders()
    .filter((each) => !path.relative(each, file).startsWith('..') && !path.isAbsolute(path.relative(each, file)))
    .sort((a, b) => a.length - b.length)[0];
  const made = folder === undefined ? undefined : path.join(folder, CONFIGURATION_FILE);
  return made === undefined || !host.canCreate() || host.readText(made) !== undefined ? undefined : made;
}

function isOnModel({ params, file, lines, analyzer }: CodeActionQuestion): boolean {
  return analyzer
    .hintReports(file)
    .some(({ entry: { range } }) => range?.file === file && shareLine(toRange(range, lines), params.range));
}

function shareLine(one: Range, other: Range): boolean {
  return one.start.line <= other.end.line && other.start.line <= one.end.line;
}

/** Findings of a rule that name a model, as diagnostics show names. */
function toldBy(diagnostics: readonly LspDiagnostic[], rule: string, modelName: string): readonly LspDiagnostic[] {
  const name = visibleText(modelName);
  return diagnostics.filter(({ code, message }) => {
    const text = typeof message === 'string' ? message : message.value;
    return code === rule && (text.startsWith(`${name}: `) || text.includes(` of ${name}: `));
  });
}

function toCodeAction(
  action: BudgetAction,
  ours: readonly LspDiagnostic[],
  host: CodeActionHost,
): CodeAction | undefined {
  const edit = workspaceEdit(action, host);
  if (edit === undefined) return undefined;
  const { rule } = action;
  const title = labelText(action.title);
  if (rule === undefined) return { title, kind: CodeActionKind.RefactorRewrite, edit };
  return { title, kind: CodeActionKind.QuickFix, edit, diagnostics: ours.filter(({ code }) => code === rule) };
}

function workspaceEdit({ file, changes, isNewFile }: BudgetAction, host: CodeActionHost): WorkspaceEdit | undefined {
  const lines = new LineIndex(isNewFile ? '' : (host.readText(file) ?? ''));
  const edits = changes.map((change) => ({ range: toRange(change, lines), newText: change.newText }));
  const { uri, version } = host.identify(file);
  const textEdit: TextDocumentEdit = { textDocument: { uri, version }, edits };
  if (isNewFile) return { documentChanges: [{ kind: 'create', uri, options: { ignoreIfExists: true } }, textEdit] };
  return host.canVersion() ? { documentChanges: [textEdit] } : { changes: { [uri]: edits } };
}

function recordAction(configurationFile: string, host: CodeActionHost): CodeAction {
  const title = 'Record a baseline of the configured models';
  const command = { title, command: RECORD_BASELINE_COMMAND, arguments: [host.identify(configurationFile).uri] };
  return { title, kind: RECORD_KIND, command };
}
