/**
 * The text of a baseline file, of models as they were read; or why there is none: a model that cannot be read, or has an
 * error, would be missing in it or wrong.
 */
import { baselineToJson } from './baseline.ts';
import type { Decoded } from './decode.ts';
import { problemsIn, type EntryState } from './diffReport.ts';
import { problemText, type PlacedProblem } from './modelDigest.ts';

/** What `layercost baseline` and the editor write where nobody names another file. */
export const BASELINE_FILE = 'layercost-baseline.json';

/** `problems` are those of finding the models; one state a model, in order. */
export function writeBaseline(
  models: readonly { readonly name: string }[],
  states: readonly EntryState[],
  problems: readonly PlacedProblem[],
): Decoded<string> {
  const errors = problems.filter(({ severity }) => severity === 'error').map(problemText);
  for (const [index, state] of states.entries()) {
    const name = models[index]?.name ?? '';
    if (state.kind === 'absent') errors.push(`${name}: ${state.message}`);
    const found = problemsIn(state).filter(({ severity }) => severity === 'error' || state.kind === 'unreadable');
    errors.push(...found.map((each) => `${name}: ${problemText(each)}`));
    if (state.kind === 'unreadable' && found.length === 0) errors.push(`${name}: it cannot be read`);
  }
  if (errors.length > 0) return { kind: 'invalid', message: errors.join('\n') };
  const snapshots = states.flatMap((state) => (state.kind === 'model' ? [state.digest.snapshot] : []));
  return { kind: 'ok', value: baselineToJson(snapshots) };
}
