/**
 * The body of a function, read when first asked for: from its own text, so that later edits elsewhere do not matter
 * and no parse tree has to be kept.
 */
import type { Block, Statement } from './ast.ts';
import type { Fault } from './logicalLine.ts';

export interface BlockContent {
  readonly statements: readonly Statement[];
  /** Faults of the statements themselves. */
  readonly faults: readonly Fault[];
  /** Bodies of the functions among the statements. */
  readonly blocks: readonly LazyBlock[];
}

/** Faults of statements and of everything inside them. */
export function allFaults({ faults, blocks }: BlockContent): readonly Fault[] {
  return blocks.length === 0 ? faults : [...faults, ...blocks.flatMap((block) => block.faults)];
}

export class LazyBlock implements Block {
  /** From the first to the last character of the body. */
  readonly text: string;
  /** Where the text stands in the chunk. */
  readonly start: number;
  /** Column of the first line. */
  readonly indent: number;
  #read: (() => BlockContent) | undefined;
  #content: BlockContent | undefined;
  #faults: readonly Fault[] | undefined;

  /** `isKnownGood`: the same text was once read without a fault, so that looking for faults can be saved. */
  constructor(text: string, start: number, indent: number, isKnownGood: boolean, read: () => BlockContent) {
    this.text = text;
    this.start = start;
    this.indent = indent;
    this.#faults = isKnownGood ? [] : undefined;
    this.#read = read;
  }

  get statements(): readonly Statement[] {
    return this.#resolve().statements;
  }

  /** Everything wrong in the body; reads all of it. */
  get faults(): readonly Fault[] {
    return (this.#faults ??= allFaults(this.#resolve()));
  }

  /** Whether the body is known to have no faults, without reading it. */
  get isKnownGood(): boolean {
    return this.#faults?.length === 0;
  }

  #resolve(): BlockContent {
    this.#content ??= this.#read?.() ?? { statements: [], faults: [], blocks: [] };
    this.#read = undefined;
    return this.#content;
  }
}
