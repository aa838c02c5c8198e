/**
 * A top-level statement that is read when first asked for. Bodies of functions are read on their own, later still;
 * blocks that stood in the version before at the same place with the same text are taken over from it.
 */
import type { Chunk, Statement } from './ast.ts';
import { convertStatements } from './convertStatement.ts';
import { allFaults, LazyBlock } from './lazyBlock.ts';
import type { BlockContent } from './lazyBlock.ts';
import type { Fault, LogicalLine } from './logicalLine.ts';
import type { Unit } from './composeUnit.ts';
import { readAsErrors, readUnit } from './readUnit.ts';
import type { RepairBudget, UnitTree } from './readUnit.ts';
import { shiftBetween, shifted } from './shift.ts';
import type { Shift } from './shift.ts';
import { TreeReader, UnexpectedTreeError } from './treeReader.ts';
import type { SuitePlaceholder } from './treeReader.ts';
import type { TreeSitter } from './treeSitter.ts';

/** What reading needs, shared by the chunks of one version of one file. */
export interface ReadingContext {
  readonly treeSitter: TreeSitter;
  readonly budget: RepairBudget;
}

/** Text of a statement and the logical lines in it. */
export interface ChunkSource {
  readonly text: string;
  readonly lines: readonly LogicalLine[];
}

/** Column at which a chunk begins: more than 0 is a mistake. */
export function indentOf({ lines }: ChunkSource): number {
  return lines[0]?.indent ?? 0;
}

export class ParsedChunk implements Chunk {
  readonly text: string;
  readonly indent: number;
  /** What `statement` is read from: the text, or the last text that was whole. */
  readonly source: ChunkSource;
  readonly isStale: boolean;
  readonly #context: ReadingContext;
  readonly #shift: Shift | undefined;
  readonly #faultsOfText: readonly Fault[] | undefined;
  #reusable: ReadonlyMap<string, LazyBlock> | undefined;
  #content: BlockContent | undefined;
  #faults: readonly Fault[] | undefined;

  private constructor(
    context: ReadingContext,
    { text, lines }: ChunkSource,
    source: ChunkSource,
    stale: { readonly shift: Shift; readonly faults: readonly Fault[] } | undefined,
    before: ParsedChunk | undefined,
  ) {
    this.#context = context;
    this.text = text;
    this.indent = indentOf({ text, lines });
    this.source = source;
    this.isStale = stale !== undefined;
    this.#shift = stale?.shift;
    this.#faultsOfText = stale?.faults;
    this.#reusable = before && !before.isStale ? before.#blocksByText() : undefined;
  }

  /** A chunk of a first version. */
  static of(context: ReadingContext, source: ChunkSource): ParsedChunk {
    return new ParsedChunk(context, source, source, undefined, undefined);
  }

  /**
   * A chunk that takes the place of `before`: fresh, or where its text is broken and the text before was not, the
   * last good statement with its offsets moved. Reads what changed.
   */
  static after(context: ReadingContext, source: ChunkSource, before: ParsedChunk | undefined): ParsedChunk {
    const fresh = new ParsedChunk(context, source, source, undefined, before);
    const { faults } = fresh;
    fresh.#reusable = undefined;
    if (faults.length === 0 || !before) return fresh;
    const isBeforeGood = before.isStale || before.faults.length === 0;
    if (!isBeforeGood) return fresh;
    const stale = { shift: shiftBetween(before.source.text, source.text), faults };
    return new ParsedChunk(context, source, before.source, stale, undefined);
  }

  get statement(): Statement {
    const { statements } = this.#resolve();
    const first = statements.find(({ kind }) => kind !== 'error') ?? statements[0];
    return first ?? { kind: 'error', start: 0, end: this.text.length, text: this.text };
  }

  /** Everything wrong with the text as it is, in order; reads all of it. */
  get faults(): readonly Fault[] {
    if (this.#faultsOfText) return this.#faultsOfText;
    return (this.#faults ??= allFaults(this.#resolve()).toSorted((a, b) => a.start - b.start));
  }

  /** Whether the scanner saw a mistake, so that what follows may have been cut otherwise than it will be. */
  get hasScannerFault(): boolean {
    return this.source.text !== this.text || this.source.lines.some(({ fault }) => fault !== undefined);
  }

  #resolve(): BlockContent {
    this.#content ??= this.#read({ source: this.source.text, lines: this.source.lines, level: 0 });
    return this.#content;
  }

  #read(unit: Unit): BlockContent {
    const { treeSitter, budget } = this.#context;
    const [line] = unit.lines;
    if (line?.fault && unit.lines.length === 1) return unreadable(line, line.fault, unit, this.#shift);
    try {
      return this.#convert(unit, readUnit(treeSitter, unit, budget));
    } catch (error) {
      if (!(error instanceof UnexpectedTreeError)) throw error;
      return this.#convert(unit, readAsErrors(treeSitter, unit, new Map()));
    }
  }

  #convert(unit: Unit, unitTree: UnitTree): BlockContent {
    const blocks: LazyBlock[] = [];
    const makeSuite = (suite: SuitePlaceholder): LazyBlock => {
      const block = this.#makeBlock(unit, suite);
      blocks.push(block);
      return block;
    };
    const reader = new TreeReader(unitTree, unit.source, this.#shift, makeSuite);
    const statements = convertStatements(reader, 0);
    return { statements, faults: [...unitTree.composed.faults, ...reader.faults], blocks };
  }

  #makeBlock(unit: Unit, { start, end, lines, level }: SuitePlaceholder): LazyBlock {
    const text = unit.source.slice(start, end);
    const indent = lines[0]?.indent ?? 0;
    const same = this.#reusable?.get(blockKey(text, indent));
    if (same?.start === start) return same;
    const read = (): BlockContent => this.#read({ source: unit.source, lines, level });
    return new LazyBlock(text, start, indent, same?.isKnownGood ?? false, read);
  }

  #blocksByText(): ReadonlyMap<string, LazyBlock> {
    const byText = new Map<string, LazyBlock>();
    for (const block of this.#content?.blocks ?? []) byText.set(blockKey(block.text, block.indent), block);
    return byText;
  }
}

/** A unit of a single line that the scanner could not read: the grammar need not be asked. */
function unreadable(line: LogicalLine, fault: Fault, unit: Unit, shift: Shift | undefined): BlockContent {
  const place = (offset: number): number => (shift ? shifted(offset, shift) : offset);
  const text = unit.source.slice(line.start, line.end);
  const statement: Statement = { kind: 'error', start: place(line.start), end: place(line.end), text };
  return { statements: [statement], faults: [fault], blocks: [] };
}

function blockKey(text: string, indent: number): string {
  return `${indent}:${text}`;
}
