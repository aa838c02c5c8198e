/**
 * Parameters of functions and lambdas: `(a, /, b: int = 1, *args, c, **options)` -> positional a and b (one of them
 * positional-only), variadic args, keyword-only c, keyword-variadic options. Also type parameters `[T: int, *Ts, **P]`.
 */
import type { Expression, ParameterDef, Parameters, TypeParameter } from './ast.ts';
import { convertElement, convertExpression, identifier } from './convertExpression.ts';
import type { TreeNode, TreeReader } from './treeReader.ts';

/** Converts a `parameters` or `lambda_parameters` node; none gives an empty list. */
export function convertParameters(reader: TreeReader, node: TreeNode | undefined): Parameters {
  const positional: ParameterDef[] = [];
  const keywordOnly: ParameterDef[] = [];
  let positionalOnlyCount = 0;
  let variadic: ParameterDef | undefined;
  let keywordVariadic: ParameterDef | undefined;
  let isKeywordOnly = false;
  for (const child of node === undefined ? [] : reader.children(node)) {
    switch (reader.type(child)) {
      case ',':
      case '(':
      case ')':
        break;
      case 'positional_separator':
        positionalOnlyCount = positional.length;
        break;
      case 'keyword_separator':
        isKeywordOnly = true;
        break;
      default: {
        const { stars, parameter } = convertParameter(reader, child);
        if (stars === 2) keywordVariadic = parameter;
        else if (stars === 1) {
          variadic = parameter;
          isKeywordOnly = true;
        } else (isKeywordOnly ? keywordOnly : positional).push(parameter);
      }
    }
  }
  return { positional, positionalOnlyCount, variadic, keywordOnly, keywordVariadic };
}

interface StarredParameter {
  readonly stars: 0 | 1 | 2;
  readonly parameter: ParameterDef;
}

function convertParameter(reader: TreeReader, node: TreeNode): StarredParameter {
  const children = reader.children(node);
  const type = reader.type(node);
  const isPlain = type === 'identifier' || type.endsWith('_pattern');
  const target = isPlain ? node : reader.at(children, 0);
  const targetType = reader.type(target);
  const stars = targetType === 'list_splat_pattern' ? 1 : targetType === 'dictionary_splat_pattern' ? 2 : 0;
  const name = stars === 0 ? target : reader.at(reader.children(target), -1);
  if (reader.type(name) !== 'identifier') {
    reader.report(reader.range(name), `\`${reader.text(name)}\` cannot be a parameter`);
  }
  const typeNode = isPlain ? undefined : children.find((child) => reader.type(child) === 'type');
  const hasDefault = type === 'default_parameter' || type === 'typed_default_parameter';
  // CPython's range of a parameter: the name and its annotation, without star and default.
  const range = reader.span(name, typeNode ?? name);
  const parameter: ParameterDef = {
    ...range,
    name: identifier(reader, name),
    annotation: typeNode === undefined ? undefined : convertElement(reader, typeNode),
    defaultValue: hasDefault ? convertExpression(reader, reader.at(children, -1)) : undefined,
  };
  return { stars, parameter };
}

/** Converts a `type_parameter` node, which is the list in brackets. */
export function convertTypeParameters(reader: TreeReader, node: TreeNode | undefined): TypeParameter[] {
  const parameters: TypeParameter[] = [];
  for (const child of node === undefined ? [] : reader.children(node)) {
    if (reader.type(child) === 'type') parameters.push(convertTypeParameter(reader, child));
  }
  return parameters;
}

function convertTypeParameter(reader: TreeReader, node: TreeNode): TypeParameter {
  const source = reader.sourceText(node);
  const stars = /^\**/.exec(source)?.[0].length ?? 0;
  const parts: TreeNode[] = [];
  let bound: Expression | undefined;
  let defaultValue: Expression | undefined;
  let separator: TreeNode | undefined;
  // `T: int : str`, where the source says which of the colons is the `=` of a default.
  const collect = (part: TreeNode): void => {
    const [inner = part] = reader.type(part) === 'type' ? reader.children(part) : [part];
    if (reader.type(inner) !== 'constrained_type') {
      if (separator === undefined) parts.push(inner);
      else if (reader.sourceText(separator) === '=') defaultValue = convertElement(reader, inner);
      else bound = convertElement(reader, inner);
      return;
    }
    const [left = inner, colon = inner, right = inner] = reader.children(inner);
    collect(left);
    separator = colon;
    collect(right);
  };
  collect(node);
  const named = reader.at(parts, 0);
  const name = reader.type(named) === 'identifier' ? named : reader.at(reader.children(named), -1);
  return {
    kind: stars === 0 ? 'typeVar' : stars === 1 ? 'typeVarTuple' : 'paramSpec',
    ...reader.range(node),
    name: identifier(reader, name),
    bound,
    defaultValue,
  };
}
