/**
 * Why figures may not be those of the whole model: operations that were not understood, shapes that do not fit, what a
 * bound cut off. -> ["3 of 120 operations were understood; not: aten::foo (1 x): it is not known"]
 */
import type { ModelDigest, PlacedProblem } from './modelDigest.ts';

/** Problems of a warning's severity that mean that something of the model was left out. */
const INCOMPLETE = new Set(['execution-bound', 'unknown-output', 'unknown-argument']);

/** Problems that mean that figures may not be those of the whole model. */
export function gapProblems(problems: readonly PlacedProblem[]): readonly PlacedProblem[] {
  return problems.filter(({ code, severity }) => severity === 'error' || INCOMPLETE.has(code));
}

export function gapsOf({ coverage, problems }: ModelDigest): readonly string[] {
  const { understoodNodes, totalNodes, unknown } = coverage;
  const names = unknown.map(({ name, count, reason }) => `${name} (${count} x): ${reason}`);
  return [
    ...(understoodNodes < totalNodes
      ? [`${understoodNodes} of ${totalNodes} operations were understood; not: ${names.join('; ')}`]
      : []),
    ...gapProblems(problems).map(({ code, message }) => `${message} [${code}]`),
  ];
}
