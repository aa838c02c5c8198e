/**
 * What a predictor reads of a cell's nodes: kinds by number. New kinds are added at the end and raise the version, so that
 * weights always mean the features that they were trained on.
 */
import type { CellNode } from '../frontends/nasCell/cellGraph.ts';

/** Of the vocabulary and of all that features.ts derives: weights name the one they were trained on. */
export const FEATURE_VERSION = 1;

export const VOCABULARY = [
  'input',
  'output',
  'conv1x1',
  'conv3x3',
  'avgPool3x3',
  'maxPool3x3',
  'skip',
  'none',
  'sepConv3x3',
  'sepConv5x5',
  'sepConv7x7',
  'dilConv3x3',
  'dilConv5x5',
  'conv7x1And1x7',
  'inputBefore',
  'sum',
] as const satisfies readonly CellNode[];

const NUMBERS: ReadonlyMap<CellNode, number> = new Map(VOCABULARY.map((node, index) => [node, index]));

export function nodeNumber(node: CellNode): number {
  // The vocabulary has every node (tested).
  return NUMBERS.get(node) ?? -1;
}
