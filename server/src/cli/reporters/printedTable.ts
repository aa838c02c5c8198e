/**
 * A table for the terminal: columns and one line under the header, no frames. Every cell is escaped, so that no name
 * makes a line of its own: printedTable([{ name: 'layer', alignment: 'left' }], [{ cells: { layer: 'stem' } }]).
 */
import { Table } from 'console-table-printer';
import { coloredLine, joinPrinted, terminalText, type Printed } from '../../base/escaping/printed.ts';

export interface Column {
  readonly name: string;
  readonly alignment: 'left' | 'right';
}

export interface Row {
  readonly cells: Readonly<Record<string, string | number>>;
  /** Of ECMA-48: 31 is red. */
  readonly color?: number | undefined;
}

const STYLE = {
  headerTop: { left: '', mid: '', right: '', other: '' },
  headerBottom: { left: '', mid: ' ', right: '', other: '-' },
  tableBottom: { left: '', mid: '', right: '', other: '' },
  vertical: '',
};

/** Without an end of line. */
export function printedTable(columns: readonly Column[], rows: readonly Row[]): Printed {
  const table = new Table({
    columns: columns.map(({ name, alignment }) => ({ name, alignment, title: terminalText(name) })),
    style: STYLE,
    shouldDisableColors: true,
  });
  for (const { cells } of rows) {
    table.addRow(Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, terminalText(String(cell))])));
  }
  const lines = table.render().split('\n');
  // The rows end it, a line each.
  const end = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  return joinPrinted(
    lines.map((line, index) => coloredLine(line, rows[index - (end - rows.length)]?.color)),
    '\n',
  );
}
