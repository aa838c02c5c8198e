/**
 * The rules that a finding can break: stable ids for SARIF, JUnit and everyone who filters by them.
 */
import { COUNT_METRICS } from './metric.ts';

export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly help: string;
  /** Of its findings, unless they say otherwise; an error where left out. */
  readonly level?: 'error' | 'note';
}

const METRICS = [
  ...Object.values(COUNT_METRICS).map(({ rule, label }) => ({ rule, label })),
  { rule: 'latency', label: 'latency' },
  { rule: 'accuracy', label: 'accuracy' },
];

/** Those that a comparison can break too. */
export const SHARED_RULES: readonly Rule[] = [
  {
    id: 'unknown-model',
    title: 'The model is not known in full',
    help: 'Parts of the model were not understood, so that its figures are not those of the whole. "allowUnknown" accepts it.',
  },
  {
    id: 'unreadable-model',
    title: 'The model cannot be analysed',
    help: 'The entry names no model, its file cannot be read, or building it raises.',
  },
  {
    id: 'internal-error',
    title: 'The analysis broke',
    help: 'A mistake of Layer Cost itself, or not enough memory. The other entries were checked.',
  },
  {
    id: 'unreadable-base',
    title: 'The base cannot be read',
    help: 'The revision or file that growth is measured against is not there or cannot be read, so that no growth is known.',
  },
  {
    id: 'configuration',
    title: 'The configuration has a mistake',
    help: 'What is written in layercost.json or pyproject.toml cannot be read as a configuration.',
  },
];

export const RULES: readonly Rule[] = [
  ...METRICS.map(({ rule, label }) => ({
    id: `budget-${rule}`,
    title: `The budget of ${label} is not met`,
    help: `The model's ${label} miss what its entry in the configuration accepts. The finding names the layers that cost most.`,
  })),
  ...METRICS.map(({ rule, label }) => ({
    id: `growth-${rule}`,
    title: `The growth of ${label} is more than accepted`,
    help: `Compared with the base, the model's ${label} changed more than its entry in the configuration accepts. The finding names the layers that grew.`,
  })),
  {
    id: 'unknown-figure',
    title: 'A figure with a budget is unknown',
    help: 'The figure cannot be known, or depends on a size that was not given. Give the input, or set "allowUnknown".',
  },
  ...SHARED_RULES,
];
