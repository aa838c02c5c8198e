/**
 * What changed in a model since another version, as a page: figures before and after, then a row for each layer that was
 * added, removed, changed or renamed; a field filters the rows.
 */
import type { ChangesPage } from '../../../server/src/lsp/protocol.ts';
import { escapeHtml, pageHtml } from './pageHtml.ts';

/** Rows past this are left out of the page, and said so: the command line lists them all. */
const MAX_ROWS = 5000;

export function changesHtml(page: ChangesPage, nonce: string): string {
  const { name, base, commitId, counts, notes } = page;
  const items = notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('');
  const body = `<h1>${escapeHtml(name)}</h1>
<p class="ports">since ${escapeHtml(base)} (${escapeHtml(commitId.slice(0, 10))})${counts === '' ? '' : `: layers ${escapeHtml(counts)}`}</p>
${items === '' ? '' : `<ul class="notes">${items}</ul>`}
${figuresHtml(page)}
${layersHtml(page)}`;
  return pageHtml({ title: `${name} since ${base}`, body, script: SCRIPT, nonce });
}

function figuresHtml({ base, figures }: ChangesPage): string {
  const rows = figures.map(({ label, before, after, delta, share }) => {
    const change = delta === '' ? '' : `${delta}${share === '' ? '' : ` (${share})`}`;
    const cells = [before, after, change].map((text) => `<td class="number">${escapeHtml(text)}</td>`).join('');
    return `<tr class="${delta === '' ? 'same' : 'other'}"><td>${escapeHtml(label)}</td>${cells}</tr>`;
  });
  const head = ['', base, 'now', 'change'].map((text) => `<th>${escapeHtml(text)}</th>`).join('');
  return `<table id="figures"><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

const SIGN_NAMES = { '+': 'added', '-': 'removed', '~': 'changed', '>': 'renamed' } as const;

function layersHtml({ layers }: ChangesPage): string {
  if (layers.length === 0) return '';
  const rows = layers.slice(0, MAX_ROWS).map(({ sign, name, op, detail, place }) => {
    const cells = [name, op, detail, place].map((text) => `<td>${escapeHtml(text)}</td>`).join('');
    const kind = SIGN_NAMES[sign];
    return `<tr class="${kind}"><td title="${kind}">${escapeHtml(sign)}</td>${cells}</tr>`;
  });
  const left = layers.length - rows.length;
  return `<input id="filter" type="search" placeholder="Filter layers" aria-label="Filter layers">
<table id="changes"><thead><tr><th></th><th>layer</th><th>op</th><th>what</th><th>place</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>${left > 0 ? `<p>${left} more layers: layercost diff lists them all.</p>` : ''}`;
}

const SCRIPT = `
const filter = document.getElementById('filter');
const rows = [...document.querySelectorAll('#changes tbody tr')];
filter?.addEventListener('input', () => {
  const wanted = filter.value.toLowerCase();
  for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
});
`;
