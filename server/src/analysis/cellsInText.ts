/**
 * NAS cells within other text, such as strings of a Python file: where they start and end.
 * "best = '|skip_connect~0|+|none~0|none~1|+|none~0|none~1|none~2|'" has one, from 8 on.
 */
import type { TextRange } from '../base/text.ts';
import { MAX_CELL_LENGTH } from '../frontends/nasCell/readCell.ts';

/** Groups of "operation~node"; wrong operations and sizes count too, so that they can be told. */
const NAS_BENCH_201 = /\|\w+~\d+\|(?:\w+~\d+\|)*(?:\+\|\w+~\d+\|(?:\w+~\d+\|)*)+/g;
const GENOTYPE = /\bGenotype\s*\(\s*normal\s*=/g;

/** In the order of the text. */
export function cellsInText(text: string): readonly TextRange[] {
  const strings = [...text.matchAll(NAS_BENCH_201)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }));
  const genotypes = [...text.matchAll(GENOTYPE)].flatMap(({ index }) => {
    const end = closingBracket(text, index);
    return end === undefined ? [] : [{ start: index, end }];
  });
  return [...strings, ...genotypes].sort((a, b) => a.start - b.start);
}

/** Where the bracket that opens first after `start` is closed; strings hold none in a genotype. */
function closingBracket(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < Math.min(text.length, start + MAX_CELL_LENGTH); at++) {
    const character = text[at] ?? '';
    if ('([{'.includes(character)) depth++;
    if (')]}'.includes(character) && --depth === 0) return at + 1;
  }
  return undefined;
}
