/**
 * What converters see of one unit: nodes are numbers, ranges count in the chunk, text is the user's own.
 * Where the chunk is stale, offsets of its last good text are moved to the text of now.
 */
import type { TextRange } from '../base/text.ts';
import type { Block } from './ast.ts';
import { segmentAt } from './composeUnit.ts';
import type { ComposedUnit, Placeholder, Segment } from './composeUnit.ts';
import type { Fault } from './logicalLine.ts';
import type { UnitTree } from './readUnit.ts';
import { shifted } from './shift.ts';
import type { Shift } from './shift.ts';
import type { FlatTree } from './treeSitter.ts';

/** Index of a node in the flat tree. */
export type TreeNode = number;

export type SuitePlaceholder = Extract<Placeholder, { kind: 'suite' }>;

export class TreeReader {
  /** What the converters could not make sense of, in offsets of the chunk. */
  readonly faults: Fault[] = [];
  readonly makeSuite: (suite: SuitePlaceholder) => Block;
  readonly #tree: FlatTree;
  readonly #composed: ComposedUnit;
  readonly #source: string;
  readonly #shift: Shift | undefined;
  #lastSegment = 0;

  constructor(
    { tree, composed }: UnitTree,
    source: string,
    shift: Shift | undefined,
    makeSuite: (suite: SuitePlaceholder) => Block,
  ) {
    this.#tree = tree;
    this.#composed = composed;
    this.#source = source;
    this.#shift = shift;
    this.makeSuite = makeSuite;
  }

  /** "call", "identifier", "+=" */
  type(node: TreeNode): string {
    return this.#tree.names[this.#tree.types[node] ?? 0] ?? 'ERROR';
  }

  children(node: TreeNode): TreeNode[] {
    const { next } = this.#tree;
    const end = next[node] ?? 0;
    const children: TreeNode[] = [];
    for (let child = node + 1; child < end; child = next[child] ?? end) children.push(child);
    return children;
  }

  /** The first child of a type, or undefined. */
  child(node: TreeNode, type: string): TreeNode | undefined {
    return this.children(node).find((child) => this.type(child) === type);
  }

  /** The child at a position, from the end where negative; grammar and lookup must agree. */
  at(children: readonly TreeNode[], index: number): TreeNode {
    const child = children.at(index);
    if (child === undefined) throw new UnexpectedTreeError(`no child at ${index}`);
    return child;
  }

  start(node: TreeNode): number {
    return this.#place(this.#sourceStart(this.#startOf(node)));
  }

  end(node: TreeNode): number {
    let end = this.#tree.ends[node] ?? 0;
    const { text } = this.#composed;
    // A suite on its header's line has the semicolon after its last statement in it.
    if (text.charCodeAt(end - 1) === SEMICOLON) end = text.slice(0, end - 1).trimEnd().length;
    return this.#place(this.#sourceEnd(end));
  }

  range(node: TreeNode): TextRange {
    return { start: this.start(node), end: this.end(node) };
  }

  /** From the start of one node to the end of another. */
  span(first: TreeNode, last: TreeNode): TextRange {
    return { start: this.start(first), end: this.end(last) };
  }

  /** Text without a star in front that belongs to the element around it: for names, operators and numbers. */
  text(node: TreeNode): string {
    const start = this.#startOf(node);
    const end = this.#tree.ends[node] ?? start;
    if (!this.#composed.isRewritten) return this.#composed.text.slice(start, end);
    return this.#source.slice(this.#sourceStart(start), this.#sourceEnd(end));
  }

  /** Text as it stands in the source: for strings. */
  sourceText(node: TreeNode): string {
    const start = this.#sourceStart(this.#tree.starts[node] ?? 0);
    return this.#source.slice(start, this.#sourceEnd(this.#tree.ends[node] ?? 0));
  }

  /** Text of the source from the end of one node to the start of another. */
  sourceBetween(after: TreeNode, before: TreeNode): string {
    const start = this.#sourceEnd(this.#tree.ends[after] ?? 0);
    return this.#source.slice(start, this.#sourceStart(this.#tree.starts[before] ?? 0));
  }

  /** Text of the source from the end of a node to the end of the one around it. */
  sourceAfter(after: TreeNode, around: TreeNode): string {
    const start = this.#sourceEnd(this.#tree.ends[after] ?? 0);
    return this.#source.slice(start, this.#sourceEnd(this.#tree.ends[around] ?? 0));
  }

  placeholder(node: TreeNode): Placeholder | undefined {
    return this.#composed.placeholders.get(this.#tree.starts[node] ?? 0);
  }

  placeRange(range: TextRange): TextRange {
    return { start: this.#place(range.start), end: this.#place(range.end) };
  }

  sourceSlice(range: TextRange): string {
    return this.#source.slice(range.start, range.end);
  }

  /**
   * Place of a `*` that belongs to an element though the tree hides it: at the start of its leftmost operand
   * (`*f[0] * 2` reads as `(*f)[0] * 2`), or blanked before it so that the grammar accepts the line.
   */
  hiddenStar(node: TreeNode): number | undefined {
    const offset = this.#tree.starts[node] ?? 0;
    if (this.#composed.text.charCodeAt(offset) === STAR) {
      return OPERATIONS.has(this.type(node)) ? this.#place(this.#sourceStart(offset)) : undefined;
    }
    if (!this.#composed.isRewritten) return undefined;
    let at = this.#sourceStart(offset) - 1;
    while (at >= 0 && /\s/.test(this.#source.charAt(at))) at--;
    const isStar = this.#source.charCodeAt(at) === STAR && this.#source.charCodeAt(at - 1) !== STAR;
    return isStar && this.#composed.text.charCodeAt(offset - (this.#sourceStart(offset) - at)) === SPACE
      ? this.#place(at)
      : undefined;
  }

  report(range: TextRange, message: string): void {
    this.faults.push({ code: 'syntax-error', start: range.start, end: range.end, message });
  }

  /** Start in the parsed text, after a star that belongs to the element around it. */
  #startOf(node: TreeNode): number {
    const start = this.#tree.starts[node] ?? 0;
    const { text } = this.#composed;
    if (text.charCodeAt(start) !== STAR) return start;
    if (!OPERATIONS.has(this.type(node))) return start;
    let after = start + 1;
    while (/\s/.test(text.charAt(after))) after++;
    return after;
  }

  /** Source offset of what starts at `offset` of the composed text. */
  #sourceStart(offset: number): number {
    const segment = this.#segmentAt(offset);
    if (!segment) return 0;
    if (!segment.isCopy) return segment.sourceStart;
    return Math.min(segment.sourceStart + offset - segment.start, segment.sourceEnd);
  }

  /** Source offset of what ends at `offset` of the composed text. */
  #sourceEnd(offset: number): number {
    const segment = this.#segmentAt(offset - 1);
    if (!segment) return 0;
    if (!segment.isCopy) return segment.sourceEnd;
    return Math.min(segment.sourceStart + offset - segment.start, segment.sourceEnd);
  }

  /** Most questions are about the segment of the one before. */
  #segmentAt(offset: number): Segment | undefined {
    const { segments } = this.#composed;
    const last = segments[this.#lastSegment];
    const next = segments[this.#lastSegment + 1];
    if (last && offset >= last.start && (!next || offset < next.start)) return last;
    this.#lastSegment = segmentAt(segments, offset);
    return segments[this.#lastSegment];
  }

  #place(offset: number): number {
    return this.#shift ? shifted(offset, this.#shift) : offset;
  }
}

/** The grammar gave a tree of a shape that the converters do not know; the unit counts as unreadable. */
export class UnexpectedTreeError extends Error {
  override readonly name = 'UnexpectedTreeError';
}

const STAR = 42;
const SPACE = 32;
const SEMICOLON = 59;

/** Nodes whose leftmost operand may wrongly hold the star of the element that they are. */
const OPERATIONS: ReadonlySet<string> = new Set(
  (
    'binary_operator subscript attribute call comparison_operator boolean_operator conditional_expression ' +
    'named_expression'
  ).split(' '),
);
