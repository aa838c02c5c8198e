/**
 * The data sets that cells are built for: image size and number of classes.
 */
export interface Dataset {
  readonly id: DatasetId;
  /** Height and width of an image with three channels. */
  readonly imageSize: number;
  readonly classCount: number;
}

export type DatasetId = 'cifar10' | 'cifar100' | 'imagenet16-120';

/** Taken where nobody names one. */
export const DEFAULT_DATASET: Dataset = { id: 'cifar10', imageSize: 32, classCount: 10 };

export const DATASETS: readonly Dataset[] = [
  DEFAULT_DATASET,
  { id: 'cifar100', imageSize: 32, classCount: 100 },
  { id: 'imagenet16-120', imageSize: 16, classCount: 120 },
];

/** By its id; undefined for another text. */
export function datasetById(id: string): Dataset | undefined {
  return DATASETS.find((dataset) => dataset.id === id);
}
