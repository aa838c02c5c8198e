/**
 * A comparison as JUnit's XML: a suite for each model, a test for whether it can be read in the newer version, and one for
 * each figure, which passes and says what became of it.
 */
import type { Printed } from '../../base/escaping/printed.ts';
import { figureRows } from '../../features/changeText.ts';
import { entryName, isFailure, type DiffReport, type EntryDiff } from '../../gate/diffReport.ts';
import { entryFinding, figureText } from './diffFindings.ts';
import { junitXml, problemCases, type TestCase } from './junitXml.ts';

export function diffToJunit({ problems, entries }: DiffReport): Printed {
  return junitXml([
    { name: 'comparison', cases: problemCases('configuration', problems) },
    ...entries.map((entry) => ({ name: entryName(entry), cases: entryCases(entry) })),
  ]);
}

function entryCases(entry: EntryDiff): readonly TestCase[] {
  const { rule, message, place } = entryFinding(entry);
  const details = place === undefined ? [] : [`${place.file}:${place.line}`];
  const known: TestCase = {
    name: 'the model is known',
    outcome: isFailure(entry)
      ? { kind: 'error', type: rule, message, details }
      : { kind: 'passed', output: entry.kind === 'compared' ? '' : message },
  };
  if (entry.kind !== 'compared') return [known];
  const figures = figureRows(entry.comparison).map((row): TestCase => ({
    name: row.label,
    outcome: { kind: 'passed', output: figureText(row) },
  }));
  return [known, ...figures];
}
