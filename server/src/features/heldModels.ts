/**
 * The models of an open file that the configuration holds to budgets, each with the entry that says so: the same models
 * and entries as `layercost check` has of this file. Two entries for one model (of two widths) hold it twice.
 */
import type { AnalyzeRequest } from '../analysis/analyzeRequest.ts';
import type { Report } from '../analysis/report.ts';
import type { SourceRange } from '../base/text.ts';
import type { Configuration, EntryConfiguration } from '../configuration/configuration.ts';
import { entriesForFile, reportedName, type HeldEntry } from '../configuration/entryMatcher.ts';
import { folderOf, relativePath } from '../configuration/relativePath.ts';
import { checkEntry } from '../gate/checkEntry.ts';
import { baseOfState } from '../gate/entryBase.ts';
import { digestOf } from '../gate/modelDigest.ts';
import type { Placer } from '../gate/place.ts';
import type { ModelSnapshot } from '../gate/snapshot.ts';
import type { CheckedModel } from './budgetDiagnostics.ts';
import type { EntryReport } from './entryReport.ts';

export interface HeldModel {
  /** Its name in the file. */
  readonly modelName: string;
  /** Where that stands. */
  readonly range: SourceRange;
  readonly held: HeldEntry;
  /** What reports call it, and its target as they show it. */
  readonly name: string;
  readonly target: string;
  /** Of the entry in its configuration, from 0. */
  readonly index: number;
  /** Whether what the editor shows of the model is as this entry builds it. */
  readonly isShown: boolean;
  /** The report that is at hand, of a model that is shown as this entry builds it. */
  readonly report: Report | undefined;
}

/** `firstName` is the first model of the file, in its order. */
export function heldModels(
  configuration: Configuration,
  file: string,
  entries: readonly EntryReport[],
  firstName: string | undefined,
): readonly HeldModel[] {
  const { heldTo, named, first } = entriesForFile(configuration, file);
  const relative = relativePath(folderOf(configuration.file), file) ?? file;
  return entries.flatMap(({ entry: { name: modelName, range }, report }) => {
    if (range?.file !== file) return [];
    const isFirst = modelName === firstName;
    const shownEntry = (named(modelName) ?? (isFirst ? first : undefined))?.entry;
    return heldTo(modelName, { isFirst }).map((held) => {
      const target = held.isOfFile ? relative : `${relative}:${modelName}`;
      const isShown = held.entry === shownEntry;
      return {
        modelName,
        range,
        held,
        name: reportedName(held, target),
        target,
        index: configuration.entries.indexOf(held.entry),
        isShown,
        report: isShown ? report : undefined,
      };
    });
  });
}

/** How `layercost check` asks for the model. */
export function heldRequest({ held, modelName }: HeldModel, file: string): AnalyzeRequest {
  const { inputs, args } = held.entry;
  const target = held.isOfFile ? file : `${file}:${modelName}`;
  return { target, inputs, args, deviceIds: undefined, ignoresConfiguration: true };
}

/** `baseline` is what growths are measured against. */
export function checkHeldModel(
  model: HeldModel,
  report: Report,
  { placer, baseline }: { readonly placer: Placer; readonly baseline?: ModelSnapshot | undefined },
): CheckedModel {
  const { held, name, target, index, range } = model;
  const digest = digestOf(report, { name, target, placer });
  const base = baseline === undefined ? undefined : baseOfState({ kind: 'snapshot', snapshot: baseline }, 'the base');
  const check = checkEntry(digest, { index, name, target, entry: held.entry, placer, base });
  return { report, entry: held.entry, check, range };
}

/** Whether models of a file are held to growths, so that what they are compared with counts. */
export function hasGrowthBudgets(configuration: Configuration | undefined, file: string): boolean {
  return configuration !== undefined && entriesForFile(configuration, file).all.some(hasGrowth);
}

function hasGrowth({ entry: { budgets } }: { readonly entry: EntryConfiguration }): boolean {
  return budgets.some(({ kind }) => kind === 'growth');
}
