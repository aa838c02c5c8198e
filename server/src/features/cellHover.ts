/**
 * The hover of a NAS cell that stands in a text: what its network costs, what trained weights predict, or why it is no cell.
 */
import { analyzeCell, type CellRequest } from '../analysis/analyzeCell.ts';
import { cellsInText } from '../analysis/cellsInText.ts';
import type { CellFigures } from '../analysis/report.ts';
import { formatLatencyMs, significant } from '../base/format.ts';
import { modelMarkdown, type Hover } from './hover.ts';

export type CellHoverRequest = Omit<CellRequest, 'text' | 'start'> & {
  /** Of the whole file. */
  readonly text: string;
  readonly offset: number;
  readonly deviceId: string;
};

/** Undefined where no cell stands at the offset. */
export function cellHoverAt({ text, offset, deviceId, ...request }: CellHoverRequest): Hover | undefined {
  const range = cellsInText(text).find(({ start, end }) => start <= offset && offset <= end);
  if (range === undefined) return undefined;
  const result = analyzeCell({ ...request, text: text.slice(range.start, range.end), start: range.start });
  if (result.kind === 'problem') return { range, markdown: result.problems.map(({ message }) => message).join('\n\n') };
  const { report } = result;
  const figures = report.cell === undefined ? '' : figuresMarkdown(report.cell);
  const notes = report.problems.map(({ message }) => message).join('\n\n');
  const parts = [modelMarkdown(report, deviceId), figures, notes].filter((part) => part !== '');
  return { range, markdown: parts.join('\n\n') };
}

function figuresMarkdown({ accuracy, latencyMs }: CellFigures): string {
  const percent = (value: number): string => `${significant(value, 4)} %`;
  const rows = [
    ...(accuracy === undefined ? [] : [['accuracy', accuracy, percent] as const]),
    ...[...latencyMs].map(([device, figure]) => [device, figure, formatLatencyMs] as const),
  ].map(
    ([name, { value, low, high, coverage }, print]) =>
      `| ${name} | ${print(value)} | ${print(low)} to ${print(high)} | ${significant(100 * coverage, 3)} % |`,
  );
  return ['| predicted | | interval | true of |', '|---|---|---|---|', ...rows].join('\n');
}
