/**
 * What `check` and `merge` are told on the command line: report formats, parts, numbers.
 * --report sarif=out.sarif -> { format: 'sarif', file: 'out.sarif' }; --shard 2/8 -> { index: 2, count: 8 }
 */
import { InvalidArgumentError } from 'commander';
import type { RunFlags } from './runSettings.ts';

export const CHECK_FORMATS = ['text', 'json', 'markdown', 'summary', 'sarif', 'junit', 'github'] as const;
export type CheckFormat = (typeof CHECK_FORMATS)[number];

export interface ReportFile {
  readonly format: CheckFormat;
  readonly file: string;
}

/** What both commands print and write. */
export interface OutputFlags {
  readonly format: CheckFormat;
  readonly report: readonly ReportFile[];
  /** What fails ends with 0 all the same; what could not be checked does not. */
  readonly exitZero?: boolean;
}

export interface CheckFlags extends OutputFlags, RunFlags {
  readonly config?: string;
  readonly device?: readonly string[];
  readonly shard?: Shard;
  /** A revision that growths are measured against. */
  readonly base?: string;
  /** A file of `layercost baseline` that they are measured against. */
  readonly baseline?: string;
}

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

export function reportFile(text: string, previous: readonly ReportFile[]): readonly ReportFile[] {
  const [name, ...rest] = text.split('=');
  const format = CHECK_FORMATS.find((each) => each === name);
  const file = rest.join('=');
  if (format === undefined || file === '') {
    throw new InvalidArgumentError(`FORMAT=FILE is wanted, with one of ${CHECK_FORMATS.join(', ')}`);
  }
  return [...previous, { format, file }];
}

const MOST_SHARDS = 1000;

export function shard(text: string): Shard {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (index >= 1 && index <= count && count <= MOST_SHARDS) return { index, count };
  throw new InvalidArgumentError(`a part such as 1/8 is wanted, of at most ${MOST_SHARDS}`);
}
