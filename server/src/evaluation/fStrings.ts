/**
 * f-strings: f"{x!r:>{width}} {y=}". Where a part is unknown, the whole text is.
 */
import type { FString, FStringPart } from '../syntax/ast.ts';
import { formatValue } from './builtins/format.ts';
import { unknownText } from './builtins/unknownText.ts';
import type { CodeContext } from './codeContext.ts';
import { compileExpression } from './expressions.ts';
import type { Evaluate, Frame } from './frame.ts';
import { tooLarge } from './tooLarge.ts';
import { PyUnknown, type Value } from './values.ts';

export function compileFString(context: CodeContext, node: FString): Evaluate {
  return compileParts(context, node.parts);
}

type EvaluateText = (frame: Frame) => string | PyUnknown;

function compileParts(context: CodeContext, parts: readonly FStringPart[]): EvaluateText {
  const evaluates = parts.map((part) => compilePart(context, part));
  const [only] = evaluates;
  if (evaluates.length === 1 && only !== undefined) return only;
  return (frame) => {
    let text = '';
    let unknown: PyUnknown | undefined;
    for (const evaluate of evaluates) {
      const piece = evaluate(frame);
      if (piece instanceof PyUnknown) unknown ??= piece;
      else text += piece;
    }
    if (unknown !== undefined) return unknown;
    const { budget } = context.executor;
    if (budget.isTooLarge(text.length)) return tooLarge(context.executor, 'a text', text.length);
    budget.allocate(text.length);
    return text;
  };
}

function compilePart(context: CodeContext, part: FStringPart): EvaluateText {
  if (part.kind === 'text') return () => part.text;
  const { executor } = context;
  const evaluate = compileExpression(context, part.value);
  const spec = part.formatSpec.length === 0 ? undefined : compileParts(context, part.formatSpec);
  const prefix = part.debugText ?? '';
  const isShownAsRepr = part.debugText !== undefined && spec === undefined && part.conversion === undefined;
  const conversion = isShownAsRepr ? 'r' : part.conversion;
  return (frame) => {
    const value = evaluate(frame);
    const specText = spec === undefined ? '' : spec(frame);
    frame.at = part.value;
    if (specText instanceof PyUnknown) return specText;
    const shown = conversion === undefined ? value : convert(value, conversion);
    if (shown instanceof PyUnknown) return shown;
    const text = typeof shown === 'string' && specText === '' ? shown : formatValue(executor, shown, specText);
    return text instanceof PyUnknown ? text : prefix + text;
  };

  function convert(value: Value, to: 'r' | 's' | 'a'): string | PyUnknown {
    const unknown = unknownText(executor, value);
    if (unknown !== undefined) return unknown;
    if (to === 's') return executor.str(value);
    const text = executor.repr(value);
    return to === 'r' ? text : escapeNonAscii(text);
  }
}

function escapeNonAscii(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
    if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
    return `\\U${code.toString(16).padStart(8, '0')}`;
  });
}
