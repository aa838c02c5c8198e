/**
 * What all pages of ours have: the frame with its policy, and one style. Scripts and styles run by nonce only, and what
 * stands in a page is escaped as it is put in (base/escaping/html.ts): contents of files are untrusted.
 */

import { inHtml, type Html } from '../../../server/src/base/escaping/html.ts';

export interface Page {
  readonly title: string;
  readonly body: Html;
  readonly script: Html;
  readonly nonce: string;
}

export function pageHtml({ title, body, script, nonce }: Page): Html {
  return inHtml`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<title>${title}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
${body}
<script nonce="${nonce}">${script}</script>
</body>
</html>`;
}

/** A page that only says what went wrong. */
export function messageHtml(message: string): Html {
  return inHtml`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"></head><body><p>${message}</p></body></html>`;
}

const STYLE = inHtml`
body { font-family: var(--vscode-font-family); color: var(--vscode-foreground); padding: 0 16px 16px; }
h1 { font-size: 1.4em; font-weight: 600; }
.ports { color: var(--vscode-descriptionForeground); }
.tiles { display: flex; flex-wrap: wrap; gap: 8px; margin: 12px 0; }
.tile { border: 1px solid var(--vscode-widget-border, #8884); border-radius: 4px; padding: 8px 12px; }
.tile b { display: block; font-size: 1.2em; }
.tile span { color: var(--vscode-descriptionForeground); font-size: 0.9em; }
.notes { padding-left: 18px; }
.notes .error { color: var(--vscode-errorForeground); }
.notes .assumed { color: var(--vscode-descriptionForeground); }
#filter { width: 260px; margin: 8px 0; padding: 4px 6px; color: var(--vscode-input-foreground);
  background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, #8884); }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; cursor: pointer; position: sticky; top: 0; background: var(--vscode-editor-background); }
th, td { padding: 3px 12px 3px 0; border-bottom: 1px solid var(--vscode-widget-border, #8884); white-space: nowrap; }
td.number, #layers th:nth-child(n+5), #figures th:nth-child(n+2) { text-align: right; font-variant-numeric: tabular-nums; }
#figures { width: auto; margin: 12px 0; }
#figures td, #figures th { padding-right: 20px; }
#changes td:nth-child(4), #figures td:last-child { white-space: normal; }
.same { color: var(--vscode-descriptionForeground); }
.added td:first-child { color: var(--vscode-gitDecoration-addedResourceForeground); }
.removed td:first-child { color: var(--vscode-gitDecoration-deletedResourceForeground); }
.changed td:first-child { color: var(--vscode-gitDecoration-modifiedResourceForeground); }
.renamed td:first-child { color: var(--vscode-gitDecoration-renamedResourceForeground); }
`;
