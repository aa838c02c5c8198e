/**
 * The requests beyond LSP that protocol.ts declares: the devices, and the whole report of a model, an ONNX file or a cell.
 */
import { reportToJson } from '../../features/reportJson.ts';
import type { DeviceItem, ReportAnswer, ReportParams } from '../protocol.ts';
import type { RequestContext } from './requestContext.ts';

export async function devices({ workspace }: RequestContext): Promise<readonly DeviceItem[]> {
  const ready = await workspace.analyzer();
  return ready.devices.map(({ id, name, description }) => ({ id, name, description }));
}

export async function wholeReport(
  { host, models, workspace, cells }: RequestContext,
  { uri, entryName }: ReportParams,
): Promise<ReportAnswer> {
  const file = host.pathOfUri(uri);
  const ofCell = entryName === undefined ? undefined : await cells.report(entryName, file);
  const report =
    ofCell ?? (await models.ask(uri, (analyzer) => analyzer.report(file, entryName), { patience: 'whole' }));
  if (report === undefined) return { kind: 'problem', message: `no model was found in ${file}` };
  return { kind: 'report', report: reportToJson(report, host.readText), deviceId: workspace.settings().deviceId };
}
