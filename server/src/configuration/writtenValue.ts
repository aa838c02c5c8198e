/**
 * Values as they are written in JSON and in TOML: { budgets: { params: "5M" } } -> `{ "budgets": { "params": "5M" } }`,
 * or `budgets = { params = "5M" }`.
 */

/** A key with a text, or with keys of its own. */
export interface Addition {
  readonly key: string;
  readonly value: string | readonly string[] | readonly Addition[];
}

/** Lines of a table. What hangs below budgets is dotted, so that each stands on a line of its own. */
export function tomlLines(prefix: string, { key, value }: Addition): readonly string[] {
  if (isTree(value) && key !== 'budgets') return value.flatMap((each) => tomlLines(`${prefix}${tomlKey(key)}.`, each));
  return [`${prefix}${tomlKey(key)} = ${tomlValue(value)}`];
}

export function jsonInline(value: Addition['value']): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (!isTree(value)) return `[${value.map((each) => JSON.stringify(each)).join(', ')}]`;
  return `{ ${value.map(({ key, value: inner }) => `${JSON.stringify(key)}: ${jsonInline(inner)}`).join(', ')} }`;
}

/** Members on lines, the innermost objects of one member in one. */
export function jsonText(value: Addition['value'], indent: string, unit: string): string {
  if (!isTree(value) || (value.length === 1 && typeof value[0]?.value === 'string')) return jsonInline(value);
  const lines = value.map(
    ({ key, value: inner }) => `${indent}${unit}${JSON.stringify(key)}: ${jsonText(inner, indent + unit, unit)}`,
  );
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

export function tomlValue(value: Addition['value']): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (!isTree(value)) return `[${value.map((each) => JSON.stringify(each)).join(', ')}]`;
  return `{ ${value.map(({ key, value: inner }) => `${tomlKey(key)} = ${tomlValue(inner)}`).join(', ')} }`;
}

export function tomlKey(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}

export function isTree(value: Addition['value']): value is readonly Addition[] {
  return typeof value !== 'string' && value.every((each) => typeof each !== 'string');
}
