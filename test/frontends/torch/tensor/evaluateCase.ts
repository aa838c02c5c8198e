/**
 * Evaluates one expression of the truth as the executor and the torch front end do: its result, and the MACs of the
 * graph that it records.
 */
import type { PythonProject } from '../../../../server/src/evaluation/project.ts';
import { addDims, printDim, substituteDim, type Dim } from '../../../../server/src/graph/dim.ts';
import { GraphRecorder } from '../../../../server/src/frontends/torch/graphRecorder.ts';
import { worldOf } from '../../../../server/src/frontends/torch/torchWorld.ts';
import { describeValue } from './describeValue.ts';

export interface TruthCase {
  readonly title: string;
  readonly code: string;
  readonly statements: string;
  readonly expression: string;
  readonly result?: string;
  readonly macs?: number;
  /** The exception that PyTorch raises. */
  readonly error?: string;
}

export interface Answer {
  readonly result: string;
  readonly macs: string;
  /** Codes and messages of what was reported. */
  readonly problems: readonly string[];
}

/** `symbols` are what the symbolic sizes in the preamble stand for. */
export function evaluateCase(
  project: PythonProject,
  preamble: string,
  truth: TruthCase,
  symbols: ReadonlyMap<string, Dim> = new Map(),
): Answer {
  const file = '/work/case.py';
  project.setText(file, `${preamble}\n${truth.statements}\n`);
  const { module, problems } = project.module(file);
  const recorder = new GraphRecorder('case');
  const run = project.run({ file }, (executor) => {
    const world = worldOf(executor);
    world.recorder = recorder;
    try {
      const value = project.evaluateText(module, truth.expression);
      return value === undefined ? 'not an expression' : describeValue(executor, value, symbols);
    } finally {
      world.recorder = undefined;
    }
  });
  const macs = recorder.builder.finish().nodes.reduce<Dim>((sum, node) => addDims(sum, node.work.macs), 0);
  return {
    result: run.value ?? 'no result',
    macs: printDim(substituteDim(macs, symbols)),
    problems: [...problems, ...run.problems].map(({ code, message }) => `${code}: ${message}`),
  };
}
