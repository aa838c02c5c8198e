/**
 * One report, made anew: of a Python model by tracing it, of an ONNX file by reading its graph. Here front ends and cost
 * meet; what goes wrong stands in the report.
 */
import { copyWith } from '../base/lazy.ts';
import { wholeProblem } from '../base/problems.ts';
import type { InputSpec } from '../configuration/inputText.ts';
import type { Device } from '../cost/device.ts';
import { analyzeOnnx } from '../frontends/onnx/analyzeOnnx.ts';
import type { ByteSource } from '../frontends/onnx/byteSource.ts';
import { trace } from '../frontends/torch/trace.ts';
import type { PythonProject } from '../evaluation/project.ts';
import type { AnalyzerHost } from './analyzerHost.ts';
import { buildReport, emptyReport } from './buildReport.ts';
import { requestedSettings } from './configuredEntries.ts';
import { NO_SETTINGS, type EntrySettings } from './directive.ts';
import type { EntryCandidate } from './entries.ts';
import { splitArguments } from './splitArguments.ts';
import type { Assumption, Entry, Report } from './report.ts';

/** What both front ends take: the host's clock and bytes. */
export type ReportHost = Pick<AnalyzerHost, 'openBytes' | 'startDeadline'>;

export function pythonReport(
  { startDeadline }: ReportHost,
  project: PythonProject,
  file: string,
  candidate: EntryCandidate,
  devices: readonly Device[],
): Report {
  const { target, settings, entry } = candidate;
  const result = trace({
    project,
    file,
    target,
    args: settings.args === undefined ? [] : splitArguments(settings.args),
    inputs: settings.inputs,
    shouldStop: startDeadline(),
  });
  const named: Entry = {
    ...entry,
    kind: result.model?.kind ?? entry.kind,
    range: entry.range ?? result.model?.definition,
  };
  const { assumptions } = result;
  if (result.graph === undefined) return emptyReport(named, result.problems, assumptions);
  return buildReport(
    {
      entry: named,
      graph: result.graph,
      callSites: result.callSites,
      assumptions,
      problems: result.problems,
      unknownReasons: new Map(result.unknowns.map(({ name, reason }) => [name, reason])),
    },
    devices,
  );
}

/** `configured` is what the configuration says of the file, `inputs` what was asked for. */
export function onnxReport(
  { openBytes, startDeadline }: ReportHost,
  file: string,
  configured: EntrySettings | undefined,
  inputs: readonly InputSpec[] | undefined,
  devices: readonly Device[],
): Report {
  const given = requestedSettings(configured ?? NO_SETTINGS, { inputs, args: undefined });
  const name = file.slice(file.lastIndexOf('/') + 1);
  const entry: Entry = { name, kind: 'onnx', file, range: undefined, configured: given.configured };
  let source: (ByteSource & { close?(): void }) | undefined;
  try {
    source = openBytes(file);
    const result = analyzeOnnx(source, {
      file,
      shouldStop: startDeadline(),
      ...(given.inputs === undefined ? {} : { inputShapes: given.inputs }),
    });
    const assumptions = result.assumptions.map((assumption): Assumption => ({ ...assumption, range: undefined }));
    if (result.graph === undefined) return emptyReport(entry, result.problems, assumptions);
    const { graph, problems, unknownReasons } = result;
    return buildReport({ entry, graph, callSites: [], assumptions, problems, unknownReasons }, devices);
  } catch (error) {
    const message = `${file} could not be read: ${error instanceof Error ? error.message : String(error)}`;
    return emptyReport(entry, [wholeProblem('unreadable-file', 'error', message, file)], []);
  } finally {
    source?.close?.();
  }
}

/** The same report under a name that stands for another one's. */
export function renamed(report: Report, entry: Entry, message: string): Report {
  const assumptions: readonly Assumption[] = [{ kind: 'argument', message, range: entry.range }, ...report.assumptions];
  return copyWith(report, { entry, assumptions });
}
