/**
 * Names that a package makes only when they are asked for, by what it tells type checkers: `if TYPE_CHECKING:` with
 * `from .models import *`, whose packages do the same -> the module whose text has the name. Nothing is run for it.
 */
import type { Expression, If, ImportFrom, PlacedChunk, Statement } from '../syntax/ast.ts';
import { forEachChild } from '../syntax/visit.ts';
import { givesByStar, type ModuleTexts } from './definingModule.ts';
import type { PyModule } from './values.ts';

export interface DeclaredName {
  readonly module: PyModule;
  /** Its name there, which an alias may hide. */
  readonly name: string;
}

/** More packages than this declare no name one for the other. */
const MAX_DEPTH = 8;

export function declaredName(texts: ModuleTexts, module: PyModule, name: string, depth = 0): DeclaredName | undefined {
  if (depth > MAX_DEPTH || texts.textOf(module)?.includes('TYPE_CHECKING') !== true) return undefined;
  const imports = declaringImports(texts.chunksOf(module) ?? []);
  for (const statement of [...imports].reverse()) {
    const named = statement.names.find((each) => each.name !== '*' && (each.alias ?? each.name) === name);
    const source = named && texts.imported(module, statement);
    if (source !== undefined) return { module: source, name: named?.name ?? name };
  }
  const stars = imports.filter(({ names }) => names.some((each) => each.name === '*'));
  for (const statement of likeliestFirst(stars, name)) {
    const source = texts.imported(module, statement);
    if (source === undefined || source === module) continue;
    const found = declaredName(texts, source, name, depth + 1) ?? ownName(texts, source, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The imports below `if TYPE_CHECKING:`, those in `try` and in the branches of further conditions too. */
function declaringImports(chunks: readonly PlacedChunk[]): readonly ImportFrom[] {
  const imports: ImportFrom[] = [];
  const collect = (node: Statement | Expression): void => {
    if (node.kind === 'importFrom') imports.push(node);
    else if (node.kind === 'if' || node.kind === 'try') forEachChild(node, collect);
  };
  for (const { chunk } of chunks) {
    const { statement } = chunk;
    if (statement.kind === 'if' && isForTypeCheckers(statement)) statement.body.statements.forEach(collect);
  }
  return imports;
}

function isForTypeCheckers({ test }: If): boolean {
  return (test.kind === 'name' || test.kind === 'attribute') && test.name === 'TYPE_CHECKING';
}

/** Of hundreds of modules, those whose names begin as the wanted one does: "gpt2" for GPT2Model. */
function likeliestFirst(imports: readonly ImportFrom[], name: string): readonly ImportFrom[] {
  const wanted = name.toLowerCase();
  const likeness = ({ module }: ImportFrom): number => {
    const last = module.slice(module.lastIndexOf('.') + 1).replaceAll('_', '');
    return last !== '' && wanted.startsWith(last) ? last.length : 0;
  };
  return imports
    .map((statement) => ({ statement, likeness: likeness(statement) }))
    .sort((a, b) => b.likeness - a.likeness)
    .map(({ statement }) => statement);
}

/** A module that a star import takes the name from: by its `__all__`, else by a definition. */
function ownName(texts: ModuleTexts, module: PyModule, name: string): DeclaredName | undefined {
  if (texts.textOf(module)?.includes(name) !== true) return undefined;
  const isGiven =
    givesByStar(texts, module, name) ??
    texts.chunksOf(module)?.some(({ chunk: { statement } }) => {
      return (statement.kind === 'classDef' || statement.kind === 'functionDef') && statement.name === name;
    }) ??
    false;
  return isGiven ? { module, name } : undefined;
}
