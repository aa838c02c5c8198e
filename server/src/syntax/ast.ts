/**
 * The typed syntax tree of Python, named after CPython's `ast` module.
 * Offsets are relative to the chunk (top-level statement) that a node stands in, so that an edit elsewhere
 * leaves the chunk's tree as it is: `absolute = placedChunk.start + node.start`.
 */
import type { Problem } from '../base/problems.ts';
import type { TextRange } from '../base/text.ts';

/** One version of one file. */
export interface SyntaxModule {
  readonly file: string;
  readonly text: string;
  readonly chunks: readonly PlacedChunk[];
  /** Comments `# layercost: ...`, in order, with absolute ranges. */
  readonly directives: readonly Directive[];
  /** Syntax errors, with absolute ranges. Broken statements appear as `error` nodes or keep their last good tree. */
  readonly problems: readonly Problem[];
}

/** A top-level statement in its place. The chunk is the same object in the next version if its text is the same. */
export interface PlacedChunk {
  readonly start: number;
  readonly end: number;
  readonly chunk: Chunk;
}

export interface Chunk {
  readonly text: string;
  readonly statement: Statement;
  /** What `statement` was read from; the same object as in the last good version where the text is broken. */
  readonly source: object;
  /** True where the text is broken now and `statement` is the last good tree, whose offsets may be off. */
  readonly isStale: boolean;
}

/** `# layercost: input=1x3x224x224 args=(num_classes=10)` -> text after the colon. */
export interface Directive extends TextRange {
  readonly text: string;
}

export type Statement =
  | FunctionDef
  | ClassDef
  | Assign
  | AugAssign
  | AnnAssign
  | For
  | While
  | If
  | With
  | Try
  | Match
  | Import
  | ImportFrom
  | TypeAlias
  | (TextRange & { readonly kind: 'return'; readonly value: Expression | undefined })
  | (TextRange & { readonly kind: 'delete'; readonly targets: readonly Expression[] })
  | (TextRange & {
      readonly kind: 'raise';
      readonly exception: Expression | undefined;
      readonly cause: Expression | undefined;
    })
  | (TextRange & { readonly kind: 'assert'; readonly test: Expression; readonly message: Expression | undefined })
  | (TextRange & { readonly kind: 'global' | 'nonlocal'; readonly names: readonly string[] })
  | (TextRange & { readonly kind: 'expression'; readonly value: Expression })
  | (TextRange & { readonly kind: 'pass' | 'break' | 'continue' })
  /** Text that is not a statement; `nameHint` is the definition it seems to be. */
  | (TextRange & { readonly kind: 'error'; readonly text: string });

/** The statements of an indented suite; may be converted when first read. */
export interface Block {
  readonly statements: readonly Statement[];
}

export interface FunctionDef extends TextRange {
  readonly kind: 'functionDef';
  readonly name: string;
  readonly nameRange: TextRange;
  /** `def f[T: int](x)`; empty mostly. */
  readonly typeParameters: readonly TypeParameter[];
  readonly parameters: Parameters;
  readonly body: Block;
  readonly decorators: readonly Expression[];
  readonly returns: Expression | undefined;
  readonly isAsync: boolean;
  /** Whether `yield` stands in its own body (not in a nested function). */
  readonly isGenerator: boolean;
}

export interface Parameters {
  /** In source order: positional-only first, then positional-or-keyword. */
  readonly positional: readonly ParameterDef[];
  readonly positionalOnlyCount: number;
  readonly variadic: ParameterDef | undefined;
  readonly keywordOnly: readonly ParameterDef[];
  readonly keywordVariadic: ParameterDef | undefined;
}

export interface ParameterDef extends TextRange {
  readonly name: string;
  readonly annotation: Expression | undefined;
  readonly defaultValue: Expression | undefined;
}

export interface ClassDef extends TextRange {
  readonly kind: 'classDef';
  readonly name: string;
  readonly nameRange: TextRange;
  readonly typeParameters: readonly TypeParameter[];
  readonly bases: readonly Expression[];
  readonly keywords: readonly KeywordArgument[];
  readonly body: Block;
  readonly decorators: readonly Expression[];
}

/** `T: bound = default`, `*Ts`, `**P`. */
export interface TypeParameter extends TextRange {
  readonly kind: 'typeVar' | 'typeVarTuple' | 'paramSpec';
  readonly name: string;
  readonly bound: Expression | undefined;
  readonly defaultValue: Expression | undefined;
}

export interface Assign extends TextRange {
  readonly kind: 'assign';
  /** `a = b = 1` has two targets. */
  readonly targets: readonly Expression[];
  readonly value: Expression;
}

export interface AugAssign extends TextRange {
  readonly kind: 'augAssign';
  readonly target: Expression;
  readonly operator: BinaryOperator;
  readonly value: Expression;
}

export interface AnnAssign extends TextRange {
  readonly kind: 'annAssign';
  readonly target: Expression;
  readonly annotation: Expression;
  readonly value: Expression | undefined;
}

export interface For extends TextRange {
  readonly kind: 'for';
  readonly isAsync: boolean;
  readonly target: Expression;
  readonly iterable: Expression;
  readonly body: Block;
  readonly orElse: Block | undefined;
}

export interface While extends TextRange {
  readonly kind: 'while';
  readonly test: Expression;
  readonly body: Block;
  readonly orElse: Block | undefined;
}

/** `elif` is an `if` alone in `orElse`. */
export interface If extends TextRange {
  readonly kind: 'if';
  readonly test: Expression;
  readonly body: Block;
  readonly orElse: Block | undefined;
}

export interface With extends TextRange {
  readonly kind: 'with';
  readonly isAsync: boolean;
  readonly items: readonly { readonly context: Expression; readonly target: Expression | undefined }[];
  readonly body: Block;
}

export interface Try extends TextRange {
  readonly kind: 'try';
  /** `except*` handlers. */
  readonly isStar: boolean;
  readonly body: Block;
  readonly handlers: readonly ExceptHandler[];
  readonly orElse: Block | undefined;
  readonly finalBody: Block | undefined;
}

export interface ExceptHandler extends TextRange {
  readonly type: Expression | undefined;
  readonly name: string | undefined;
  readonly body: Block;
}

export interface Match extends TextRange {
  readonly kind: 'match';
  readonly subject: Expression;
  readonly cases: readonly MatchCase[];
}

export interface MatchCase extends TextRange {
  readonly pattern: Pattern;
  readonly guard: Expression | undefined;
  readonly body: Block;
}

export type Pattern =
  | { readonly kind: 'value'; readonly value: Expression }
  | { readonly kind: 'capture'; readonly name: string | undefined; readonly pattern: Pattern | undefined }
  | { readonly kind: 'sequence'; readonly patterns: readonly Pattern[] }
  | { readonly kind: 'star'; readonly name: string | undefined }
  | {
      readonly kind: 'mapping';
      readonly entries: readonly (readonly [Expression, Pattern])[];
      readonly rest: string | undefined;
    }
  | {
      readonly kind: 'class';
      readonly type: Expression;
      readonly positional: readonly Pattern[];
      readonly keywords: readonly (readonly [string, Pattern])[];
    }
  | { readonly kind: 'or'; readonly alternatives: readonly Pattern[] };

export interface Import extends TextRange {
  readonly kind: 'import';
  /** `import a.b as c` -> { name: "a.b", alias: "c" } */
  readonly names: readonly ImportedName[];
}

export interface ImportFrom extends TextRange {
  readonly kind: 'importFrom';
  /** "" for `from . import x` */
  readonly module: string;
  /** Number of leading dots. */
  readonly level: number;
  /** One name "*" for a star import. */
  readonly names: readonly ImportedName[];
}

export interface ImportedName extends TextRange {
  readonly name: string;
  readonly alias: string | undefined;
}

export interface TypeAlias extends TextRange {
  readonly kind: 'typeAlias';
  readonly name: string;
  readonly typeParameters: readonly TypeParameter[];
  readonly value: Expression;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '@' | '<<' | '>>' | '&' | '|' | '^';
export type UnaryOperator = '+' | '-' | '~' | 'not';
export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in' | 'is' | 'is not';

export interface KeywordArgument extends TextRange {
  /** Undefined for `**value`. */
  readonly name: string | undefined;
  readonly value: Expression;
}

export type Expression =
  | Name
  | Constant
  | FString
  | Call
  | Attribute
  | Subscript
  | Lambda
  | Comprehension
  | (TextRange & { readonly kind: 'tuple' | 'list' | 'set'; readonly elements: readonly Expression[] })
  /** An entry without a key is `**value`. */
  | (TextRange & {
      readonly kind: 'dict';
      readonly entries: readonly { readonly key: Expression | undefined; readonly value: Expression }[];
    })
  | (TextRange & { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression })
  | (TextRange & {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (TextRange & { readonly kind: 'boolean'; readonly operator: 'and' | 'or'; readonly values: readonly Expression[] })
  | (TextRange & {
      readonly kind: 'compare';
      readonly left: Expression;
      readonly operators: readonly ComparisonOperator[];
      readonly comparators: readonly Expression[];
    })
  | (TextRange & {
      readonly kind: 'ifExpression';
      readonly test: Expression;
      readonly body: Expression;
      readonly orElse: Expression;
    })
  | (TextRange & {
      readonly kind: 'slice';
      readonly lower: Expression | undefined;
      readonly upper: Expression | undefined;
      readonly step: Expression | undefined;
    })
  | (TextRange & { readonly kind: 'starred' | 'await' | 'yieldFrom'; readonly value: Expression })
  | (TextRange & { readonly kind: 'yield'; readonly value: Expression | undefined })
  | (TextRange & { readonly kind: 'namedExpression'; readonly name: string; readonly value: Expression })
  | (TextRange & { readonly kind: 'error'; readonly text: string });

export interface Name extends TextRange {
  readonly kind: 'name';
  readonly name: string;
}

export interface Constant extends TextRange {
  readonly kind: 'constant';
  readonly value:
    | { readonly type: 'none' | 'ellipsis' }
    | { readonly type: 'bool'; readonly value: boolean }
    /** Integers beyond 2^53 are bigint. */
    | { readonly type: 'int'; readonly value: number | bigint }
    | { readonly type: 'float' | 'imaginary'; readonly value: number }
    | { readonly type: 'string'; readonly value: string }
    /** One char code a byte. */
    | { readonly type: 'bytes'; readonly value: string };
}

export interface FString extends TextRange {
  readonly kind: 'fString';
  readonly parts: readonly FStringPart[];
}

export type FStringPart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'value';
      readonly value: Expression;
      readonly conversion: 'r' | 's' | 'a' | undefined;
      readonly formatSpec: readonly FStringPart[];
      /** Source text of `{x=}`, to be printed before the value. */
      readonly debugText: string | undefined;
    };

export interface Call extends TextRange {
  readonly kind: 'call';
  readonly callee: Expression;
  /** May hold `starred`. */
  readonly positional: readonly Expression[];
  readonly keywords: readonly KeywordArgument[];
}

export interface Attribute extends TextRange {
  readonly kind: 'attribute';
  readonly object: Expression;
  readonly name: string;
  readonly nameRange: TextRange;
}

export interface Subscript extends TextRange {
  readonly kind: 'subscript';
  readonly object: Expression;
  /** `x[1, ::2]` has a tuple of a constant and a slice. */
  readonly index: Expression;
}

export interface Lambda extends TextRange {
  readonly kind: 'lambda';
  readonly parameters: Parameters;
  readonly body: Expression;
}

export interface Comprehension extends TextRange {
  readonly kind: 'listComprehension' | 'setComprehension' | 'dictComprehension' | 'generator';
  /** For a dict, the key. */
  readonly element: Expression;
  /** The value of a dict comprehension. */
  readonly value: Expression | undefined;
  readonly clauses: readonly ComprehensionClause[];
}

export interface ComprehensionClause {
  readonly target: Expression;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
  readonly isAsync: boolean;
}
