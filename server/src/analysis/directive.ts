/**
 * The comment on a class or factory that tells how to read it:
 * `# layercost: input=1x3x224x224 args=(num_classes=10)` -> an input and the argument num_classes=10.
 */
import type { Problem } from '../base/problems.ts';
import { textProblem } from '../base/problems.ts';
import type { Directive, SyntaxModule } from '../syntax/ast.ts';
import { parseInputText, type InputSpec } from '../configuration/inputText.ts';
import type { Configured } from './report.ts';

export interface EntrySettings {
  readonly inputs: readonly InputSpec[] | undefined;
  /** Python text of the arguments, without the brackets: "num_classes=10". */
  readonly args: string | undefined;
  readonly problems: readonly Problem[];
  /** Where an entry of the configuration is for it. */
  readonly configured?: Configured | undefined;
}

export const NO_SETTINGS: EntrySettings = { inputs: undefined, args: undefined, problems: [] };

/** The settings of the definition that starts at an offset: the directive right above it, or on its first line. */
export function settingsFor(syntax: SyntaxModule, definitionStart: number): EntrySettings {
  const lineEnd = syntax.text.indexOf('\n', definitionStart);
  const directive = syntax.directives.findLast(({ start, end }) => {
    if (start >= definitionStart) return lineEnd < 0 || start < lineEnd;
    return /^\s*(#[^\n]*\s*|@[^\n]*\s*)*$/.test(syntax.text.slice(end, definitionStart));
  });
  return directive === undefined ? NO_SETTINGS : parseDirective(syntax.file, directive);
}

/** The settings of a name's last definition at the top level of a file. */
export function settingsOfName(syntax: SyntaxModule, name: string): EntrySettings {
  const definition = syntax.chunks.findLast(({ chunk: { statement } }) => {
    return (statement.kind === 'classDef' || statement.kind === 'functionDef') && statement.name === name;
  });
  return definition === undefined ? NO_SETTINGS : settingsFor(syntax, definition.start);
}

function parseDirective(file: string, directive: Directive): EntrySettings {
  const problems: Problem[] = [];
  let inputs: readonly InputSpec[] | undefined;
  let args: string | undefined;
  for (const { key, value } of assignments(directive.text)) {
    if (key === 'args') args = value;
    else if (key === 'input') {
      const parsed = parseInputText(value);
      if (parsed.kind === 'ok') ({ inputs } = parsed);
      else problems.push(problem(file, directive, parsed.message));
    } else problems.push(problem(file, directive, `"${key}" is not known here; known are input and args`));
  }
  return { inputs, args, problems };
}

/** "input=1x3 args=(a=1, b=2)" -> input: "1x3", args: "a=1, b=2". */
function assignments(text: string): readonly { readonly key: string; readonly value: string }[] {
  const found: { readonly key: string; readonly value: string }[] = [];
  const pattern = /([\w-]+)\s*(?:=\s*)?/y;
  let at = text.length - text.trimStart().length;
  while (at < text.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    const key = match?.[1];
    if (match === null || key === undefined) return [...found, { key: text.slice(at).trim(), value: '' }];
    const start = pattern.lastIndex;
    const end = text[start] === '(' ? closingBracket(text, start) : endOfWord(text, start);
    const raw = text.slice(start, end);
    found.push({ key, value: raw.startsWith('(') ? raw.slice(1, -1) : raw });
    at = end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0);
  }
  return found;
}

function endOfWord(text: string, start: number): number {
  const space = text.slice(start).search(/\s/);
  return space < 0 ? text.length : start + space;
}

function closingBracket(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if ('([{'.includes(text[at] ?? '')) depth++;
    if (')]}'.includes(text[at] ?? '') && --depth === 0) return at + 1;
  }
  return text.length;
}

function problem(file: string, { start, end }: Directive, message: string): Problem {
  return textProblem('invalid-directive', 'warning', `In this layercost comment, ${message}.`, { file, start, end });
}
