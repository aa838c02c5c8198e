/**
 * What the command line asks: a target as a person typed it, with its input and arguments. "net.py:Net" is built as asked,
 * "torchvision.models:resnet50" read where it is defined, "net.onnx" read as it is -> a report, or why there is none.
 */
import { copyWith } from '../base/lazy.ts';
import { wholeProblem } from '../base/problems.ts';
import { parseTarget } from '../configuration/target.ts';
import type { Device } from '../cost/device.ts';
import { PyUnknown, type PyModule } from '../evaluation/values.ts';
import type { AnalyzeRequest, AnalyzeResult } from './analyzeRequest.ts';
import type { AnalyzerHost } from './analyzerHost.ts';
import { configuredModule, mergeSettings, NOTHING_CONFIGURED, requestedSettings } from './configuredEntries.ts';
import { settingsOfName, type EntrySettings } from './directive.ts';
import { hasOwnForward, withSettings, type EntryCandidate } from './entries.ts';
import type { FileModels } from './fileModels.ts';
import { onnxReport, pythonReport, renamed } from './makeReport.ts';

/** What the command line asks: a target as a person typed it. */
export function analyzeTarget(models: FileModels, host: AnalyzerHost, request: AnalyzeRequest): AnalyzeResult {
  const target = parseTarget(request.target);
  if (target === undefined) {
    return failed(
      'unknown-target',
      `"${request.target}" is none of file.py, file.py:Name, package.module:name and file.onnx`,
    );
  }
  const devices = devicesOf(host, request.deviceIds);
  const context: Context = { models, host, request, devices };
  if (target.kind === 'module') return analyzeModule(context, target.module, target.name);
  const file = host.absolutePath(target.file);
  const reason = models.project.isOpen(file) ? undefined : host.unreadable(file);
  if (reason !== undefined) return failed('unreadable-file', reason, file);
  if (target.kind === 'onnx') {
    const report = onnxReport(host, file, models.configured(file).first, request.inputs, devices);
    return { kind: 'report', report };
  }
  return analyzePython(context, file, target.name);
}

interface Context {
  readonly models: FileModels;
  readonly host: AnalyzerHost;
  readonly request: AnalyzeRequest;
  readonly devices: readonly Device[];
}

function analyzeModule(context: Context, name: string, target: string): AnalyzeResult {
  const { models, host } = context;
  const module = models.project.moduleByName(name);
  if (module instanceof PyUnknown) return failed('module-not-found', `${name}: ${module.reason}`);
  if (module.file === undefined) return failed('module-not-found', `${name} has no file to read`);
  const configuration = host.configurationFor?.(host.absolutePath('.'));
  const configured = configuredModule(configuration, name, target);
  const direct = analyzeDefinition(context, module, target, configured);
  return direct ?? analyzePython(context, module.file, target, configured);
}

/**
 * A model that a package only passes on is read where it is defined: the package and all its other models need not
 * run. Undefined where its code may rest on what they would have registered, or does not go through alone.
 */
function analyzeDefinition(
  context: Context,
  module: PyModule,
  name: string,
  configured: EntrySettings | undefined,
): AnalyzeResult | undefined {
  const { models } = context;
  const file = models.project.definingModule(module, name)?.file;
  if (file === undefined || file === module.file) return undefined;
  const candidate = models.candidates(file).find(({ entry }) => entry.name === name);
  const isOfThisFile = candidate?.entry.kind === 'class' || hasOwnForward(candidate?.modelClass);
  if (!isOfThisFile) return undefined;
  const result = analyzePython(context, file, name, configured);
  const isWhole = result.kind === 'report' && result.report.problems.every(({ severity }) => severity !== 'error');
  return isWhole ? result : undefined;
}

function analyzePython(
  { models, host, request, devices }: Context,
  file: string,
  name: string | undefined,
  ofModule?: EntrySettings,
): AnalyzeResult {
  const isAlone = request.ignoresConfiguration === true;
  const configuration = isAlone ? NOTHING_CONFIGURED : models.configured(file);
  const hasOwnArguments = name !== undefined && request.args !== undefined;
  const known = (): readonly EntryCandidate[] => (isAlone ? models.find(file, configuration) : models.candidates(file));
  const candidates = hasOwnArguments ? [] : known();
  const found = name === undefined ? candidates[0] : candidates.find(({ entry }) => entry.name === name);
  if (found === undefined && name === undefined) {
    const { problems } = models.module(file);
    return { kind: 'problem', problems: [...problems, ...failed('no-model', noModelText(file), file).problems] };
  }
  const target = name ?? found?.target ?? '';
  if (found === undefined && !mayHave(models, file, target)) {
    const { problems } = models.module(file);
    return {
      kind: 'problem',
      problems: [...problems, ...failed('no-such-name', noNameText(file, target), file).problems],
    };
  }
  const candidate: EntryCandidate = found ?? {
    entry: { name: target, kind: 'function', file, range: undefined },
    target,
    settings: mergeSettings(configuration.named(target), settingsOfName(models.module(file).syntax, target)),
    mentions: new Set(),
    modelClass: undefined,
    createsLayers: true,
  };
  const given = withSettings(candidate, requestedSettings(ofModule ?? candidate.settings, request));
  const traced = pythonReport(host, models.project, file, given, devices);
  const { entry } = given;
  const isBuilt = candidate.target !== entry.name;
  const report = isBuilt ? renamed(traced, entry, `${entry.name} as ${candidate.target} builds it`) : traced;
  const moduleProblems = models.module(file).problems;
  return { kind: 'report', report: copyWith(report, { problems: [...moduleProblems, ...report.problems] }) };
}

/** False where a file was read without any problem and defines no such name; of "Outer.Inner" the first part counts. */
function mayHave(models: FileModels, file: string, target: string): boolean {
  const { module, problems } = models.module(file);
  const isCertain = problems.length === 0 && !module.names.has('__getattr__');
  if (!isCertain) return true;
  // What is imported is bound when it is first asked for.
  const [first = ''] = target.split('.');
  return models.project.run({ file }, (executor) => executor.lookupAttribute(module, first)).value !== undefined;
}

function devicesOf({ devices }: AnalyzerHost, ids: readonly string[] | undefined): readonly Device[] {
  return ids === undefined ? devices : devices.filter(({ id }) => ids.includes(id));
}

function noModelText(file: string): string {
  return (
    `no model was found in ${file}: neither a torch.nn.Module with a forward nor a function that returns one, ` +
    'with defaults for every argument; name one as file.py:Name and give --args'
  );
}

function noNameText(file: string, name: string): string {
  return `there is no "${name}" in ${file}`;
}

function failed(code: string, message: string, file?: string): Extract<AnalyzeResult, { kind: 'problem' }> {
  return { kind: 'problem', problems: [wholeProblem(code, 'error', message, file)] };
}
