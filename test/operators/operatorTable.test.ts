/**
 * The table holds every operator that a file of server/src/operators exports, each name once.
 */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Operator } from '../../server/src/operators/operator.ts';
import { allOperators, operatorTable } from '../../server/src/operators/operatorTable.ts';

const FOLDER = new URL('../../server/src/operators/', import.meta.url);

test('names are unique and in camelCase', () => {
  const names = allOperators.map((operator) => operator.name);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  expect(names.filter((name) => !/^[a-z][a-zA-Z0-9]*$/.test(name))).toEqual([]);
  expect(operatorTable.size).toBe(names.length);
});

test('every exported operator stands in the table', async () => {
  const missing: string[] = [];
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.ts'))) {
    const exported = (await import(new URL(file, FOLDER).href)) as Record<string, unknown>;
    for (const operator of Object.values(exported).flatMap(operatorsIn)) {
      if (operatorTable.get(operator.name) !== operator) missing.push(`${file}: ${operator.name}`);
    }
  }
  expect(missing).toEqual([]);
});

/** An export may be an operator, a list of them, or a record of them by name. */
function operatorsIn(value: unknown): readonly Operator[] {
  if (isOperator(value)) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).filter(isOperator);
}

function isOperator(value: unknown): value is Operator {
  return typeof value === 'object' && value !== null && 'infer' in value && 'work' in value;
}
