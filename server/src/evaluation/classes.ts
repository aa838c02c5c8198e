/**
 * Classes: what a `class` statement does, and what `type.__new__` does with its result.
 * `class B(A, metaclass=M, tag=1)` runs the body, calls `M("B", (A,), namespace, tag=1)`, and tells A's
 * `__init_subclass__`; a base that is unknown is left out, and members that are missing then are unknown.
 */
import type { ClassDef } from '../syntax/ast.ts';
import { addAnnotation } from './annotations.ts';
import { callDirect, enter, leave } from './calls.ts';
import type { CodeContext } from './codeContext.ts';
import { dictOf } from './containers.ts';
import { customMethod } from './binaryOperators.ts';
import { docstringOfBlock } from './docstrings.ts';
import type { Executor } from './executor.ts';
import { compileExpression } from './expressions.ts';
import { ClassEnvironment, Frame, type ClassCell, type Evaluate } from './frame.ts';
import { compileKeywords } from './callExpressions.ts';
import { iterate } from './iteration.ts';
import { linearized } from './linearization.ts';
import { classScope } from './scopes.ts';
import { addSlots, checkLayouts, readSlots } from './slots.ts';
import { hasCustomItems, PreparedNames } from './preparedNames.ts';
import { compileBlock } from './statements.ts';
import {
  PyClass,
  PyClassMethod,
  PyDict,
  PyFunction,
  PyStaticMethod,
  PySuper,
  PyTuple,
  PyUnknown,
  type Value,
} from './values.ts';

/** Compiles the class itself, without its decorators. */
export function compileClass(context: CodeContext, definition: ClassDef): Evaluate {
  const { executor } = context;
  const { name } = definition;
  const scope = classScope(context.scope, name, definition.body);
  const bases = compileExpression(context, tupleOf(definition));
  const keywords = compileKeywords(context, definition.keywords);
  const qualifiedName = context.scope.prefix + name;
  const documentation = docstringOfBlock(definition.body) ?? null;
  const annotations = annotatedNames(definition);
  let runBody: ReturnType<typeof compileBlock> | undefined;
  return (frame) => {
    const givenBases = bases(frame);
    const givenKeywords = new Map(keywords === undefined ? [] : keywords(frame));
    frame.at = definition.nameRange;
    const baseList = resolveBases(executor, givenBases instanceof PyTuple ? givenBases.items : []);
    const metaclass = givenKeywords.get('metaclass');
    givenKeywords.delete('metaclass');
    const maker = metaclassOf(executor, baseList, metaclass);
    const prepared = prepareNamespace(executor, maker, name, baseList, givenKeywords);
    const ownDict = prepared !== undefined && hasCustomItems(executor, prepared) ? prepared : undefined;
    const environment = new ClassEnvironment(frame.closure, ownDict && new PreparedNames(executor, ownDict));
    const cell: ClassCell = { class: undefined };
    const inner = new Frame(environment, frame.closure, frame.module, frame.origin, frame, frame.function_, cell);
    inner.importGuards = frame.importGuards;
    const { names } = environment;
    if (ownDict === undefined) {
      for (const { key, value } of prepared?.entries.values() ?? []) if (typeof key === 'string') names.set(key, value);
    }
    names.set('__module__', frame.module.name);
    names.set('__qualname__', qualifiedName);
    const isResolved = givenBases instanceof PyTuple && givenBases.items.some((base, at) => base !== baseList[at]);
    if (isResolved) names.set('__orig_bases__', givenBases);
    if (documentation !== null) names.set('__doc__', documentation);
    enter(executor, inner);
    try {
      runBody ??= compileBlock({ executor, scope }, definition.body);
      runBody(inner);
    } finally {
      leave(executor, inner);
    }
    if (annotations.length > 0) {
      const dict = new PyDict();
      for (const { target, annotation } of annotations) {
        addAnnotation(executor, dict, target, annotation, inner, scope);
      }
      names.set('__annotations__', dict);
    }
    frame.at = definition.nameRange;
    const cls =
      maker === executor.typeClass
        ? makeClass(executor, name, baseList, names, givenKeywords, undefined)
        : executor.call(maker, [name, new PyTuple(baseList), ownDict ?? dictOf(names)], givenKeywords);
    if (cls instanceof PyClass) cell.class = cls;
    return cls;
  };
}

/** What `type.__new__` and `type.__init__` do. */
export function makeClass(
  executor: Executor,
  name: string,
  bases: readonly Value[],
  namespace: ReadonlyMap<string, Value>,
  keywords: ReadonlyMap<string, Value>,
  metaclass: PyClass | undefined,
): PyClass {
  if (bases.some((base) => isNoBase(base))) executor.raise('TypeError', 'bases must be types');
  const known = bases.filter((base) => base instanceof PyClass);
  const parents = known.length > 0 ? known : [executor.builtinClass('object')];
  checkBases(executor, parents);
  const mro = linearized(executor, parents);
  const slots = readSlots(executor, name, parents, namespace);
  const module = namespace.get('__module__');
  const moduleName = typeof module === 'string' ? module : (executor.frame?.module.name ?? '__main__');
  const attributes = new Map(namespace);
  for (const implicit of ['__init_subclass__', '__class_getitem__']) {
    const member = attributes.get(implicit);
    if (member instanceof PyFunction) attributes.set(implicit, new PyClassMethod(member));
  }
  // Python takes the hash away from classes that compare in their own way.
  if (attributes.has('__eq__') && !attributes.has('__hash__')) attributes.set('__hash__', null);
  const maker = attributes.get('__new__');
  if (maker instanceof PyFunction) attributes.set('__new__', new PyStaticMethod(maker));
  const qualifiedName = attributes.get('__qualname__');
  attributes.delete('__qualname__');
  const cls = new PyClass(name, parents, attributes, moduleName, executor.frame?.range, mro);
  if (slots !== undefined) addSlots(cls, slots);
  cls.qualifiedName = typeof qualifiedName === 'string' ? qualifiedName : name;
  cls.metaclass = metaclass ?? inheritedMetaclass(executor, parents);
  cls.unknownBase = unknownAmong(bases);
  // So that `super()` works in methods that `__set_name__` and `__init_subclass__` call.
  for (const member of namespace.values()) claimMember(member, cls);
  for (const parent of parents) executor.addSubclass(parent, cls);
  orderByMetaclass(executor, cls);
  nameMembers(executor, cls, namespace);
  initializeSubclass(executor, cls, keywords);
  return cls;
}

/** A metaclass may say in its `mro` which ancestors there are. */
function orderByMetaclass(executor: Executor, cls: PyClass): void {
  const method = cls.metaclass && executor.customMember(cls.metaclass, 'mro');
  if (method === undefined) return;
  const ancestors = [...iterate(executor, callDirect(executor, method, [cls]))].filter(
    (item) => item instanceof PyClass,
  );
  if (ancestors[0] === cls) cls.mro = ancestors;
}

/** Bases that stand for others (`Generic[T]`) say so by `__mro_entries__`. */
function resolveBases(executor: Executor, bases: readonly Value[]): readonly Value[] {
  return bases.flatMap((base): readonly Value[] => {
    if (base instanceof PyClass || base instanceof PyUnknown) return [base];
    const method = customMethod(executor, base, '__mro_entries__');
    if (method === undefined) {
      if (isNoBase(base)) executor.raise('TypeError', 'bases must be types');
      return [executor.unknown(`the base ${executor.repr(base)} is not a class`)];
    }
    const entries = callDirect(executor, method, [base, new PyTuple(bases)]);
    return entries instanceof PyTuple ? entries.items : [];
  });
}

function metaclassOf(executor: Executor, bases: readonly Value[], given: Value | undefined): Value {
  let winner: PyClass = executor.typeClass;
  if (given instanceof PyClass) winner = given;
  else if (given !== undefined && !(given instanceof PyUnknown)) return given;
  for (const base of bases) {
    if (!(base instanceof PyClass)) continue;
    const candidate = executor.typeOf(base);
    if (candidate.mro.includes(winner)) winner = candidate;
    else if (!winner.mro.includes(candidate)) {
      executor.raise(
        'TypeError',
        'metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases',
      );
    }
  }
  return winner;
}

function inheritedMetaclass(executor: Executor, parents: readonly PyClass[]): PyClass | undefined {
  const winner = metaclassOf(executor, parents, undefined);
  return winner === executor.typeClass || !(winner instanceof PyClass) ? undefined : winner;
}

/** Runs a `__prepare__` that Python code or a modelled library defines, for the dict that holds the names of the body. */
function prepareNamespace(
  executor: Executor,
  maker: Value,
  name: string,
  bases: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): PyDict | undefined {
  if (!(maker instanceof PyClass) || executor.customMember(maker, '__prepare__') === undefined) return undefined;
  const prepare = executor.getAttribute(maker, '__prepare__');
  const prepared = executor.call(prepare, [name, new PyTuple(bases)], keywords);
  return prepared instanceof PyDict ? prepared : undefined;
}

function unknownAmong(bases: readonly Value[]): PyUnknown | undefined {
  for (const base of bases) {
    if (base instanceof PyUnknown) return base;
    if (base instanceof PyClass && base.unknownBase !== undefined) return base.unknownBase;
  }
  return undefined;
}

/** Values that can be no base whatever they are modelled as: a number, a text, a function of the user's. */
function isNoBase(base: Value): boolean {
  if (base === null || typeof base !== 'object') return true;
  return ['function', 'boundMethod', 'list', 'dict', 'set', 'tuple', 'float', 'module'].includes(base.kind);
}

/** Builtin classes that cannot be subclassed. */
const FINAL_CLASSES = new Set([
  ...['bool', 'NoneType', 'ellipsis', 'NotImplementedType', 'function', 'method', 'builtin_function_or_method'],
  ...['range', 'slice', 'generator'],
]);

function checkBases(executor: Executor, parents: readonly PyClass[]): void {
  const repeated = parents.find((parent, index) => parents.indexOf(parent) !== index);
  if (repeated !== undefined) executor.raise('TypeError', `duplicate base class ${repeated.name}`);
  const final = parents.find((parent) => parent.isCore && FINAL_CLASSES.has(parent.name));
  if (final !== undefined) executor.raise('TypeError', `type '${final.name}' is not an acceptable base type`);
  checkLayouts(executor, parents);
}

function claimMember(member: Value, cls: PyClass): void {
  if (member === null || typeof member !== 'object') return;
  if (member.kind === 'staticMethod' || member.kind === 'classMethod') claimMember(member.callee, cls);
  else if (member.kind === 'property') {
    for (const part of [member.getter, member.setter, member.deleter]) claimMember(part, cls);
  } else if (member.kind === 'function' && member.definingClass) member.definingClass.class ??= cls;
}

function nameMembers(executor: Executor, cls: PyClass, namespace: ReadonlyMap<string, Value>): void {
  for (const [name, member] of namespace) {
    const method = customMethod(executor, member, '__set_name__');
    if (method !== undefined && !(member instanceof PyClass)) callDirect(executor, method, [member, cls, name]);
  }
}

function initializeSubclass(executor: Executor, cls: PyClass, keywords: ReadonlyMap<string, Value>): void {
  const isCustom = cls.mro.slice(1).some((parent) => {
    return parent.attributes.has('__init_subclass__') && !parent.isCore;
  });
  if (isCustom) {
    const hook = executor.lookupAttribute(new PySuper(cls, cls), '__init_subclass__');
    if (hook !== undefined) executor.call(hook, [], keywords);
  } else if (keywords.size > 0 && cls.metaclass === undefined && cls.unknownBase === undefined) {
    executor.raise('TypeError', `${cls.qualifiedName}.__init_subclass__() takes no keyword arguments`);
  }
}

interface AnnotatedName {
  readonly target: string;
  readonly annotation: ClassDef['bases'][number];
}

function annotatedNames({ body }: ClassDef): readonly AnnotatedName[] {
  return body.statements.flatMap((statement) =>
    statement.kind === 'annAssign' && statement.target.kind === 'name'
      ? [{ target: statement.target.name, annotation: statement.annotation }]
      : [],
  );
}

function tupleOf(definition: ClassDef): ClassDef['bases'][number] {
  return { kind: 'tuple', start: definition.start, end: definition.end, elements: definition.bases };
}
