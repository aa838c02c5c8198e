/**
 * A syntax tree as text, in the form of test/truth/syntax/dump_ast.py, with offsets that count in the whole file:
 * "x = f(1)" -> "assign 0-8 [(name 0-1 x)] (call 4-8 (name 4-5 f) [(int 1 6-7)] [])".
 */
import type {
  Block,
  ComprehensionClause,
  Constant,
  Expression,
  FStringPart,
  ImportedName,
  KeywordArgument,
  ParameterDef,
  Parameters,
  Pattern,
  Statement,
  SyntaxModule,
  TypeParameter,
} from '../../server/src/syntax/ast.ts';
import type { TextRange } from '../../server/src/base/text.ts';

export function dumpModule(module: SyntaxModule): string {
  return module.chunks.map(({ start, chunk }) => dumpStatement(chunk.statement, start)).join('');
}

/** Dumps a statement with its suites; `base` is where its chunk starts. */
export function dumpStatement(statement: Statement, base = 0): string {
  return new Dumper(base).statement(statement, 0);
}

class Dumper {
  readonly #base: number;

  constructor(base: number) {
    this.#base = base;
  }

  statement(node: Statement, depth: number): string {
    const [head, suites] = this.#parts(node, depth + 1);
    return `${'  '.repeat(depth)}${head}\n${suites}`;
  }

  #suite(label: string, block: Block | undefined, depth: number): string {
    if (!block) return '';
    const statements = block.statements.map((statement) => this.statement(statement, depth + 1));
    return `${'  '.repeat(depth)}${label}\n${statements.join('')}`;
  }

  #range({ start, end }: TextRange): string {
    return `${start + this.#base}-${end + this.#base}`;
  }

  #parts(node: Statement, below: number): readonly [head: string, suites: string] {
    const at = this.#range(node);
    switch (node.kind) {
      case 'functionDef': {
        const flags = `${node.isAsync ? ' async' : ''}${node.isGenerator ? ' generator' : ''}`;
        const signature = `${this.#typeParameters(node.typeParameters)} ${this.#parameters(node.parameters)}`;
        const head = `functionDef ${at} ${node.name}${flags}${signature} ${this.#list(node.decorators)} ${this.#optional(node.returns)}`;
        return [head, this.#suite('body', node.body, below)];
      }
      case 'classDef': {
        const bases = `${this.#list(node.bases)} ${this.#keywords(node.keywords)}`;
        const head = `classDef ${at} ${node.name}${this.#typeParameters(node.typeParameters)} ${bases} ${this.#list(node.decorators)}`;
        return [head, this.#suite('body', node.body, below)];
      }
      case 'return':
        return [`return ${at} ${this.#optional(node.value)}`, ''];
      case 'delete':
        return [`delete ${at} ${this.#list(node.targets)}`, ''];
      case 'assign':
        return [`assign ${at} ${this.#list(node.targets)} ${this.expression(node.value)}`, ''];
      case 'augAssign':
        return [`augAssign ${at} ${node.operator} ${this.expression(node.target)} ${this.expression(node.value)}`, ''];
      case 'annAssign': {
        const head = `annAssign ${at} ${this.expression(node.target)} ${this.expression(node.annotation)}`;
        return [`${head} ${this.#optional(node.value)}`, ''];
      }
      case 'for': {
        const head = `for ${at}${node.isAsync ? ' async' : ''} ${this.expression(node.target)} ${this.expression(node.iterable)}`;
        return [head, this.#suite('body', node.body, below) + this.#suite('else', node.orElse, below)];
      }
      case 'while':
      case 'if': {
        const suites = this.#suite('body', node.body, below) + this.#suite('else', node.orElse, below);
        return [`${node.kind} ${at} ${this.expression(node.test)}`, suites];
      }
      case 'with': {
        const items = node.items.map(
          ({ context, target }) => `(${this.expression(context)} ${this.#optional(target)})`,
        );
        return [`with ${at}${node.isAsync ? ' async' : ''} ${items.join(' ')}`, this.#suite('body', node.body, below)];
      }
      case 'match': {
        const cases = node.cases.map(({ pattern, guard, body }) =>
          this.#suite(`case ${this.#pattern(pattern)} ${this.#optional(guard)}`, body, below),
        );
        return [`match ${at} ${this.expression(node.subject)}`, cases.join('')];
      }
      case 'raise':
        return [`raise ${at} ${this.#optional(node.exception)} ${this.#optional(node.cause)}`, ''];
      case 'try': {
        const handlers = node.handlers.map((handler) => {
          const label = `except ${this.#range(handler)} ${this.#optional(handler.type)} ${handler.name ?? '-'}`;
          return this.#suite(label, handler.body, below);
        });
        const after = this.#suite('else', node.orElse, below) + this.#suite('finally', node.finalBody, below);
        return [
          `try ${at}${node.isStar ? ' star' : ''}`,
          this.#suite('body', node.body, below) + handlers.join('') + after,
        ];
      }
      case 'assert':
        return [`assert ${at} ${this.expression(node.test)} ${this.#optional(node.message)}`, ''];
      case 'import':
        return [`import ${at} ${this.#aliases(node.names)}`, ''];
      case 'importFrom':
        return [
          `importFrom ${at} ${node.level} ${node.module === '' ? '-' : node.module} ${this.#aliases(node.names)}`,
          '',
        ];
      case 'global':
      case 'nonlocal':
        return [`${node.kind} ${at} ${node.names.join(' ')}`, ''];
      case 'expression':
        return [`expression ${at} ${this.expression(node.value)}`, ''];
      case 'typeAlias':
        return [
          `typeAlias ${at} ${node.name}${this.#typeParameters(node.typeParameters)} ${this.expression(node.value)}`,
          '',
        ];
      case 'pass':
      case 'break':
      case 'continue':
        return [`${node.kind} ${at}`, ''];
      case 'error':
        return [`error ${at} ${quoted(node.text)}`, ''];
    }
  }

  #aliases(names: readonly ImportedName[]): string {
    return names.map((name) => `(${this.#range(name)} ${name.name} ${name.alias ?? '-'})`).join(' ');
  }

  #typeParameters(parameters: readonly TypeParameter[]): string {
    if (parameters.length === 0) return '';
    const parts = parameters.map((parameter) => {
      const { kind, name, bound, defaultValue } = parameter;
      return `(${kind} ${this.#range(parameter)} ${name} ${this.#optional(bound)} ${this.#optional(defaultValue)})`;
    });
    return ` <${parts.join(' ')}>`;
  }

  #optional(node: Expression | undefined): string {
    return node ? this.expression(node) : '-';
  }

  #list(nodes: readonly Expression[]): string {
    return `[${nodes.map((node) => this.expression(node)).join(' ')}]`;
  }

  #keywords(keywords: readonly KeywordArgument[]): string {
    const parts = keywords.map(
      (keyword) => `(${this.#range(keyword)} ${keyword.name ?? '**'} ${this.expression(keyword.value)})`,
    );
    return `[${parts.join(' ')}]`;
  }

  #parameters({ positional, positionalOnlyCount, variadic, keywordOnly, keywordVariadic }: Parameters): string {
    const parts = positional.map((parameter) => this.#parameter('', parameter));
    if (positionalOnlyCount > 0) parts.splice(positionalOnlyCount, 0, '/');
    if (variadic) parts.push(this.#parameter('*', variadic));
    else if (keywordOnly.length > 0) parts.push('*');
    parts.push(...keywordOnly.map((parameter) => this.#parameter('', parameter)));
    if (keywordVariadic) parts.push(this.#parameter('**', keywordVariadic));
    return `{${parts.join(' ')}}`;
  }

  #parameter(stars: string, parameter: ParameterDef): string {
    const { name, annotation, defaultValue } = parameter;
    return `(${this.#range(parameter)} ${stars}${name} ${this.#optional(annotation)} ${this.#optional(defaultValue)})`;
  }

  expression(node: Expression): string {
    const at = this.#range(node);
    switch (node.kind) {
      case 'name':
        return `(name ${at} ${node.name})`;
      case 'constant':
        return `(${constant(node.value)} ${at})`;
      case 'fString':
        return `(fString ${at} ${this.#joined(node.parts)})`;
      case 'call': {
        const list = `${this.#list(node.positional)} ${this.#keywords(node.keywords)}`;
        return `(call ${at} ${this.expression(node.callee)} ${list})`;
      }
      case 'attribute':
        return `(attribute ${at} ${this.expression(node.object)} ${node.name})`;
      case 'subscript':
        return `(subscript ${at} ${this.expression(node.object)} ${this.expression(node.index)})`;
      case 'lambda':
        return `(lambda ${at} ${this.#parameters(node.parameters)} ${this.expression(node.body)})`;
      case 'listComprehension':
      case 'setComprehension':
      case 'generator':
      case 'dictComprehension': {
        const element = `${this.expression(node.element)} ${this.#optional(node.value)}`;
        return `(${node.kind} ${at} ${element} ${this.#clauses(node.clauses)})`;
      }
      case 'tuple':
      case 'list':
      case 'set':
        return `(${node.kind} ${at} ${this.#list(node.elements)})`;
      case 'dict': {
        const entries = node.entries.map(({ key, value }) => `(${this.#optional(key)} ${this.expression(value)})`);
        return `(dict ${at} ${entries.join(' ')})`;
      }
      case 'unary':
        return `(unary ${at} ${node.operator} ${this.expression(node.operand)})`;
      case 'binary':
        return `(binary ${at} ${node.operator} ${this.expression(node.left)} ${this.expression(node.right)})`;
      case 'boolean':
        return `(boolean ${at} ${node.operator} ${this.#list(node.values)})`;
      case 'compare': {
        const rest = node.comparators.map(
          (comparator, index) => `${node.operators[index] ?? '?'} ${this.expression(comparator)}`,
        );
        return `(compare ${at} ${this.expression(node.left)} ${rest.join(' ')})`;
      }
      case 'ifExpression':
        return `(ifExpression ${at} ${this.expression(node.test)} ${this.expression(node.body)} ${this.expression(node.orElse)})`;
      case 'slice':
        return `(slice ${at} ${this.#optional(node.lower)} ${this.#optional(node.upper)} ${this.#optional(node.step)})`;
      case 'starred':
      case 'await':
      case 'yieldFrom':
        return `(${node.kind} ${at} ${this.expression(node.value)})`;
      case 'yield':
        return `(yield ${at} ${this.#optional(node.value)})`;
      case 'namedExpression':
        return `(namedExpression ${at} ${node.name} ${this.expression(node.value)})`;
      case 'error':
        return `(error ${at} ${quoted(node.text)})`;
    }
  }

  #clauses(clauses: readonly ComprehensionClause[]): string {
    const parts = clauses.map(({ target, iterable, conditions, isAsync }) => {
      return `(for${isAsync ? ' async' : ''} ${this.expression(target)} ${this.expression(iterable)} ${this.#list(conditions)})`;
    });
    return parts.join(' ');
  }

  /** Texts side by side are one, and `{x=}` adds its own text, as in CPython's tree. */
  #joined(fStringParts: readonly FStringPart[]): string {
    const parts: string[] = [];
    let text = '';
    const flush = (): void => {
      if (text !== '') parts.push(quoted(text));
      text = '';
    };
    for (const part of fStringParts) {
      if (part.kind === 'text') {
        text += part.text;
        continue;
      }
      text += part.debugText ?? '';
      flush();
      const isPlainDebug = part.debugText !== undefined && part.formatSpec.length === 0;
      const conversion = part.conversion ?? (isPlainDebug ? 'r' : undefined);
      const spec = this.#joined(part.formatSpec);
      const suffix = `${conversion === undefined ? '' : ` !${conversion}`}${spec === '' ? '' : ` : ${spec}`}`;
      parts.push(`{${this.expression(part.value)}${suffix}}`);
    }
    flush();
    return parts.join(' ');
  }

  #pattern(pattern: Pattern): string {
    const all = (patterns: readonly Pattern[]): string => patterns.map((inner) => this.#pattern(inner)).join(' ');
    switch (pattern.kind) {
      case 'value':
        return `(value ${this.expression(pattern.value)})`;
      case 'capture':
        return `(capture ${pattern.name ?? '_'} ${pattern.pattern ? this.#pattern(pattern.pattern) : '-'})`;
      case 'sequence':
        return `(sequence ${all(pattern.patterns)})`;
      case 'star':
        return `(star ${pattern.name ?? '_'})`;
      case 'mapping': {
        const entries = pattern.entries.map(([key, value]) => `(${this.expression(key)} ${this.#pattern(value)})`);
        return `(mapping ${entries.join(' ')} ${pattern.rest ?? '-'})`;
      }
      case 'class': {
        const keywords = pattern.keywords.map(([name, value]) => `(${name} ${this.#pattern(value)})`);
        return `(class ${this.expression(pattern.type)} [${all(pattern.positional)}] [${keywords.join(' ')}])`;
      }
      case 'or':
        return `(or ${all(pattern.alternatives)})`;
    }
  }
}

function constant(value: Constant['value']): string {
  switch (value.type) {
    case 'none':
    case 'ellipsis':
      return value.type;
    case 'bool':
      return `bool ${value.value}`;
    case 'int':
      return `int ${value.value.toString(16)}`;
    case 'float':
    case 'imaginary':
      return `${value.type} ${bits(value.value)}`;
    case 'string':
    case 'bytes':
      return `${value.type} ${quoted(value.value)}`;
  }
}

/** The eight bytes of a float. */
function bits(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

/** As Python's json.dumps writes it: ASCII only. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
