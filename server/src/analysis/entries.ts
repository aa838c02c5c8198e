/**
 * The models of a Python file: classes that are modules with a forward of their own, functions that return one, and
 * instances at module level. A class whose constructor needs arguments is shown as the first factory builds it.
 * torchvision's resnet.py -> ResNet (as resnet18), resnet18, resnet34, ...
 */
import type { SourceRange } from '../base/text.ts';
import type { Executor } from '../evaluation/executor.ts';
import type { ModuleState } from '../evaluation/project.ts';
import { PyClass, PyFunction, type Value } from '../evaluation/values.ts';
import { ModuleValue } from '../frontends/torch/modules/moduleValue.ts';
import { worldOf } from '../frontends/torch/torchWorld.ts';
import type { Chunk, Expression, FunctionDef, Parameters, PlacedChunk } from '../syntax/ast.ts';
import { walk } from '../syntax/visit.ts';
import { mergeSettings, type ConfiguredEntries } from './configuredEntries.ts';
import { settingsFor, type EntrySettings } from './directive.ts';
import type { Entry } from './report.ts';

export interface EntryCandidate {
  readonly entry: Entry;
  /** The name to build: the entry's own, or that of the factory by which a class is shown. */
  readonly target: string;
  readonly settings: EntrySettings;
  /** Names of this file's modules and functions that its own text mentions, its own among them. */
  readonly mentions: ReadonlySet<string>;
  /** The class of the model, where it can be told without running anything. */
  readonly modelClass: PyClass | undefined;
  /** Whether its own lines create layers, which no other entry's report explains. */
  readonly createsLayers: boolean;
}

/** In the order of the file. What `configured` says of a model goes before what the file says. */
export function findEntries(
  executor: Executor,
  state: ModuleState,
  configured: ConfiguredEntries,
): readonly EntryCandidate[] {
  const found = candidatesOf(executor, state, configured);
  const [first, ...others] = found;
  if (first === undefined || configured.first === undefined || first.entry.configured !== undefined) return found;
  return [withSettings(first, mergeSettings(configured.first, first.settings)), ...others];
}

/** A candidate with other settings: its report says where they are from. */
export function withSettings(candidate: EntryCandidate, settings: EntrySettings): EntryCandidate {
  const { configured } = settings;
  return { ...candidate, settings, entry: { ...candidate.entry, configured } };
}

function candidatesOf(
  executor: Executor,
  state: ModuleState,
  configured: ConfiguredEntries,
): readonly EntryCandidate[] {
  const finder = new EntryFinder(executor, state, configured);
  const definitions = state.syntax.chunks.flatMap((chunk) => finder.candidateOf(chunk) ?? []);
  const runnable = definitions.filter((candidate) => candidate !== 'needs-arguments');
  return state.syntax.chunks.flatMap((chunk) => {
    const candidate = finder.candidateOf(chunk);
    if (candidate !== 'needs-arguments') return candidate ?? [];
    const { statement } = chunk.chunk;
    if (statement.kind !== 'classDef') return [];
    const wanted = state.module.names.get(statement.name);
    const builders = runnable.filter(({ entry, modelClass }) => entry.kind === 'function' && modelClass === wanted);
    const builder = builders.find(({ entry }) => entry.configured !== undefined) ?? builders[0];
    return finder.classEntry(chunk, statement.name, builder);
  });
}

/** Whether some class of Python code defines forward; nn.Conv2d alone is no model. */
export function hasOwnForward(cls: PyClass | undefined): boolean {
  return cls?.mro.some((each) => each.attributes.get('forward') instanceof PyFunction) ?? false;
}

/** What stands between text and entries for one module. */
class EntryFinder {
  readonly #executor: Executor;
  readonly #state: ModuleState;
  readonly #configured: ConfiguredEntries;
  readonly #moduleClass: PyClass;

  constructor(executor: Executor, state: ModuleState, configured: ConfiguredEntries) {
    this.#executor = executor;
    this.#state = state;
    this.#configured = configured;
    this.#moduleClass = worldOf(executor).moduleClass;
  }

  candidateOf(placed: PlacedChunk): EntryCandidate | 'needs-arguments' | undefined {
    const { statement } = placed.chunk;
    if (statement.kind === 'functionDef') return this.#functionCandidate(placed, statement);
    if (statement.kind === 'classDef') {
      const value = this.#state.module.names.get(statement.name);
      if (!(value instanceof PyClass) || !this.#isModel(value)) return undefined;
      if (!hasOwnForward(value)) return undefined;
      if (this.#settings(placed, statement.name).args === undefined && this.#needsArguments(value)) {
        return this.#isUsed(statement.name) ? this.#classCandidate(placed, statement.name) : 'needs-arguments';
      }
      return this.#classCandidate(placed, statement.name);
    }
    if (statement.kind === 'assign') {
      const [target] = statement.targets;
      if (target?.kind !== 'name' || !(this.#state.module.names.get(target.name) instanceof ModuleValue))
        return undefined;
      return this.#candidate(placed, target.name, 'instance', target);
    }
    return undefined;
  }

  /** A class that needs arguments, shown as a factory builds it. */
  classEntry(placed: PlacedChunk, name: string, builder: EntryCandidate | undefined): readonly EntryCandidate[] {
    const own = this.#classCandidate(placed, name);
    return own === undefined || builder === undefined
      ? []
      : [{ ...withSettings(own, builder.settings), target: builder.target, mentions: builder.mentions }];
  }

  #classCandidate(placed: PlacedChunk, name: string): EntryCandidate | undefined {
    const { statement } = placed.chunk;
    return statement.kind === 'classDef' ? this.#candidate(placed, name, 'class', statement.nameRange) : undefined;
  }

  #functionCandidate(placed: PlacedChunk, definition: FunctionDef): EntryCandidate | undefined {
    const { name } = definition;
    const isWanted = this.#configured.named(name)?.configured?.isExact === true;
    if (!isWanted && (name.startsWith('_') || /^(test_|main$)/.test(name))) return undefined;
    const { args } = this.#settings(placed, name);
    if (args === undefined && requiredCount(definition.parameters) > 0) return undefined;
    const modelClass = this.#returnedClass(definition, new Set([name]));
    if (modelClass === undefined && !isWanted) return undefined;
    const candidate = this.#candidate(placed, name, 'function', definition.nameRange);
    return { ...candidate, modelClass, createsLayers: this.#createsLayers(definition) };
  }

  #candidate(
    placed: PlacedChunk,
    name: string,
    kind: Entry['kind'],
    range: { readonly start: number; readonly end: number },
  ): EntryCandidate {
    const { file } = this.#state.syntax;
    const place: SourceRange = { file, start: placed.start + range.start, end: placed.start + range.end };
    const settings = this.#settings(placed, name);
    return {
      entry: { name, kind, file, range: place, configured: settings.configured },
      target: name,
      settings,
      mentions: this.#mentionedIn(name),
      modelClass: undefined,
      createsLayers: true,
    };
  }

  /** What is said of a definition: by the configuration, then by the comment on it. */
  #settings(placed: PlacedChunk, name: string): EntrySettings {
    return mergeSettings(this.#configured.named(name), settingsFor(this.#state.syntax, placed.start));
  }

  #isModel(value: Value | undefined): value is PyClass {
    return value instanceof PyClass && value.mro.includes(this.#moduleClass);
  }

  #needsArguments(cls: PyClass): boolean {
    const init = this.#executor.lookupInClass(cls, '__init__');
    if (!(init instanceof PyFunction) || init.definition.kind !== 'functionDef') return false;
    return requiredCount(init.definition.parameters) > 1;
  }

  /** Whether the file's scripts or tests mention a name: then they may say which arguments it takes. */
  #isUsed(name: string): boolean {
    return this.#state.syntax.chunks.some(({ chunk: { statement, text } }) => {
      const isScript =
        statement.kind === 'if' || (statement.kind === 'functionDef' && /^(test_|main$)/.test(statement.name));
      return isScript && new RegExp(`\\b${name}\\b`).test(text);
    });
  }

  /** Whether a function's own lines call classes of layers that are not this file's. */
  #createsLayers(definition: FunctionDef): boolean {
    let isFound = false;
    for (const statement of definition.body.statements) {
      walk(statement, (node) => {
        if (node.kind !== 'call' || isFound) return isFound ? 'skip' : undefined;
        const callee = this.#valueOf(node.callee);
        isFound = this.#isModel(callee) && !this.#definitions().has(callee.name);
        return undefined;
      });
    }
    return isFound;
  }

  /** By its annotation, or by what its return statements give. */
  #returnedClass(definition: FunctionDef, seen: Set<string>): PyClass | undefined {
    const { returns } = definition;
    const annotated = returns === undefined ? undefined : this.#valueOf(returns);
    if (this.#isModel(annotated)) return annotated;
    const assigned = new Map<string, Expression>();
    const returned: Expression[] = [];
    for (const statement of definition.body.statements) {
      walk(statement, (node) => {
        if (node.kind === 'functionDef' || node.kind === 'classDef' || node.kind === 'lambda') return 'skip';
        if (node.kind === 'return' && node.value !== undefined) returned.push(node.value);
        const target = node.kind === 'assign' ? node.targets[0] : undefined;
        if (node.kind === 'assign' && target?.kind === 'name' && !assigned.has(target.name)) {
          assigned.set(target.name, node.value);
        }
        return undefined;
      });
    }
    for (const value of returned) {
      const given = this.#givenClass(value.kind === 'name' ? (assigned.get(value.name) ?? value) : value, seen);
      if (given !== undefined) return given;
    }
    return undefined;
  }

  #givenClass(value: Expression, seen: Set<string>): PyClass | undefined {
    if (value.kind !== 'call') return undefined;
    const callee = this.#valueOf(value.callee);
    if (this.#isModel(callee)) return callee;
    if (!(callee instanceof PyFunction) || callee.definition.kind !== 'functionDef') return undefined;
    if (callee.module !== this.#state.module || seen.has(callee.name)) return undefined;
    return this.#returnedClass(callee.definition, seen.add(callee.name));
  }

  /** The value of a name or a dotted name at module level, without running anything that was not run. */
  #valueOf(expression: Expression): Value | undefined {
    if (expression.kind === 'name') return this.#executor.lookupAttribute(this.#state.module, expression.name);
    if (expression.kind === 'constant' && expression.value.type === 'string') {
      return this.#state.module.names.get(expression.value.value);
    }
    if (expression.kind !== 'attribute') return undefined;
    const object = this.#valueOf(expression.object);
    return object === undefined ? undefined : this.#executor.lookupAttribute(object, expression.name);
  }

  #mentionedIn(name: string): ReadonlySet<string> {
    const definition = this.#definitions().get(name);
    const words = definition === undefined ? [] : [...wordsOf(definition)];
    return new Set([name, ...words.filter((word) => this.#definitions().has(word))]);
  }

  #chunks: ReadonlyMap<string, Chunk> | undefined;

  /** This file's modules and functions. */
  #definitions(): ReadonlyMap<string, Chunk> {
    this.#chunks ??= new Map(
      this.#state.syntax.chunks.flatMap(({ chunk }) => {
        const { statement } = chunk;
        const isDefinition =
          statement.kind === 'functionDef' ||
          (statement.kind === 'classDef' && this.#isModel(this.#state.module.names.get(statement.name)));
        return isDefinition ? [[statement.name, chunk] as const] : [];
      }),
    );
    return this.#chunks;
  }
}

const wordsByChunk = new WeakMap<Chunk, ReadonlySet<string>>();

/** The words of a chunk's text, found once: chunks that an edit did not touch stay the same objects. */
function wordsOf(chunk: Chunk): ReadonlySet<string> {
  let words = wordsByChunk.get(chunk);
  if (words === undefined) {
    words = new Set(chunk.text.match(/[\p{L}_][\p{L}\p{N}_]*/gu));
    wordsByChunk.set(chunk, words);
  }
  return words;
}

function requiredCount(parameters: Parameters): number {
  return [...parameters.positional, ...parameters.keywordOnly].filter(({ defaultValue }) => defaultValue === undefined)
    .length;
}
