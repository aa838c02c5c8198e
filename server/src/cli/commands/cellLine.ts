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

/** Of brackets; deeper ones cannot be written back. */
const MAX_DEPTH = 200;

/** Undefined where the line is no JSON object, or is nested so deeply that it cannot be written back. */
export function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  if (isDeep(line)) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

/** Brackets of texts count as well: a line that holds so many is no cell's. */
function isDeep(line: string): boolean {
  let depth = 0;
  for (const [bracket] of line.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
