/**
 * How deep brackets stand in each other, told before a parser that recurses reads them.
 */
import { MAX_DEPTH } from './locatedValue.ts';
import type { ProblemList } from './problemList.ts';

/** True, with a problem, where brackets are nested too deep; those in what `skipped` matches do not count. */
export function isTooDeep(text: string, file: string, skipped: RegExp, problems: ProblemList): boolean {
  let depth = 0;
  for (const { 0: found, index } of text.matchAll(new RegExp(`${skipped.source}|[[\\]{}]`, 'g'))) {
    if (found === ']' || found === '}') depth--;
    if ((found !== '[' && found !== '{') || ++depth <= MAX_DEPTH) continue;
    const range = { file, start: index, end: index + 1 };
    problems.add('configuration-too-deep', `Values are nested deeper than ${MAX_DEPTH}; nothing is read.`, range);
    return true;
  }
  return false;
}
