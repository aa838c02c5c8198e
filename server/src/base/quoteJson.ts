/**
 * A value of JSON as a message quotes it, of any size and depth: quoteJson({ a: 1 }) -> '{"a":1}'; 60 characters at the most.
 */

const MAX_LENGTH = 60;

export function quoteJson(value: unknown): string {
  const text = write(value);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

function write(value: unknown): string {
  // JSON can write 1e999.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  try {
    return value === undefined ? 'nothing' : JSON.stringify(value);
  } catch {
    return 'brackets that are nested too deeply';
  }
}
