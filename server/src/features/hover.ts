/**
 * The hover of a layer, an expression or a model: a table of shapes, parameters, MACs, memory and latency, the share
 * of the model, what bounds it, how often it runs, and which assumptions stand behind it. Markdown text.
 */
import { inMarkdown, joinMarkdown, messageMarkdown, type Markdown } from '../base/escaping/markdown.ts';
import type { TextRange } from '../base/text.ts';
import type { CallSite, Figure, Report, RooflineLatency, ScopeReport } from '../analysis/report.ts';
import { addDims } from '../graph/dim.ts';
import { givenText } from './givenText.ts';
import { bytesText, countText, latencyText, macsText, reasonText, shapeText, typeText } from './figureText.ts';
import { callSitesByRange, scopesByCreation, type EntryReport } from './entryReport.ts';

export interface Hover {
  readonly range: TextRange;
  readonly markdown: Markdown;
}

/** The hover of the innermost expression at an offset that we know something of. */
export function hoverAt(
  entries: readonly EntryReport[],
  file: string,
  offset: number,
  deviceId: string,
): Hover | undefined {
  const reports = entries.flatMap(({ report }) => report ?? []);
  const candidates: Hover[] = [];
  for (const { entry, report } of entries) {
    if (report === undefined || entry.range?.file !== file || !contains(entry.range, offset)) continue;
    candidates.push({ range: entry.range, markdown: modelMarkdown(report, deviceId) });
  }
  for (const { range, items, report } of scopesByCreation(reports, file).values()) {
    if (contains(range, offset)) candidates.push({ range, markdown: scopesMarkdown(report, items, deviceId) });
  }
  for (const { range, items, report } of callSitesByRange(reports, file).values()) {
    if (contains(range, offset)) candidates.push({ range, markdown: callMarkdown(report, items, deviceId) });
  }
  return candidates.sort((a, b) => a.range.end - a.range.start - (b.range.end - b.range.start))[0];
}

/** The breakdown of a whole model. */
export function modelMarkdown(report: Report, deviceId: string): Markdown {
  const root = report.scopes.find((scope) => scope.path === '');
  const { totals } = report;
  const rows: Row[] = [
    ['input', report.inputs.map(({ name, type }) => `${name} ${typeText(type)}`).join(', ')],
    ['output', report.outputs.map(({ type }) => typeText(type)).join(', ')],
    ['parameters', countAndExact(totals.paramCount)],
    ['buffers', countAndExact(totals.bufferCount)],
    ['MACs', `${macsText(totals.macs)} (FLOPs = 2 × MACs)`],
    ['weights', bytesText(totals.weightBytes)],
    ['activations', bytesText(totals.activationBytes)],
    ['peak memory', bytesText(totals.peakMemoryBytes)],
    ['memory moved', bytesText(totals.bytesMoved)],
    ...report.latency
      .filter((latency) => latency.deviceId === deviceId)
      .map((latency): Row => [deviceId, `${latencyText(latency)} (roofline, a lower bound)`]),
    ...coverageRows(report),
  ];
  const children = root === undefined ? NOTHING : childrenMarkdown(report, root);
  const others = otherDevicesMarkdown(report.latency, deviceId);
  return joined(inMarkdown`### ${report.entry.name}`, table(rows), children, assumptionsMarkdown(report), others);
}

function scopesMarkdown(report: Report, scopes: readonly ScopeReport[], deviceId: string): Markdown {
  const [first] = scopes;
  if (first === undefined) return NOTHING;
  const title =
    scopes.length === 1
      ? inMarkdown`### ${first.path === '' ? report.entry.name : first.path} · ${first.typeName}`
      : inMarkdown`### ${first.typeName} ×${scopes.length} (${first.path} …)`;
  const macs = total(scopes, (scope) => scope.work.macs);
  const moved = total(scopes, (scope) => addDims(scope.work.bytesRead, scope.work.bytesWritten));
  const params = total(scopes, (scope) => scope.paramCount);
  const rows: Row[] = [
    ['shape in', distinct(scopes.map((scope) => scope.inputShapes.map((shape) => shapeText(shape)).join(', ')))],
    ['shape out', distinct(scopes.map((scope) => scope.outputShapes.map((shape) => shapeText(shape)).join(', ')))],
    ['parameters', `${countAndExact(params)}${shareText(params, report.totals.paramCount)}`],
    ['MACs', `${macsText(macs)}${shareText(macs, report.totals.macs)}`],
    ['memory moved', `${bytesText(moved)}${shareText(moved, report.totals.bytesMoved)}`],
    ...latencyRows(report, scopes, deviceId),
    ['runs', runsText(report, scopes)],
    ...reasonRows([macs, moved, params]),
  ];
  const children = scopes.length === 1 && !first.isLeaf ? childrenMarkdown(report, first) : NOTHING;
  const others = otherDevicesMarkdown(summedLatencies(report, scopes), deviceId);
  return joined(title, table(rows), children, assumptionsMarkdown(report), others);
}

function callMarkdown(report: Report, sites: readonly CallSite[], deviceId: string): Markdown {
  const results = sites.flatMap((site) => site.results);
  const called = new Set(sites.flatMap((site) => site.scopes));
  const scopes = report.scopes.filter((scope) => called.has(scope.path));
  if (scopes.length > 0) return scopesMarkdown(report, scopes, deviceId);
  const rows: Row[] = [
    ['shape out', distinct(results.map((types) => types.map(typeText).join(', ')))],
    [
      'dtype',
      distinct(
        results.map((types) => types.map((type) => (type.kind === 'tensor' ? type.dtype : type.kind)).join(', ')),
      ),
    ],
    ['runs', `${results.length} × a pass`],
  ];
  return joined(table(rows), assumptionsMarkdown(report));
}

/** A list of layers is never called itself: nothing is said where only what is inside runs. */
function runsText(report: Report, scopes: readonly ScopeReport[]): string {
  const calls = scopes.reduce((sum, scope) => sum + scope.callCount, 0);
  if (calls > 0) return `${calls} × a pass`;
  const runsInside = report.scopes.some(
    (scope) => scope.callCount > 0 && scopes.some(({ path }) => scope.path.startsWith(`${path}.`)),
  );
  return runsInside ? '' : 'never called';
}

/** The chosen device's latency, its share of the model, and what bounds it. */
function latencyRows(report: Report, scopes: readonly ScopeReport[], deviceId: string): readonly Row[] {
  const wholeMs = report.latency.find((item) => item.deviceId === deviceId)?.rooflineMs;
  const parts = scopes.flatMap((scope) => scope.latency.filter((item) => item.deviceId === deviceId));
  const bounds = distinct(parts.filter(({ bound }) => bound !== 'none').map(({ bound }) => `${bound}-bound`));
  return summedLatencies(report, scopes)
    .filter((latency) => latency.deviceId === deviceId)
    .map((latency): Row => {
      const { rooflineMs } = latency;
      const share = wholeMs === undefined || rooflineMs === undefined ? '' : shareText(rooflineMs, wholeMs);
      return [deviceId, `${latencyText(latency)}${share}${bounds === '' ? '' : `, ${bounds}`}`];
    });
}

/** One latency a device, over all scopes; unknown where one of them is. */
function summedLatencies(report: Report, scopes: readonly ScopeReport[]): readonly RooflineLatency[] {
  return report.latency.map(({ deviceId }) => {
    const parts = scopes.flatMap((scope) => scope.latency.filter((item) => item.deviceId === deviceId));
    const known = parts.flatMap((part) => part.rooflineMs ?? []);
    const rooflineMs = known.length < parts.length ? undefined : known.reduce((sum, value) => sum + value, 0);
    return { deviceId, rooflineMs, bound: 'none' };
  });
}

/** The other devices in one line, so that the table stays short. */
function otherDevicesMarkdown(latencies: readonly RooflineLatency[], deviceId: string): Markdown {
  const texts = latencies
    .filter((latency) => latency.deviceId !== deviceId)
    .map((latency) => `${latency.deviceId} ${latencyText(latency)}`);
  return texts.length === 0 ? NOTHING : inMarkdown`_Elsewhere:_ ${texts.join(' · ')}`;
}

const MAX_CHILDREN = 5;

/** The children that take most MACs, then most parameters. */
function childrenMarkdown(report: Report, parent: ScopeReport): Markdown {
  const children = report.scopes
    .filter((scope) => scope.parent === parent.path)
    .sort((a, b) => numeric(b.work.macs) - numeric(a.work.macs) || numeric(b.paramCount) - numeric(a.paramCount));
  if (children.length === 0) return NOTHING;
  const rows = children
    .slice(0, MAX_CHILDREN)
    .map(
      (child) =>
        inMarkdown`| ${child.path} | ${child.typeName} | ${countText(child.paramCount)} | ${macsText(child.work.macs)}${shareText(child.work.macs, report.totals.macs)} |`,
    );
  const rest = children.length > MAX_CHILDREN ? inMarkdown`\n\n… and ${children.length - MAX_CHILDREN} more` : NOTHING;
  const head = inMarkdown`**Costliest inside**\n\n| layer | type | params | MACs |\n|---|---|--:|--:|\n`;
  return inMarkdown`${head}${joinMarkdown(rows, '\n')}${rest}`;
}

type Row = readonly [string, string];

const NOTHING = inMarkdown``;

function table(rows: readonly Row[]): Markdown {
  const body = rows
    .filter(([, value]) => value !== '')
    .map(([name, value]) => inMarkdown`| ${name} | ${messageMarkdown(value)} |`);
  return inMarkdown`| | |\n|---|---|\n${joinMarkdown(body, '\n')}`;
}

/** What the configuration gave, and what was assumed. */
function assumptionsMarkdown(report: Report): Markdown {
  const given = givenText(report.entry);
  const messages = [...new Set(report.assumptions.map(({ message }) => message))];
  return joined(
    given === undefined ? NOTHING : inMarkdown`_Given:_ ${messageMarkdown(given)}`,
    messages.length === 0
      ? NOTHING
      : inMarkdown`_Assumed:_ ${joinMarkdown(messages.slice(0, 4).map(messageMarkdown), '; ')}`,
  );
}

function coverageRows({ coverage }: Report): readonly Row[] {
  if (coverage.share === 1) return [];
  const names = coverage.unknown.map(({ name, reason }) => `${name} (${reason})`).slice(0, 3);
  return [['understood', `${coverage.understoodNodes} of ${coverage.totalNodes} operations; not: ${names.join(', ')}`]];
}

function reasonRows(figures: readonly Figure[]): readonly Row[] {
  const reason = reasonText(figures);
  return reason === undefined ? [] : [['?', reason]];
}

function countAndExact(count: Figure): string {
  return typeof count === 'number' && count >= 1000
    ? `${countText(count)} (${count.toLocaleString('en-US')})`
    : countText(count);
}

/** " (12 % of the model)" where both are known. */
function shareText(part: Figure, whole: Figure): string {
  if (typeof part !== 'number' || typeof whole !== 'number' || whole === 0 || part === 0) return '';
  const percent = (100 * part) / whole;
  return ` (${percent < 0.1 ? '< 0.1' : percent.toFixed(percent < 10 ? 1 : 0)} % of the model)`;
}

function total(scopes: readonly ScopeReport[], figure: (scope: ScopeReport) => Figure): Figure {
  return scopes.map(figure).reduce((sum, value) => addDims(sum, value), 0);
}

function distinct(texts: readonly string[]): string {
  const unique = [...new Set(texts)].filter((text) => text !== '');
  return unique.length <= 3 ? unique.join(' / ') : `${unique[0] ?? ''} … ${unique.at(-1) ?? ''}`;
}

function numeric(figure: Figure): number {
  return typeof figure === 'number' ? figure : Infinity;
}

function contains(range: TextRange, offset: number): boolean {
  return range.start <= offset && offset <= range.end;
}

function joined(...parts: readonly Markdown[]): Markdown {
  return joinMarkdown(
    parts.filter(({ text }) => text !== ''),
    '\n\n',
  );
}
