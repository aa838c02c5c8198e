/**
 * What `check` and `merge` are told on the command line. --shard 2/8 -> { index: 2, count: 8 }
 */
import { InvalidArgumentError } from 'commander';
import type { ReportFlags } from './reportFormats.ts';
import type { RunFlags } from './runSettings.ts';

/** What `check` and `merge` print and write. */
export interface OutputFlags extends ReportFlags {
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

const MOST_SHARDS = 1000;

export function shard(text: string): Shard {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (index >= 1 && index <= count && count <= MOST_SHARDS) return { index, count };
  throw new InvalidArgumentError(`a part such as 1/8 is wanted, of at most ${MOST_SHARDS}`);
}
