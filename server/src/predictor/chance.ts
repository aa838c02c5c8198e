/**
 * What is certain of a network that answers the same for every image: chanceFigure('accuracy/cifar100') -> 1 %, exactly, because
 * the test sets of CIFAR-10, CIFAR-100 and ImageNet16-120 hold as many images of each class.
 */
import { datasetById } from '../frontends/nasCell/network/datasets.ts';
import type { Prediction } from './prediction.ts';

/** Undefined for outputs that are no accuracy. */
export function chanceFigure(name: string): Prediction | undefined {
  const dataset = datasetById(/^accuracy\/(.+)$/.exec(name)?.[1] ?? '');
  if (dataset === undefined) return undefined;
  const value = 100 / dataset.classCount;
  return { value, low: value, high: value, coverage: 1 };
}
