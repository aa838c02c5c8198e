/**
 * Whether an edit of a module's text can be seen while modules load: not where only bodies, or constant defaults, of
 * functions changed that no module's text used.
 *   class Net: def __init__(self, classes=10): self.fc = ... -> class Net: def __init__(self, classes=□): □
 */
import type { Chunk, FunctionDef, SyntaxModule } from '../syntax/ast.ts';
import { walk } from '../syntax/visit.ts';
import { isDefinitionUsed } from './definitionUse.ts';

/** Of texts that were found to load as the chunk does that they take the place of. */
const sameAs = new WeakMap<object, Chunk>();
const definitionsOfChunks = new WeakMap<Chunk, readonly FunctionDef[]>();

/** Whether running `now` does to other modules what running `before` did, which ran. */
export function loadsTheSame(before: SyntaxModule, now: SyntaxModule): boolean {
  if (before === now) return true;
  if (before.chunks.length !== now.chunks.length) return false;
  return before.chunks.every(({ chunk }, at) => {
    const other = now.chunks[at]?.chunk;
    return other !== undefined && isSameChunk(chunk, other);
  });
}

function isSameChunk(before: Chunk, now: Chunk): boolean {
  if (before === now || before.source === now.source) return true;
  // The tree of a broken text is that of the last good one.
  if (now.isStale) return sameAs.get(now.source) === before;
  if (before.isStale) return false;
  const [definitions, others] = [definitionsOf(before), definitionsOf(now)];
  const isAlike =
    definitions.length === others.length && definitions.every(({ name }, at) => name === others[at]?.name);
  if (!isAlike) return false;
  const isCut = definitions.map((definition) => !isDefinitionUsed(definition));
  if (skeleton(before.text, definitions, isCut) !== skeleton(now.text, others, isCut)) return false;
  sameAs.set(now.source, before);
  return true;
}

/** Those that stand in no other function, in the order of the text. */
function definitionsOf(chunk: Chunk): readonly FunctionDef[] {
  let definitions = definitionsOfChunks.get(chunk);
  if (definitions === undefined) {
    const found: FunctionDef[] = [];
    walk(chunk.statement, (node) => {
      if (node.kind !== 'functionDef') return undefined;
      found.push(node);
      return 'skip';
    });
    definitions = found.sort((a, b) => a.nameRange.start - b.nameRange.start);
    definitionsOfChunks.set(chunk, definitions);
  }
  return definitions;
}

function skeleton(text: string, definitions: readonly FunctionDef[], isCut: readonly boolean[]): string {
  const pieces: string[] = [];
  let end = 0;
  const keep = (until: number): void => {
    pieces.push(withoutCommentLines(text.slice(end, until)));
  };
  for (const [at, definition] of definitions.entries()) {
    if (isCut[at] !== true) continue;
    for (const { start, end: after } of cutRanges(definition)) {
      keep(start);
      end = Math.max(after, end);
    }
  }
  keep(text.length);
  return pieces.join('□');
}

function cutRanges({
  parameters,
  body,
  end,
}: FunctionDef): readonly { readonly start: number; readonly end: number }[] {
  const defaults = [...parameters.positional, ...parameters.keywordOnly].flatMap(({ defaultValue }) =>
    defaultValue?.kind === 'constant' ? [defaultValue] : [],
  );
  const start = body.statements[0]?.start ?? end;
  return [...defaults.sort((a, b) => a.start - b.start), { start, end }];
}

/** What is between functions may be a comment, where no text in quotes can be cut by mistake. */
function withoutCommentLines(text: string): string {
  return /['"\\]/.test(text) ? text : text.replace(/^[^\S\n]*(#.*)?\n/gm, '');
}
