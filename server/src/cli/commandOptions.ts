/**
 * Options that several commands have, and how their values are read: "1x3x224x224" -> a shape, "cifar100" -> a data set.
 * A value that cannot be read is a mistake of usage, which commander tells.
 */
import { InvalidArgumentError, Option } from 'commander';
import { parseInputText, type InputSpec } from '../configuration/inputText.ts';
import { DATASETS, datasetById, DEFAULT_DATASET, type Dataset } from '../frontends/nasCell/network/datasets.ts';

export type Format = 'text' | 'json';

export function formatOption(): Option {
  return new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text');
}

/** No data set where it is left out. */
export function datasetOption(): Option {
  const ids = DATASETS.map(({ id }) => id).join(', ');
  return new Option(
    '--dataset <name>',
    `the data set that cells are built for: ${ids} (${DEFAULT_DATASET.id} where left out)`,
  ).argParser(dataset);
}

/** Shapes of inputs. */
export function inputs(text: string): readonly InputSpec[] {
  const result = parseInputText(text);
  if (result.kind === 'invalid') throw new InvalidArgumentError(result.message);
  return result.inputs;
}

/** An option that may be repeated. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

function dataset(text: string): Dataset {
  const found = datasetById(text);
  if (found === undefined) throw new InvalidArgumentError(`known are ${DATASETS.map(({ id }) => id).join(', ')}`);
  return found;
}
