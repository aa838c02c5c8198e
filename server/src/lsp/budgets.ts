/**
 * The budgets of one open document, held against its newest text: first those whose models were analysed for hints, then
 * all. Between two analyses waiting messages come in, and an answer that an edit made stale is not finished.
 */
import type { Analyzer } from '../analysis/analyzer.ts';
import type { Report } from '../analysis/report.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { budgetDiagnostics, type CheckedModel } from '../features/budgetDiagnostics.ts';
import type { Diagnostic } from '../features/diagnostics.ts';
import { checkHeldModel, heldModels, heldRequest, type HeldModel } from '../features/heldModels.ts';
import { createPlacer, type Placer } from '../gate/place.ts';
import type { ModelSnapshot } from '../gate/snapshot.ts';
import { folderOf } from '../configuration/relativePath.ts';

export interface BudgetQuestion {
  /** Asks the analyzer in the document's turn; undefined where the question is stale. */
  readonly ask: <T>(body: (analyzer: Analyzer) => T) => Promise<T | undefined>;
  readonly file: string;
  /** The one that holds for the file. */
  readonly configuration: Configuration | undefined;
  /** What growths of a model are measured against. */
  readonly baselineOf: (modelName: string) => ModelSnapshot | undefined;
  /** False once the document was edited or closed. */
  readonly isCurrent: () => boolean;
}

/** Models of one file that are analysed for their budgets alone. */
const MOST_EXTRA_MODELS = 50;

/** All that is known by then. */
export interface BudgetStep {
  readonly diagnostics: readonly Diagnostic[];
  readonly models: readonly CheckedModel[];
}

/** One step or two. */
export async function* budgetSteps(question: BudgetQuestion): AsyncGenerator<BudgetStep> {
  const { file } = question;
  const placer = budgetPlacer(question.configuration);
  const found = await question.ask((analyzer) => modelsWithBudgets(question, analyzer));
  if (found === undefined) return;
  const { ready, open } = found;
  const checked = new Map(
    ready.map(({ model, report }) => [model, checkHeldModel(model, report, { placer, baseline: baseline(model) })]),
  );
  const all = [...ready.map(({ model }) => model), ...open].sort((a, b) => a.range.start - b.range.start);
  const step = (): BudgetStep => {
    const models = all.flatMap((model): CheckedModel | readonly CheckedModel[] => checked.get(model) ?? []);
    return { diagnostics: budgetDiagnostics(file, models), models };
  };
  yield step();
  if (open.length === 0) return;
  for (const model of open) {
    const report = await question.ask((analyzer) => extraReport(model, file, analyzer));
    if (!question.isCurrent()) return;
    if (report !== undefined) checked.set(model, checkHeldModel(model, report, { placer, baseline: baseline(model) }));
  }
  yield step();

  function baseline({ modelName, isShown }: HeldModel): ModelSnapshot | undefined {
    return isShown ? question.baselineOf(modelName) : undefined;
  }
}

/** Models with budgets: those with a report at hand, and the others. */
function modelsWithBudgets(
  { configuration, file }: BudgetQuestion,
  analyzer: Analyzer,
): {
  readonly ready: readonly { readonly model: HeldModel; readonly report: Report }[];
  readonly open: readonly HeldModel[];
} {
  if (configuration?.entries.some(({ budgets }) => budgets.length > 0) !== true) return { ready: [], open: [] };
  const [firstName] = analyzer.modelNames(file, { hasArguments: false });
  const held = heldModels(configuration, file, analyzer.hintReports(file), firstName).filter(
    ({ held: { entry } }) => entry.budgets.length > 0,
  );
  return {
    ready: held.flatMap((model) => (model.report === undefined ? [] : [{ model, report: model.report }])),
    open: held.filter(({ report }) => report === undefined).slice(0, MOST_EXTRA_MODELS),
  };
}

function extraReport(model: HeldModel, file: string, analyzer: Analyzer): Report | undefined {
  if (model.isShown) return analyzer.report(file, model.modelName);
  const result = analyzer.analyzeInTime(file, heldRequest(model, file));
  return result?.kind === 'report' ? result.report : undefined;
}

/** Lines are of no use here: ranges come from the report. */
function budgetPlacer(configuration: Configuration | undefined): Placer {
  const root = configuration === undefined ? '/' : folderOf(configuration.file);
  return createPlacer({ root, packageFolders: [], readText: () => undefined });
}
