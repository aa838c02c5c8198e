/**
 * What changed in a model since another version, as a page: figures before and after, then a row for each layer that was
 * added, removed, changed or renamed; a field filters the rows.
 */
import type { ChangesPage } from '../../../server/src/lsp/protocol.ts';
import { inHtml, joinHtml, type Html } from '../../../server/src/base/escaping/html.ts';
import { pageHtml } from './pageHtml.ts';

/** Rows past this are left out of the page, and said so: the command line lists them all. */
const MAX_ROWS = 5000;

export function changesHtml(page: ChangesPage, nonce: string): Html {
  const { name, base, commitId, counts, notes } = page;
  const items = notes.map((note) => inHtml`<li>${note}</li>`);
  const body = inHtml`<h1>${name}</h1>
<p class="ports">since ${base} (${commitId.slice(0, 10)})${counts === '' ? '' : `: layers ${counts}`}</p>
${items.length === 0 ? '' : inHtml`<ul class="notes">${items}</ul>`}
${figuresHtml(page)}
${layersHtml(page)}`;
  return pageHtml({ title: `${name} since ${base}`, body, script: SCRIPT, nonce });
}

function figuresHtml({ base, figures }: ChangesPage): Html {
  const rows = figures.map(({ label, before, after, delta, share }) => {
    const change = delta === '' ? '' : `${delta}${share === '' ? '' : ` (${share})`}`;
    const cells = [before, after, change].map((text) => inHtml`<td class="number">${text}</td>`);
    return inHtml`<tr class="${delta === '' ? 'same' : 'other'}"><td>${label}</td>${cells}</tr>`;
  });
  const head = ['', base, 'now', 'change'].map((text) => inHtml`<th>${text}</th>`);
  return inHtml`<table id="figures"><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`;
}

const SIGN_NAMES = { '+': 'added', '-': 'removed', '~': 'changed', '>': 'renamed' } as const;

function layersHtml({ layers }: ChangesPage): Html {
  if (layers.length === 0) return inHtml``;
  const rows = layers.slice(0, MAX_ROWS).map(({ sign, name, op, detail, place }) => {
    const cells = [name, op, detail, place].map((text) => inHtml`<td>${text}</td>`);
    const kind = SIGN_NAMES[sign];
    return inHtml`<tr class="${kind}"><td title="${kind}">${sign}</td>${cells}</tr>`;
  });
  const left = layers.length - rows.length;
  return inHtml`<input id="filter" type="search" placeholder="Filter layers" aria-label="Filter layers">
<table id="changes"><thead><tr><th></th><th>layer</th><th>op</th><th>what</th><th>place</th></tr></thead><tbody>
${joinHtml(rows, '\n')}
</tbody></table>${left > 0 ? inHtml`<p>${left} more layers: layercost diff lists them all.</p>` : ''}`;
}

const SCRIPT = inHtml`
const filter = document.getElementById('filter');
const rows = [...document.querySelectorAll('#changes tbody tr')];
filter?.addEventListener('input', () => {
  const wanted = filter.value.toLowerCase();
  for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
});
`;
