/**
 * A random program of modules (programs.py makes them) as we read it, against what PyTorch said of it.
 * compareProgram({ text, inputs, torch: { parameters: 42, ... } }) -> 'equal', 'unknown', 'bothRefuse', or what differs.
 */
import type { Analyzer } from '../../server/src/analysis/analyzer.ts';
import type { Report } from '../../server/src/analysis/report.ts';
import { printDim, unknownReason, type Dim } from '../../server/src/graph/dim.ts';
import { isDType } from '../../server/src/graph/dtype.ts';

export interface ProgramFigures {
  readonly parameters: number;
  readonly buffers: number;
  /** Null where PyTorch's counter has no formula, or counts by the machine's kernels. */
  readonly macs: number | null;
  readonly outputs: readonly (readonly [shape: readonly number[], dtype: string])[];
}

export interface ProgramRefusal {
  /** "RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)" */
  readonly refused: string;
  readonly stage: 'construct' | 'forward';
}

export interface RandomProgram {
  readonly seed: number;
  readonly inputs: readonly (readonly [name: string, shape: readonly number[], dtype: string])[];
  readonly text: string;
  readonly torch: ProgramFigures | ProgramRefusal;
}

/** `unknown`: a figure is missing, and none is wrong. `differs` is what must not be. */
export type Agreement =
  { readonly kind: 'equal' | 'unknown' | 'bothRefuse' } | { readonly kind: 'differs'; readonly message: string };

const FILE = '/programs/program.py';

/** Analyzes the program as an open document, and compares every figure. */
export function compareProgram(analyzer: Analyzer, program: RandomProgram): Agreement {
  analyzer.setText(FILE, program.text);
  const inputs = program.inputs.map(([name, shape, dtype]) => ({
    name,
    shape,
    dtype: isDType(dtype) ? dtype : undefined,
  }));
  const result = analyzer.analyze({ target: `${FILE}:Net`, inputs, args: undefined, deviceIds: [] });
  if (result.kind === 'problem') {
    return 'refused' in program.torch
      ? { kind: 'bothRefuse' }
      : differs(`no report: ${result.problems.map(({ message }) => message).join('; ')}`);
  }
  const { report } = result;
  const errors = report.problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  if ('refused' in program.torch) return compareRefusal(report, program.torch, errors);
  if (errors.length > 0) return differs(`PyTorch runs it; we report: ${errors.join('; ')}`);
  return compareFigures(report, program.torch);
}

function compareRefusal(report: Report, torch: ProgramRefusal, errors: readonly string[]): Agreement {
  if (errors.length > 0) return { kind: 'bothRefuse' };
  if (report.problems.length > 0 || isOpen(report.totals.macs) || report.coverage.share < 1) return { kind: 'unknown' };
  return differs(`PyTorch refuses it: ${torch.refused}`);
}

function compareFigures(report: Report, torch: ProgramFigures): Agreement {
  let isUnknown = false;
  const differences: string[] = [];
  const compare = (what: string, ours: Dim | undefined, theirs: number): void => {
    if (ours === undefined || isOpen(ours)) isUnknown = true;
    else if (ours !== theirs) differences.push(`${what}: PyTorch ${theirs}, ours ${printDim(ours)}`);
  };
  compare('parameters', report.totals.paramCount, torch.parameters);
  compare('buffers', report.totals.bufferCount, torch.buffers);
  if (torch.macs !== null) compare('MACs', report.totals.macs, torch.macs);
  const types = report.outputs.map(({ type }) => (type.kind === 'tensor' ? type : undefined));
  if (report.coverage.share < 1 || types.includes(undefined)) isUnknown = true;
  if (types.length !== torch.outputs.length && !isUnknown) {
    differences.push(`outputs: PyTorch ${torch.outputs.length}, ours ${types.length}`);
  }
  if (types.length === torch.outputs.length) {
    for (const [at, [shape, dtype]] of torch.outputs.entries()) {
      const type = types[at];
      if (type === undefined) continue;
      if (type.dtype === 'unknown') isUnknown = true;
      else if (type.dtype !== dtype) differences.push(`output ${at}: PyTorch ${dtype}, ours ${type.dtype}`);
      if (type.shape === undefined) isUnknown = true;
      else if (type.shape.length !== shape.length) {
        differences.push(`output ${at}: PyTorch [${shape.join(', ')}], ours [${type.shape.map(printDim).join(', ')}]`);
      } else type.shape.forEach((dim, axis) => compare(`output ${at}, axis ${axis}`, dim, shape[axis] ?? -1));
    }
  }
  if (differences.length > 0) return differs(differences.join('; '));
  return { kind: isUnknown ? 'unknown' : 'equal' };
}

function isOpen(dim: Dim): boolean {
  return typeof dim !== 'number' && unknownReason(dim) !== undefined;
}

function differs(message: string): Agreement {
  return { kind: 'differs', message };
}
