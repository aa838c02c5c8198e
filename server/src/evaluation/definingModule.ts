/**
 * Which module's own text defines a name that packages pass on, found by reading imports and running nothing:
 * torchvision.models has `from .resnet import *`, whose `__all__` lists "resnet50" -> torchvision.models.resnet.
 * Undefined wherever the texts leave it open; then the package has to be run.
 */
import type { ImportFrom, PlacedChunk, Statement } from '../syntax/ast.ts';
import { boundNames } from '../syntax/names.ts';
import { walk } from '../syntax/visit.ts';
import type { PyModule } from './values.ts';

/** What is asked of the module table. */
export interface ModuleTexts {
  /** Undefined for what is no file, and for a file that cannot be read. */
  textOf(module: PyModule): string | undefined;
  /** Undefined for what is no file. */
  chunksOf(module: PyModule): readonly PlacedChunk[] | undefined;
  /** The module that `from ..name import` in `from` means; undefined where there is none. */
  imported(from: PyModule, statement: ImportFrom): PyModule | undefined;
}

interface Binder {
  readonly module: PyModule;
  readonly name: string;
}

/** More packages than this pass no name on. */
const MAX_DEPTH = 16;

const STAR_IMPORT = /\bimport\b[\s\\]*\*/;

export function definingModule(texts: ModuleTexts, module: PyModule, name: string, depth = 0): PyModule | undefined {
  const chunks = texts.chunksOf(module);
  if (chunks === undefined || depth > MAX_DEPTH) return undefined;
  // The last one that gives the name decides; what may have given it before does not matter.
  let binder: Binder | 'open' | undefined;
  for (const { chunk } of chunks) {
    // Most statements need not be read for this.
    if (!chunk.text.includes(name) && !STAR_IMPORT.test(chunk.text)) continue;
    const { statement } = chunk;
    const isDefinition = statement.kind === 'functionDef' || statement.kind === 'classDef';
    if (isDefinition && statement.name === name) binder = { module, name };
    else if (statement.kind === 'importFrom') {
      const local = statement.names.find((each) => each.name === '*' || (each.alias ?? each.name) === name);
      if (local === undefined) continue;
      const source = texts.imported(module, statement);
      const isGiven = source !== undefined && (local.name === '*' ? givesByStar(texts, source, name) : true);
      if (source === undefined || isGiven === undefined) binder = 'open';
      else if (isGiven) binder = { module: source, name: local.name === '*' ? name : local.name };
    } else if (mayBind(statement, name)) binder = 'open';
  }
  if (binder === undefined || binder === 'open') return undefined;
  if (binder.module === module) return module;
  // Only what keeps its name on the way is looked up under it.
  return binder.name === name ? definingModule(texts, binder.module, name, depth + 1) : undefined;
}

/** A literal `__all__`, a line of its own or several. */
const LITERAL_ALL = /^__all__ *= *[[(](?:\s|,|#[^\n]*|"[^"\\\n]*"|'[^'\\\n]*')*[\])] *$/m;

/** Whether `from source import *` gives a name, by a literal `__all__`; undefined where that has to be run. */
export function givesByStar(texts: ModuleTexts, source: PyModule, name: string): boolean | undefined {
  // Of many modules that a package passes on, most do not even mention the name, and need not be parsed.
  const text = texts.textOf(source);
  if (text?.includes(name) === false && text.split('__all__').length === 2 && LITERAL_ALL.test(text)) return false;
  const mentions = (texts.chunksOf(source) ?? []).filter(({ chunk }) => chunk.text.includes('__all__'));
  const [only] = mentions;
  if (only === undefined || mentions.length > 1) return undefined;
  const { statement } = only.chunk;
  if (statement.kind !== 'assign' || (statement.value.kind !== 'list' && statement.value.kind !== 'tuple')) {
    return undefined;
  }
  const [target] = statement.targets;
  if (target?.kind !== 'name' || target.name !== '__all__') return undefined;
  let isGiven = false;
  for (const element of statement.value.elements) {
    if (element.kind !== 'constant' || element.value.type !== 'string') return undefined;
    if (element.value.value === name) isGiven = true;
  }
  return isGiven;
}

/** Whether a statement that is neither definition nor import may give the module the name. */
function mayBind(statement: Statement, name: string): boolean {
  if (boundNames([statement]).locals.has(name)) return true;
  let hasStar = false;
  walk(statement, (node) => {
    if (node.kind === 'functionDef' || node.kind === 'classDef') return 'skip';
    if (node.kind === 'importFrom' && node.names.some((each) => each.name === '*')) hasStar = true;
    return undefined;
  });
  return hasStar;
}
