/**
 * What an execution says beside its value: problems and assumptions, each once a place, and no more than people read.
 */
import type { Problem } from '../base/problems.ts';
import type { SourceRange } from '../base/text.ts';

/** Something that was taken for granted, with the place that asked for it. */
export interface AssumptionNote {
  readonly message: string;
  readonly range: SourceRange | undefined;
}

/** More problems or assumptions than this of one execution are dropped. */
const MAX_NOTES = 500;

export class Notes {
  readonly problems: Problem[] = [];
  readonly assumptions: AssumptionNote[] = [];
  /** Why code did not run that may have had to: the result may lack what it would have made. Each run counts. */
  readonly omissions: string[] = [];
  wasBounded = false;
  readonly #seen = new Set<string>();

  /** `file` is the user's own: problems are shown at the innermost place in it. */
  constructor(readonly file: string | undefined) {}

  addProblem(problem: Problem): void {
    const { location } = problem;
    const place = location.kind === 'text' ? `${location.file}:${location.start}-${location.end}` : '';
    if (this.#isNew(`${problem.code} ${place} ${problem.message}`, this.problems.length)) this.problems.push(problem);
  }

  addAssumption(message: string, range: SourceRange | undefined): void {
    const place = range === undefined ? '' : `${range.file}:${range.start}-${range.end}`;
    if (this.#isNew(`${place} ${message}`, this.assumptions.length)) this.assumptions.push({ message, range });
  }

  addOmission(message: string, range: SourceRange | undefined): void {
    this.addAssumption(message, range);
    if (this.omissions.length < MAX_NOTES) this.omissions.push(message);
  }

  /** Takes over what another execution said. */
  addAll({ problems, assumptions, omissions, wasBounded }: Notes): void {
    for (const problem of problems) this.addProblem(problem);
    for (const { message, range } of assumptions) this.addAssumption(message, range);
    this.omissions.push(...omissions.slice(0, MAX_NOTES - this.omissions.length));
    this.wasBounded ||= wasBounded;
  }

  #isNew(key: string, count: number): boolean {
    if (count >= MAX_NOTES || this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }
}
