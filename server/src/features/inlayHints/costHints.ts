/**
 * Cost where a layer is created: `self.conv1 = nn.Conv2d(3, 64, 7, 2, 3)` shows "9.4K · 118 MMACs · ≥ 3.1 µs".
 * An expression that made several layers (in a loop) shows their sum and how many: "×3".
 */
import { addDims, type Dim } from '../../graph/dim.ts';
import type { Report, ScopeReport } from '../../analysis/report.ts';
import { formatLatencyMs } from '../../base/format.ts';
import { countText, macsText } from '../figureText.ts';
import { scopesByCreation } from '../entryReport.ts';
import type { CostThresholds, InlayHint } from './inlayHint.ts';

export function costHints(
  reports: readonly Report[],
  file: string,
  deviceId: string,
  thresholds: CostThresholds,
): readonly InlayHint[] {
  return [...scopesByCreation(reports, file).values()].flatMap(({ range, items, report }) => {
    const scopes = outermost(items);
    const text = costText(report, scopes, deviceId, thresholds);
    return text === undefined ? [] : [{ offset: range.end, kind: 'cost' as const, text, range }];
  });
}

function costText(
  report: Report,
  scopes: readonly ScopeReport[],
  deviceId: string,
  thresholds: CostThresholds,
): string | undefined {
  const sum = (figure: (scope: ScopeReport) => Dim): Dim =>
    scopes.map(figure).reduce((total, value) => addDims(total, value), 0);
  const params = sum((scope) => scope.paramCount);
  const macs = sum((scope) => scope.work.macs);
  if (isBelow(params, thresholds.minParamCount) && isBelow(macs, thresholds.minMacs)) return undefined;
  const latencies = scopes.map((scope) => scope.latency.find((item) => item.deviceId === deviceId)?.rooflineMs);
  const latencyMs = latencies.reduce<number | undefined>(
    (total, value) => (total === undefined || value === undefined ? undefined : total + value),
    0,
  );
  const isCalled = scopes.some((scope) => runs(report, scope));
  return [
    ...(params === 0 ? [] : [countText(params)]),
    ...(macs === 0 ? [] : [macsText(macs)]),
    ...(isCalled && latencyMs !== undefined && latencyMs > 0 ? [`≥ ${formatLatencyMs(latencyMs)}`] : []),
    ...(isCalled ? [] : ['never called']),
    ...(scopes.length > 1 ? [`×${scopes.length}`] : []),
  ].join(' · ');
}

/** A list of layers is never called itself: its layers are. */
function runs(report: Report, { path, callCount }: ScopeReport): boolean {
  const inside = path === '' ? '' : `${path}.`;
  return callCount > 0 || report.scopes.some((scope) => scope.callCount > 0 && scope.path.startsWith(inside));
}

/** Layers made by one expression may nest (a module that returns its own child): the outer one counts both. */
function outermost(scopes: readonly ScopeReport[]): readonly ScopeReport[] {
  const paths = new Set(scopes.map((scope) => scope.path));
  return scopes.filter((scope) => scope.path === '' || !hasAncestorIn(scope.path, paths));
}

function hasAncestorIn(path: string, paths: ReadonlySet<string>): boolean {
  if (paths.has('')) return true;
  for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1)) {
    if (paths.has(path.slice(0, end))) return true;
  }
  return false;
}

function isBelow(figure: Dim, least: number): boolean {
  return typeof figure === 'number' && figure < least;
}
