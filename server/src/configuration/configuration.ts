/**
 * The configuration as data: which models a team watches, and what they may cost.
 * `layercost.json` or `[tool.layercost]` -> Configuration and problems (parseConfiguration.ts).
 */
import type { SourceRange } from '../base/text.ts';
import type { InputSpec } from './inputText.ts';

export interface Configuration {
  /** The file it was read from, absolute. */
  readonly file: string;
  /** "devices" as written: what entries take that name none of their own. */
  readonly deviceIds: readonly string[];
  /** Folders to resolve imports from, relative to the configuration's folder as written. */
  readonly searchPaths: readonly string[];
  readonly entries: readonly EntryConfiguration[];
  /** All of it: the object of a layercost.json, the table of a pyproject.toml. */
  readonly range: SourceRange;
}

/** One element of "entries": a model, or a glob of many. */
export interface EntryConfiguration {
  /**
   * What reports call it; the model's own text where it is left out. What a glob finds is called by its place,
   * "models/net.py:Net", after the name where there is one: "zoo:models/net.py:Net" (expandEntries.ts).
   */
  readonly name: string | undefined;
  /** "models/net.py:Net", "models/**\/*.py:*Net", "exports/*.onnx", "torchvision.models:resnet50". */
  readonly model: string;
  /** A NAS cell in place of a model; `model` is its text then. */
  readonly cell?: CellConfiguration | undefined;
  /** Python text of the arguments: "width=0.5, num_classes=10". */
  readonly args: string | undefined;
  readonly inputs: readonly InputSpec[] | undefined;
  /** Devices to give latencies for: its own or the configuration's, and those that its budgets name. */
  readonly deviceIds: readonly string[];
  /** A model that cannot be analysed in full fails as unknown, unless this accepts it. */
  readonly allowUnknown: boolean;
  readonly budgets: readonly Budget[];
  /** Where the entry stands in the configuration: all of it, and the text of its model. */
  readonly range: SourceRange;
  readonly modelRange: SourceRange;
}

/** A cell as its benchmark writes it, and the data set that its network is built for. */
export interface CellConfiguration {
  /** "|nor_conv_3x3~0|+|...|" */
  readonly text: string;
  /** "cifar10"; undefined where the entry names none. */
  readonly datasetId: string | undefined;
}

/** What a budget limits. Counts and bytes are exact; latency says which estimate it means. */
export type Metric =
  | { readonly kind: 'params' | 'macs' | 'weights' | 'activations' | 'peakMemory' }
  | { readonly kind: 'latency'; readonly deviceId: string; readonly estimate: LatencyEstimate }
  /** "imagenet-top1", "cifar10-test": a share from 0 to 1. */
  | { readonly kind: 'accuracy'; readonly dataset: string };

/** The lower bound; the prediction; the upper end of the prediction's interval. */
export type LatencyEstimate = 'roofline' | 'predicted' | 'upper';

export type Budget = LimitBudget | GrowthBudget;

interface BudgetBase {
  readonly metric: Metric;
  readonly severity: 'error' | 'warn';
  /** As it was written: "5M", "2.5 ms", "+5 %". */
  readonly text: string;
  /** All of it, and the amount alone: `["warn", "5M"]` and `"5M"`. */
  readonly range: SourceRange;
  readonly amountRange: SourceRange;
}

/** At most `limit`, in the metric's own unit: counts, MACs, bytes, ms; of accuracy at least `limit`. */
export interface LimitBudget extends BudgetBase {
  readonly kind: 'limit';
  readonly limit: number;
}

/** How much more than the baseline is accepted (of accuracy, how much less). */
export interface GrowthBudget extends BudgetBase {
  readonly kind: 'growth';
  readonly growth:
    | { readonly kind: 'relative'; readonly share: number }
    /** In the metric's own unit. */
    | { readonly kind: 'absolute'; readonly amount: number };
}
