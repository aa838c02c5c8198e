/**
 * A report as a page: totals as tiles, a table by layer that sorts and filters. Everything from the file is escaped as
 * it is put in, and scripts run by nonce only: contents of files are untrusted.
 */
import { inHtml, joinHtml, type Html } from '../../../server/src/base/escaping/html.ts';
import { pageHtml } from './pageHtml.ts';

/** The part of the report's JSON (docs/json.md) that the page shows. */
export interface ReportPage {
  readonly entry: { readonly name: string; readonly kind: string };
  readonly inputs: readonly PortJson[];
  readonly outputs: readonly PortJson[];
  readonly assumptions: readonly { readonly message: string }[];
  readonly totals: Readonly<Record<string, Figure>>;
  readonly latency: Readonly<Record<string, LatencyJson>>;
  readonly layers: readonly LayerJson[];
  readonly problems: readonly { readonly severity: string; readonly message: string; readonly code: string }[];
  readonly coverage: { readonly share: number; readonly understoodNodes: number; readonly totalNodes: number };
}

type Figure = number | string | null;
interface PortJson {
  readonly name: string;
  readonly shape: readonly Figure[] | null;
  readonly dtype: string;
}
interface LatencyJson {
  readonly rooflineMs: number | null;
  readonly bound: string;
}
interface LayerJson {
  readonly name: string;
  readonly op: string;
  readonly inputShapes: readonly (readonly Figure[] | null)[];
  readonly outputShapes: readonly (readonly Figure[] | null)[];
  readonly paramCount: Figure;
  readonly macs: Figure;
  readonly bytesMoved: Figure;
  readonly latency: Readonly<Record<string, LatencyJson>>;
  readonly calls: number;
}

/** Rows past this are left out of the page, and said so: the command line lists them all. */
const MAX_ROWS = 5000;

export function reportHtml(report: ReportPage, deviceId: string, nonce: string): Html {
  const body = inHtml`<h1>${report.entry.name}</h1>
<p class="ports">input ${report.inputs.map(portText).join(', ')}<br>output ${report.outputs.map(portText).join(', ')}</p>
${tilesHtml(report, deviceId)}
${notesHtml(report)}
${tableHtml(report, deviceId)}`;
  return pageHtml({ title: report.entry.name, body, script: SCRIPT, nonce });
}

function tilesHtml({ totals, latency, coverage }: ReportPage, deviceId: string): Html {
  const device = latency[deviceId];
  const tiles: readonly (readonly [string, string])[] = [
    ['parameters', countText(totals['paramCount'] ?? null)],
    ['MACs', countText(totals['macs'] ?? null)],
    ['FLOPs (2 × MACs)', countText(totals['flops'] ?? null)],
    ['weights', bytesText(totals['weightBytes'] ?? null)],
    ['activations', bytesText(totals['activationBytes'] ?? null)],
    ['peak memory', bytesText(totals['peakMemoryBytes'] ?? null)],
    [`${deviceId} (roofline, lower bound)`, device === undefined ? '?' : `≥ ${latencyText(device.rooflineMs)}`],
    ['understood', `${coverage.understoodNodes} of ${coverage.totalNodes}`],
  ];
  const cells = tiles.map(([label, value]) => inHtml`<div class="tile"><b>${value}</b><span>${label}</span></div>`);
  return inHtml`<div class="tiles">${cells}</div>`;
}

function notesHtml({ assumptions, problems }: ReportPage): Html {
  const items = [
    ...assumptions.map(({ message }) => inHtml`<li class="assumed">assumed: ${message}</li>`),
    ...problems.map(
      ({ severity, message, code }) => inHtml`<li class="${severity}">${severity}: ${message} [${code}]</li>`,
    ),
  ];
  return items.length === 0 ? inHtml`` : inHtml`<ul class="notes">${items}</ul>`;
}

function tableHtml({ layers }: ReportPage, deviceId: string): Html {
  const head = ['layer', 'op', 'input', 'output', 'params', 'MACs', 'moved', deviceId, 'calls'].map(
    (name, index) => inHtml`<th data-column="${index}">${name}</th>`,
  );
  const rows = layers.slice(0, MAX_ROWS).map((layer) => rowHtml(layer, deviceId));
  const left = layers.length - rows.length;
  return inHtml`<input id="filter" type="search" placeholder="Filter layers" aria-label="Filter layers">
<table id="layers"><thead><tr>${head}</tr></thead><tbody>
${joinHtml(rows, '\n')}
</tbody></table>${left > 0 ? inHtml`<p>${left} more layers: layercost analyze lists them all.</p>` : ''}`;
}

function rowHtml(layer: LayerJson, deviceId: string): Html {
  const latencyMs = layer.latency[deviceId]?.rooflineMs ?? null;
  const cells: readonly (readonly [string, Figure])[] = [
    [layer.name, layer.name],
    [layer.op, layer.op],
    [shapesText(layer.inputShapes), null],
    [shapesText(layer.outputShapes), null],
    [countText(layer.paramCount), layer.paramCount],
    [countText(layer.macs), layer.macs],
    [bytesText(layer.bytesMoved), layer.bytesMoved],
    [latencyText(latencyMs), latencyMs],
    [String(layer.calls), layer.calls],
  ];
  const html = cells.map(([text, key], index) => {
    const attributes = index >= 4 ? inHtml` class="number"` : '';
    return inHtml`<td${attributes} data-key="${key ?? text}">${text}</td>`;
  });
  return inHtml`<tr>${html}</tr>`;
}

function portText({ name, shape, dtype }: PortJson): string {
  return `${name} ${shapeText(shape)} ${dtype}`;
}

function shapesText(shapes: readonly (readonly Figure[] | null)[]): string {
  return shapes.map(shapeText).join(', ');
}

function shapeText(shape: readonly Figure[] | null): string {
  if (shape === null) return '?';
  return shape.length === 0 ? 'scalar' : shape.map((dim) => dim ?? '?').join('×');
}

function countText(count: Figure): string {
  return typeof count === 'number' ? scaled(count, 1000, ['', 'K', 'M', 'G', 'T']) : (count ?? '?');
}

function bytesText(bytes: Figure): string {
  return typeof bytes === 'number' ? scaled(bytes, 1024, [' B', ' KiB', ' MiB', ' GiB', ' TiB']) : (bytes ?? '?');
}

function latencyText(latencyMs: number | null): string {
  if (latencyMs === null) return '?';
  if (latencyMs === 0) return '0';
  if (latencyMs >= 0.1) return `${latencyMs.toPrecision(3)} ms`;
  return latencyMs >= 0.0001 ? `${(latencyMs * 1e3).toPrecision(3)} µs` : `${(latencyMs * 1e6).toPrecision(3)} ns`;
}

function scaled(value: number, step: number, suffixes: readonly string[]): string {
  let rest = value;
  let at = 0;
  while (Math.abs(rest) >= step && at < suffixes.length - 1) {
    rest /= step;
    at++;
  }
  return (at === 0 ? String(rest) : rest.toPrecision(4)) + (suffixes[at] ?? '');
}

const SCRIPT = inHtml`
const body = document.querySelector('#layers tbody');
const rows = [...body.rows];
document.getElementById('filter').addEventListener('input', (event) => {
  const wanted = event.target.value.toLowerCase();
  for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
});
let sorted = -1, sign = 1;
for (const th of document.querySelectorAll('#layers th')) th.addEventListener('click', () => {
  const column = Number(th.dataset.column);
  sign = sorted === column ? -sign : column >= 4 ? -1 : 1;
  sorted = column;
  const key = (row) => row.cells[column].dataset.key;
  const order = column >= 4 ? (a, b) => Number(key(a)) - Number(key(b)) : (a, b) => key(a).localeCompare(key(b));
  body.append(...rows.sort((a, b) => sign * order(a, b)));
});
`;
