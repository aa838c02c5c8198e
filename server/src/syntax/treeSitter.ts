/**
 * The one place that touches web-tree-sitter: text -> {@link FlatTree}, a concrete syntax tree in plain arrays.
 * The cursor's functions are called in the wasm module directly: the public TreeCursor copies its state in and out at
 * every step, which costs four times as much. The version is pinned; creation fails clearly where a function lacks.
 * Trees are freed before `parse` returns, so nothing leaks and nothing has to be deleted by callers.
 */
import { Language, Parser } from 'web-tree-sitter';
import type { Tree } from 'web-tree-sitter';
import { invariant } from '../base/assert.ts';

/** Nodes in pre-order, comments left out. `next[i]` is the node after the subtree of `i`; offsets are UTF-16 units. */
export interface FlatTree {
  /** Overwritten by the next parse: read it before. */
  readonly types: Uint16Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly next: Int32Array;
  readonly count: number;
  /** Name by type number: "call", "identifier", "+=". */
  readonly names: readonly string[];
}

export type ParseResult =
  | { readonly kind: 'tree'; readonly tree: FlatTree }
  /** Some part is not Python; the places where the tree says so, in order. */
  | { readonly kind: 'broken'; readonly errors: readonly { readonly start: number; readonly end: number }[] }
  /** Nested deeper than {@link MAX_TREE_DEPTH} at `at`. */
  | { readonly kind: 'tooDeep'; readonly at: number };

export interface TreeSitter {
  parse(text: string): ParseResult;
  /** Whether the text reads without an error; cheaper than `parse`. */
  accepts(text: string): boolean;
}

export interface WasmFiles {
  /** web-tree-sitter.wasm */
  readonly treeSitterWasm: Uint8Array;
  /** tree-sitter-python.wasm */
  readonly pythonWasm: Uint8Array;
}

/** Deepest nesting that is converted; one Python operator takes one or two levels. Bounds every recursion over trees. */
export const MAX_TREE_DEPTH = 1000;
const MAX_ERRORS = 100;
/** Parser steps allowed: a base and so many a character; real code needs below 1 a character. */
const BASE_PROGRESS = 2000;
const PROGRESS_PER_UNIT = 0.2;

const CURSOR_FUNCTIONS = [
  '_ts_tree_root_node_wasm',
  '_ts_tree_cursor_new_wasm',
  '_ts_tree_cursor_delete_wasm',
  '_ts_tree_cursor_goto_first_child_wasm',
  '_ts_tree_cursor_goto_next_sibling_wasm',
  '_ts_tree_cursor_goto_parent_wasm',
  '_ts_tree_cursor_current_node_type_id_wasm',
  '_ts_tree_cursor_current_node_is_missing_wasm',
  '_ts_tree_cursor_start_index_wasm',
  '_ts_tree_cursor_end_index_wasm',
] as const;
type CursorFunctions = Readonly<Record<(typeof CURSOR_FUNCTIONS)[number], (treeAddress: number) => number>>;

const ERROR_TYPE = 65535;

/** Loads the wasm files; afterwards everything is synchronous. */
export async function createTreeSitter({ treeSitterWasm, pythonWasm }: WasmFiles): Promise<TreeSitter> {
  const wasmModule = await (loadedModule ??= loadModule(treeSitterWasm));
  const language = await Language.load(pythonWasm);
  const parser = new Parser();
  parser.setLanguage(language);
  const flatten = createFlattener(cursorFunctions(wasmModule), language);

  const parseTree = (text: string): Tree | undefined => {
    let stepsLeft = BASE_PROGRESS + text.length * PROGRESS_PER_UNIT;
    const tree = parser.parse(text, null, { progressCallback: () => --stepsLeft < 0 });
    if (!tree) parser.reset();
    return tree ?? undefined;
  };
  return {
    parse: (text) => {
      const tree = parseTree(text);
      if (!tree) return { kind: 'broken', errors: [{ start: 0, end: text.length }] };
      try {
        return flatten(tree);
      } finally {
        tree.delete();
      }
    },
    accepts: (text) => {
      const tree = parseTree(text);
      const hasError = tree?.rootNode.hasError ?? true;
      tree?.delete();
      return !hasError;
    },
  };
}

/** The library keeps one wasm module a process, and fills only the options object of the first call. */
let loadedModule: Promise<Readonly<Record<string, unknown>>> | undefined;

async function loadModule(wasmBinary: Uint8Array): Promise<Readonly<Record<string, unknown>>> {
  const wasmModule: Record<string, unknown> = { wasmBinary };
  await Parser.init(wasmModule);
  return wasmModule;
}

function cursorFunctions(wasmModule: Readonly<Record<string, unknown>>): CursorFunctions {
  for (const name of CURSOR_FUNCTIONS) {
    invariant(typeof wasmModule[name] === 'function', `this version of web-tree-sitter has ${name}`);
  }
  // Checked just now, name by name; the package does not type what its wasm module exports.
  return wasmModule as unknown as CursorFunctions;
}

/** Growing arrays that every parse fills anew. */
interface Buffers {
  types: Uint16Array;
  starts: Int32Array;
  ends: Int32Array;
  next: Int32Array;
}

function createFlattener(wasm: CursorFunctions, language: Language): (tree: Tree) => ParseResult {
  const names = Array.from({ length: language.nodeTypeCount }, (_, id) => language.nodeTypeForId(id) ?? '');
  const kinds = Uint8Array.from(names, (name, id) => kindOfNode(name, language.nodeTypeIsNamed(id)));
  const buffers = allocate(1 << 14);
  const parents = new Int32Array(MAX_TREE_DEPTH + 1);

  const {
    _ts_tree_cursor_goto_first_child_wasm: gotoFirstChild,
    _ts_tree_cursor_goto_next_sibling_wasm: gotoNextSibling,
    _ts_tree_cursor_goto_parent_wasm: gotoParent,
    _ts_tree_cursor_current_node_type_id_wasm: typeId,
    _ts_tree_cursor_start_index_wasm: startIndex,
    _ts_tree_cursor_end_index_wasm: endIndex,
  } = wasm;

  const fill = (address: number): ParseResult => {
    let count = 0;
    let depth = 0;
    for (;;) {
      const type = typeId(address);
      const kind = kinds[type];
      if (kind !== SKIPPED) {
        if (count === buffers.types.length) grow(buffers);
        const start = startIndex(address);
        buffers.types[count] = type;
        buffers.starts[count] = start;
        buffers.ends[count] = kind === TOKEN ? start + (names[type]?.length ?? 0) : endIndex(address);
        parents[depth] = count++;
        if (kind === INNER && gotoFirstChild(address) !== 0) {
          if (++depth > MAX_TREE_DEPTH) return { kind: 'tooDeep', at: startIndex(address) };
          continue;
        }
        buffers.next[count - 1] = count;
      }
      while (gotoNextSibling(address) === 0) {
        if (gotoParent(address) === 0) return { kind: 'tree', tree: { ...buffers, count, names } };
        depth--;
        buffers.next[parents[depth] ?? 0] = count;
      }
    }
  };
  /** Broken trees can be very deep inside, so this keeps no record of parents. */
  const findErrors = (address: number): ParseResult => {
    const errors: { start: number; end: number }[] = [];
    for (;;) {
      const isError = typeId(address) === ERROR_TYPE;
      if (isError || wasm._ts_tree_cursor_current_node_is_missing_wasm(address) !== 0) {
        errors.push({ start: startIndex(address), end: endIndex(address) });
        if (errors.length >= MAX_ERRORS) return { kind: 'broken', errors };
      }
      if (!isError && gotoFirstChild(address) !== 0) continue;
      while (gotoNextSibling(address) === 0) if (gotoParent(address) === 0) return { kind: 'broken', errors };
    }
  };
  return (tree) => {
    // The wrapper keeps the tree's address at index 0, and types it as internal.
    const address = (tree as unknown as { readonly 0: number })[0];
    const { hasError } = tree.rootNode;
    wasm._ts_tree_root_node_wasm(address);
    wasm._ts_tree_cursor_new_wasm(address);
    try {
      return hasError ? findErrors(address) : fill(address);
    } finally {
      wasm._ts_tree_cursor_delete_wasm(address);
    }
  };
}

// What is worth knowing of a node before the wasm module is asked, which takes most of the time.
const INNER = 0;
const LEAF = 1;
/** A keyword or an operator: as long as its name. */
const TOKEN = 2;
const SKIPPED = 3;

const LEAVES: ReadonlySet<string> = new Set(
  'identifier integer float true false none string_start string_content string_end pass_statement'.split(' '),
);

function kindOfNode(name: string, isNamed: boolean): number {
  if (name === 'comment' || name === 'line_continuation') return SKIPPED;
  if (LEAVES.has(name)) return LEAF;
  return isNamed || name.includes(' ') || name === '' ? INNER : TOKEN;
}

function allocate(length: number): Buffers {
  return {
    types: new Uint16Array(length),
    starts: new Int32Array(length),
    ends: new Int32Array(length),
    next: new Int32Array(length),
  };
}

function grow(buffers: Buffers): void {
  const larger = allocate(buffers.types.length * 2);
  larger.types.set(buffers.types);
  larger.starts.set(buffers.starts);
  larger.ends.set(buffers.ends);
  larger.next.set(buffers.next);
  Object.assign(buffers, larger);
}
