/**
 * One line of a list of cells: the cell itself, or a JSON object that holds it under "cell".
 */

/** The cell's text; a line that is no such object is taken for a cell. */
export function cellOfLine(line: string): string {
  const parsed = parseObject(line);
  const cell = parsed?.['cell'];
  if (typeof cell === 'string') return cell;
  return typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : line;
}

/** Undefined where the line is no JSON object. */
export function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
