/**
 * The output shape where a layer or function is called: `x = self.conv1(x)` shows "1×64×112×112".
 * Where an expression ran with several shapes it shows the first and the last: "1×64×56×56 … 1×512×7×7".
 */
import type { LineIndex } from '../../base/text.ts';
import type { CallSite, Report } from '../../analysis/report.ts';
import { callSitesByRange } from '../entryReport.ts';
import { typeText } from '../figureText.ts';
import type { InlayHint } from './inlayHint.ts';

export function shapeHints(reports: readonly Report[], file: string, lines: LineIndex): readonly InlayHint[] {
  const hints = [...callSitesByRange(reports, file).values()].flatMap(({ range, items }) => {
    const text = shapesText(items);
    return text === undefined ? [] : [{ offset: range.end, kind: 'shape' as const, text, range }];
  });
  return outermostPerLine(hints, lines);
}

export function shapesText(sites: readonly CallSite[]): string | undefined {
  const texts = sites.flatMap((site) => site.results.map((types) => types.map(typeText).join(', ')));
  const distinct = [...new Set(texts)];
  const first = distinct[0];
  if (first === undefined || first === '') return undefined;
  return distinct.length === 1 ? first : `${first} … ${distinct.at(-1) ?? ''}`;
}

/** Nested calls on one line, `relu(bn(conv(x)))`, show the outermost only; hovers tell the others. */
function outermostPerLine(hints: readonly InlayHint[], lines: LineIndex): readonly InlayHint[] {
  const sorted = [...hints].sort((a, b) => a.range.start - b.range.start || b.range.end - a.range.end);
  const kept: InlayHint[] = [];
  for (const hint of sorted) {
    const outer = kept.findLast(({ range }) => range.start <= hint.range.start && range.end >= hint.range.end);
    const isHidden =
      outer !== undefined && lines.position(outer.range.end).line === lines.position(hint.range.end).line;
    if (!isHidden) kept.push(hint);
  }
  return kept;
}
