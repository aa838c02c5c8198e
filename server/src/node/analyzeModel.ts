/**
 * One model analysed, as data that crosses threads: its digest, or why there is none. A mistake of ours costs one model.
 */
import type { AnalyzeRequest, Analyzer } from '../analysis/analyzer.ts';
import type { FileTrail } from '../evaluation/fileTrail.ts';
import { digestOf, placedProblem } from '../gate/modelDigest.ts';
import type { Placer } from '../gate/place.ts';
import type { FileSource } from './fileSource.ts';
import type { ModelOutcome } from './modelJob.ts';

/** A model to look for in a version. */
export interface AskedModel {
  readonly name: string;
  /** As reports show it: "models/net.py:Net". */
  readonly target: string;
  /** Files in it are absolute. */
  readonly request: AnalyzeRequest;
}

export interface ModelReader {
  readonly analyzer: Analyzer;
  readonly placer: Placer;
  readonly source: FileSource;
}

export interface AnalyzedModel {
  readonly outcome: ModelOutcome;
  /** What the outcome rests on; undefined where the analysis broke. */
  readonly trail: FileTrail | undefined;
}

export function analyzeModel(
  { analyzer, placer, source }: ModelReader,
  { name, target, request }: AskedModel,
): AnalyzedModel {
  try {
    const { value, trail } = analyzer.withTrail(() => analyzer.analyze(request));
    const lookedFor = [...trail.probes].map(({ path }) => path);
    const notGiven = source.problemsOf(lookedFor).map((problem) => placedProblem(problem, placer));
    if (value.kind === 'problem') {
      const problems = value.problems.map((problem) => placedProblem(problem, placer));
      return { outcome: { kind: 'problem', problems: [...notGiven, ...problems] }, trail };
    }
    const digest = digestOf(value.report, { name, target, placer });
    return { outcome: { kind: 'digest', digest: { ...digest, problems: [...notGiven, ...digest.problems] } }, trail };
  } catch (error) {
    // Without the stack, which differs between machines.
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { outcome: { kind: 'crash', message: placer.relativeText(message) }, trail: undefined };
  }
}
