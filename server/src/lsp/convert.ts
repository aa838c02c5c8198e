/**
 * From our plain results to LSP's types, once, at the edge: here texts become labels, which show and do nothing else.
 */
import {
  CodeLens,
  type Command,
  DiagnosticSeverity,
  InlayHintKind,
  MarkupKind,
  type Diagnostic as LspDiagnostic,
  type Hover as LspHover,
  type InlayHint as LspInlayHint,
} from 'vscode-languageserver';
import { labelText } from '../base/escaping/labelText.ts';
import { visibleText } from '../base/escaping/visibleText.ts';
import type { LineIndex } from '../base/text.ts';
import type { Severity } from '../base/problems.ts';
import type { Diagnostic } from '../features/diagnostics.ts';
import type { Hover } from '../features/hover.ts';
import type { InlayHint } from '../features/inlayHints/inlayHint.ts';
import type { Lens } from '../features/codeLens.ts';
import type { Places } from './places.ts';
import { toRange } from './toRange.ts';

const KIND_TIPS = {
  cost: 'Layer Cost: parameters · multiply-accumulates · roofline latency (a lower bound)',
  shape: 'Layer Cost: output shape',
  cell: 'Layer Cost: parameters · multiply-accumulates of the network · predicted accuracy',
} as const;

export function toInlayHint(hint: InlayHint, lines: LineIndex): LspInlayHint {
  return {
    position: lines.position(hint.offset),
    label: labelText(hint.text),
    kind: InlayHintKind.Type,
    paddingLeft: true,
    tooltip: KIND_TIPS[hint.kind],
  };
}

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

/** `places` is undefined where the client shows no related information. */
export function toDiagnostic(diagnostic: Diagnostic, lines: LineIndex, places?: Places): LspDiagnostic {
  const { range, severity, code, message, related = [] } = diagnostic;
  const plain = {
    range: toRange(range, lines),
    severity: SEVERITIES[severity],
    code,
    source: 'layercost',
    message: visibleText(message),
  };
  if (places === undefined || related.length === 0) return plain;
  const relatedInformation = related.map(({ range: place, message: text }) => ({
    location: places.location(place),
    message: visibleText(text),
  }));
  return { ...plain, relatedInformation };
}

export function toHover(hover: Hover, lines: LineIndex): LspHover {
  return { range: toRange(hover.range, lines), contents: { kind: MarkupKind.Markdown, value: hover.markdown.text } };
}

/** What a lens carries until it is resolved. */
export interface LensData {
  readonly uri: string;
  readonly entryName: string;
}

/** A lens without a title is resolved when it comes into view. */
export function toCodeLens(lens: Lens, lines: LineIndex, uri: string): CodeLens {
  const codeLens = CodeLens.create(toRange(lens.range, lines), { uri, entryName: lens.entryName } satisfies LensData);
  return lens.title === undefined ? codeLens : { ...codeLens, command: lensCommand(lens.title, uri, lens.entryName) };
}

export function lensCommand(title: string, uri: string, entryName: string): Command {
  return { title: labelText(title), command: 'layercost.showReport', arguments: [uri, entryName] };
}

/** What changed in a model: a click opens the page of it. */
export function toChangeLens({ range, entryName, title = '' }: Lens, lines: LineIndex, uri: string): CodeLens {
  const command = { title: labelText(title), command: 'layercost.showChanges', arguments: [uri, entryName] };
  return { ...CodeLens.create(toRange(range, lines)), command };
}
