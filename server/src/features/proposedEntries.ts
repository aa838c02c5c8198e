/**
 * Entries for a first configuration: each model of some files with what it costs now and a tenth more. What is left out
 * is told with its reason: parts of other models, and what is not understood in full.
 */
import type { Figure, Report } from '../analysis/report.ts';
import { allowedBudget } from '../configuration/budgetText.ts';
import { printDim, unknownReason } from '../graph/dim.ts';
import { printShape } from '../graph/tensorType.ts';

/** An entry as it is written into layercost.json. */
export interface ProposedEntry {
  readonly model: string;
  readonly input?: string | readonly string[];
  readonly budgets: {
    readonly params?: string;
    readonly macs?: string;
    readonly peakMemory?: string;
    readonly latency?: Readonly<Record<string, string>>;
  };
}

export type Proposal =
  | { readonly kind: 'entry'; readonly entry: ProposedEntry }
  | { readonly kind: 'leftOut'; readonly model: string; readonly reason: string };

/** The models of one Python file, with their reports. `file` is as the entries will name it: "models/net.py". */
export function proposeModels(file: string, reports: readonly Report[], deviceId: string): readonly Proposal[] {
  return reports.map((report) => {
    const model = `${file}:${report.entry.name}`;
    const whole = wholeOf(report, reports);
    return whole === undefined ? propose(model, report, deviceId) : { kind: 'leftOut', model, reason: whole };
  });
}

export function propose(model: string, report: Report, deviceId: string): Proposal {
  const reason = whyNot(report);
  if (reason !== undefined) return { kind: 'leftOut', model, reason };
  const { paramCount, macs, peakMemoryBytes } = report.totals;
  const rooflineMs = report.latency.find((item) => item.deviceId === deviceId)?.rooflineMs ?? 0;
  const latency = allowedBudget({ kind: 'latency' }, rooflineMs);
  const input = assumedInput(report);
  return {
    kind: 'entry',
    entry: {
      model,
      ...(input === undefined ? {} : { input }),
      budgets: {
        ...budget('params', paramCount),
        ...budget('macs', macs),
        ...budget('peakMemory', peakMemoryBytes),
        ...(latency === undefined ? {} : { latency: { [deviceId]: latency } }),
      },
    },
  };
}

/** No budget where there is nothing to limit. */
function budget(kind: 'params' | 'macs' | 'peakMemory', amount: Figure): Readonly<Record<string, string>> {
  const text = typeof amount === 'number' ? allowedBudget({ kind }, amount) : undefined;
  return text === undefined ? {} : { [kind]: text };
}

/** Why a model is told by another one of its file: it is a part of it, or what it builds. */
function wholeOf({ entry, scopes }: Report, reports: readonly Report[]): string | undefined {
  if (entry.kind === 'instance') {
    const typeName = rootType(scopes);
    return reports.some(({ entry: { kind, name } }) => kind === 'class' && name === typeName)
      ? `an instance of ${typeName ?? ''}`
      : undefined;
  }
  if (entry.kind !== 'class') return undefined;
  const whole = reports.find(
    (other) =>
      other.entry.name !== entry.name &&
      other.entry.kind !== 'instance' &&
      other.scopes.some(({ typeName }) => typeName === entry.name),
  );
  if (whole === undefined) return undefined;
  return rootType(whole.scopes) === entry.name ? `${whole.entry.name} builds it` : `a part of ${whole.entry.name}`;
}

function rootType(scopes: Report['scopes']): string | undefined {
  return scopes.find(({ path }) => path === '')?.typeName;
}

/** Why there are no figures to hold a model to. */
function whyNot({ problems, coverage, totals }: Report): string | undefined {
  const error = problems.find(({ severity }) => severity === 'error');
  if (error !== undefined) return error.message;
  const [unknown] = coverage.unknown;
  if (unknown !== undefined) return `${unknown.name} is not understood: ${unknown.reason}`;
  if (coverage.totalNodes === 0) return 'it has no operation';
  const { paramCount, macs, peakMemoryBytes } = totals;
  const open = [paramCount, macs, peakMemoryBytes].find((figure) => typeof figure !== 'number');
  if (open === undefined || typeof open === 'number') return undefined;
  const reason = unknownReason(open);
  return reason === undefined ? `its cost depends on ${printDim(open)}` : `its cost is not known: ${reason}`;
}

/** The input where it was only assumed, so that the budgets go on to mean it. */
function assumedInput({ assumptions, inputs }: Report): string | readonly string[] | undefined {
  if (!assumptions.some(({ kind }) => kind === 'input')) return undefined;
  const texts = inputs.map(({ type }) =>
    type.kind === 'tensor' && type.shape !== undefined
      ? printShape(type.shape) + (type.dtype === 'float32' ? '' : `:${type.dtype}`)
      : undefined,
  );
  if (texts.length === 0 || texts.includes(undefined)) return undefined;
  const known = texts.filter((text) => text !== undefined);
  return known.length === 1 ? known[0] : known;
}
