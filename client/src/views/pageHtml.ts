/**
 * What all pages of ours have: the frame with its policy, one style, escaping. Scripts and styles run by nonce only, and
 * everything from files is escaped: their contents are untrusted.
 */

export interface Page {
  readonly title: string;
  /** HTML, escaped where it is from a file. */
  readonly body: string;
  readonly script: string;
  readonly nonce: string;
}

export function pageHtml({ title, body, script, nonce }: Page): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<title>${escapeHtml(title)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
${body}
<script nonce="${nonce}">${script}</script>
</body>
</html>`;
}

/** A page that only says what went wrong. */
export function messageHtml(message: string): string {
  return `<!DOCTYPE html><html lang="en"><body><p>${escapeHtml(message)}</p></body></html>`;
}

export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? char);
}

const STYLE = `
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
