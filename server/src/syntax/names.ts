/**
 * Which names a body binds, by Python's scope rules (language reference, "Naming and binding"):
 * `global n; x = 1; [y for y in (z := xs)]` -> locals x, z; globals n. Nested functions, classes, lambdas and
 * comprehensions are scopes of their own; a walrus inside a comprehension binds outside of it.
 */
import type {
  Block,
  ClassDef,
  ComprehensionClause,
  Expression,
  FunctionDef,
  Lambda,
  Parameters,
  Pattern,
  Statement,
} from './ast.ts';
import { forEachChild } from './visit.ts';
import type { SyntaxNode } from './visit.ts';

export interface BoundNames {
  /** Bound here: local to the function (or members of the class, or globals of the module). Without parameters. */
  readonly locals: ReadonlySet<string>;
  readonly globals: ReadonlySet<string>;
  readonly nonlocals: ReadonlySet<string>;
}

/** Names bound by the body of a function, class or module; parameters are not among them, see {@link parameterNames}. */
export function boundNames(body: Block | readonly Statement[]): BoundNames {
  const collector = newCollector();
  const statements = 'statements' in body ? body.statements : body;
  for (const statement of statements) collect(statement, collector);
  return finish(collector);
}

/** Names that a lambda's body binds: only by a walrus. */
export function boundNamesOfExpression(expression: Expression): BoundNames {
  const collector = newCollector();
  collect(expression, collector);
  return finish(collector);
}

/** Names of all parameters, in the order of the signature. */
export function parameterNames(parameters: Parameters): readonly string[] {
  const { positional, variadic, keywordOnly, keywordVariadic } = parameters;
  return [...positional, variadic, ...keywordOnly, keywordVariadic].flatMap((parameter) => parameter?.name ?? []);
}

/** Names that the `for` clauses of a comprehension bind in its own scope. */
export function comprehensionNames(clauses: readonly ComprehensionClause[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const clause of clauses) addTargetNames(clause.target, names);
  return names;
}

/** Adds the names that assigning to `target` binds: `a, (b, *c), d.e, f[0]` binds a, b and c. */
export function addTargetNames(target: Expression, names: Set<string>): void {
  if (target.kind === 'name') names.add(target.name);
  else if (target.kind === 'starred') addTargetNames(target.value, names);
  else if (target.kind === 'tuple' || target.kind === 'list') {
    for (const element of target.elements) addTargetNames(element, names);
  }
}

/** Adds the names that a `case` pattern captures. */
export function addPatternNames(pattern: Pattern, names: Set<string>): void {
  switch (pattern.kind) {
    case 'value':
      return;
    case 'capture':
      if (pattern.name !== undefined) names.add(pattern.name);
      if (pattern.pattern) addPatternNames(pattern.pattern, names);
      return;
    case 'star':
      if (pattern.name !== undefined) names.add(pattern.name);
      return;
    case 'sequence':
      for (const element of pattern.patterns) addPatternNames(element, names);
      return;
    case 'mapping':
      for (const [, value] of pattern.entries) addPatternNames(value, names);
      if (pattern.rest !== undefined) names.add(pattern.rest);
      return;
    case 'class':
      for (const element of pattern.positional) addPatternNames(element, names);
      for (const [, element] of pattern.keywords) addPatternNames(element, names);
      return;
    case 'or':
      for (const alternative of pattern.alternatives) addPatternNames(alternative, names);
  }
}

interface Collector {
  readonly bound: Set<string>;
  readonly globals: Set<string>;
  readonly nonlocals: Set<string>;
}

function newCollector(): Collector {
  return { bound: new Set(), globals: new Set(), nonlocals: new Set() };
}

function finish({ bound, globals, nonlocals }: Collector): BoundNames {
  const isLocal = (name: string): boolean => !globals.has(name) && !nonlocals.has(name);
  return { locals: new Set([...bound].filter(isLocal)), globals, nonlocals };
}

function collect(node: SyntaxNode, collector: Collector): void {
  switch (node.kind) {
    case 'functionDef':
    case 'classDef':
      collector.bound.add(node.name);
      collectOutside(node, collector);
      return;
    case 'lambda':
      collectOutside(node, collector);
      return;
    case 'assign':
      for (const target of node.targets) addTargetNames(target, collector.bound);
      break;
    case 'augAssign':
    case 'annAssign':
    case 'for':
      addTargetNames(node.target, collector.bound);
      break;
    case 'with':
      for (const item of node.items) if (item.target) addTargetNames(item.target, collector.bound);
      break;
    case 'try':
      for (const handler of node.handlers) if (handler.name !== undefined) collector.bound.add(handler.name);
      break;
    case 'match':
      for (const matchCase of node.cases) addPatternNames(matchCase.pattern, collector.bound);
      break;
    case 'delete':
      for (const target of node.targets) addTargetNames(target, collector.bound);
      break;
    case 'import':
      for (const { name, alias } of node.names) collector.bound.add(alias ?? name.replace(/\..*/s, ''));
      break;
    case 'importFrom':
      for (const { name, alias } of node.names) if (name !== '*') collector.bound.add(alias ?? name);
      break;
    case 'typeAlias':
      collector.bound.add(node.name);
      return;
    case 'namedExpression':
      collector.bound.add(node.name);
      break;
    case 'global':
      for (const name of node.names) collector.globals.add(name);
      return;
    case 'nonlocal':
      for (const name of node.names) collector.nonlocals.add(name);
      return;
    default:
      break;
  }
  forEachChild(node, (child) => collect(child, collector));
}

/** Only what a definition evaluates in the scope around it: decorators, bases, defaults, annotations. The body is not read. */
function collectOutside(node: FunctionDef | ClassDef | Lambda, collector: Collector): void {
  if (node.kind !== 'lambda') for (const decorator of node.decorators) collect(decorator, collector);
  if (node.kind === 'classDef') {
    for (const base of node.bases) collect(base, collector);
    for (const keyword of node.keywords) collect(keyword.value, collector);
    return;
  }
  const { positional, variadic, keywordOnly, keywordVariadic } = node.parameters;
  for (const parameter of [...positional, variadic, ...keywordOnly, keywordVariadic]) {
    if (parameter?.annotation) collect(parameter.annotation, collector);
    if (parameter?.defaultValue) collect(parameter.defaultValue, collector);
  }
  if (node.kind === 'functionDef' && node.returns) collect(node.returns, collector);
}
