/**
 * Binary operators, `|` between types, and `await`. The grammar binds `^` tighter than `&`, and `**` tighter than
 * `await`; so the operands of a whole chain are laid out flat and joined again by Python's precedence:
 * `a ^ b & c` -> `a ^ (b & c)`, `await x ** 2` -> `(await x) ** 2`.
 * Source: Python language reference, "Operator precedence".
 */
import type { BinaryOperator, Expression } from './ast.ts';
import { convertExpression } from './convertExpression.ts';
import { UnexpectedTreeError } from './treeReader.ts';
import type { TreeNode, TreeReader } from './treeReader.ts';

const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  '|': 1,
  '^': 2,
  '&': 3,
  '<<': 4,
  '>>': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '//': 6,
  '%': 6,
  '@': 6,
  '**': 7,
};

/** An operand with its range, which counts the parentheses around it. */
interface Operand {
  readonly start: number;
  readonly end: number;
  readonly expression: Expression;
}

/** Converts a binary_operator, union_type or await with all operators that belong to its chain. */
export function convertOperators(reader: TreeReader, node: TreeNode): Expression {
  const operands: Operand[] = [];
  const operators: BinaryOperator[] = [];
  layOut(reader, node, operands, operators);
  return join(operands, operators).expression;
}

function layOut(reader: TreeReader, node: TreeNode, operands: Operand[], operators: BinaryOperator[]): void {
  const type = reader.type(node);
  const inner = type === 'type' ? reader.at(reader.children(node), 0) : node;
  const innerType = reader.type(inner);
  if (innerType === 'binary_operator' || innerType === 'union_type') {
    const [left = inner, operator = inner, right = inner] = reader.children(inner);
    layOut(reader, left, operands, operators);
    operators.push(binaryOperator(reader.type(operator)));
    layOut(reader, right, operands, operators);
  } else if (innerType === 'await') layOutAwait(reader, inner, operands, operators);
  else operands.push({ ...reader.range(inner), expression: convertExpression(reader, inner) });
}

function layOutAwait(reader: TreeReader, node: TreeNode, operands: Operand[], operators: BinaryOperator[]): void {
  const first = operands.length;
  layOut(reader, reader.at(reader.children(node), 1), operands, operators);
  const awaited = operands[first];
  if (!awaited) return;
  const range = { start: reader.start(node), end: awaited.end };
  operands[first] = { ...range, expression: { kind: 'await', ...range, value: awaited.expression } };
}

/** Joins operands by precedence with a stack of operators that wait for their right side (shunting yard). */
function join(operands: readonly Operand[], operators: readonly BinaryOperator[]): Operand {
  const [first] = operands;
  if (!first) throw new UnexpectedTreeError('a chain of operators has operands');
  const values = [first];
  const waiting: BinaryOperator[] = [];
  const reduce = (): void => {
    const right = values.pop();
    const left = values.pop();
    const operator = waiting.pop();
    if (!left || !right || !operator) throw new UnexpectedTreeError('a waiting operator has two operands');
    const range = { start: left.start, end: right.end };
    const expression: Expression = {
      kind: 'binary',
      ...range,
      operator,
      left: left.expression,
      right: right.expression,
    };
    values.push({ ...range, expression });
  };
  for (const [index, operator] of operators.entries()) {
    for (let last = waiting.at(-1); last && bindsFirst(last, operator); last = waiting.at(-1)) reduce();
    waiting.push(operator);
    const operand = operands[index + 1];
    if (operand) values.push(operand);
  }
  while (waiting.length > 0) reduce();
  return values[0] ?? first;
}

/** Whether `left` takes the operand between itself and a following `right`; `**` groups to the right. */
function bindsFirst(left: BinaryOperator, right: BinaryOperator): boolean {
  return PRECEDENCE[left] > PRECEDENCE[right] || (PRECEDENCE[left] === PRECEDENCE[right] && left !== '**');
}

function binaryOperator(text: string): BinaryOperator {
  if (isBinaryOperator(text)) return text;
  throw new UnexpectedTreeError(`${text} is no operator of the grammar`);
}

/** Whether a text is a binary operator: "+" is, "+=" and "and" are not. */
export function isBinaryOperator(text: string): text is BinaryOperator {
  return text in PRECEDENCE;
}
