/**
 * The target device: shown in the status bar while a model file is open, chosen from a list.
 */
import * as vscode from 'vscode';
import { labelText } from '../../../server/src/base/escaping/labelText.ts';
import { DEVICES_REQUEST, type DeviceItem } from '../../../server/src/lsp/protocol.ts';
import type { Requests } from '../requests.ts';

export function registerSelectDevice(requests: Requests): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('layercost.device', vscode.StatusBarAlignment.Right, 100);
  item.name = 'Layer Cost: target device';
  item.command = 'layercost.selectDevice';
  const refresh = (): void => {
    // A workspace's settings may hold anything.
    item.text = `$(dashboard) ${labelText(currentDevice())}`;
    item.tooltip = 'Layer Cost: the device that latencies are for. Click to choose another.';
    if (isModelFile(vscode.window.activeTextEditor?.document)) item.show();
    else item.hide();
  };
  refresh();
  return vscode.Disposable.from(
    item,
    vscode.window.onDidChangeActiveTextEditor(refresh),
    vscode.workspace.onDidChangeConfiguration(refresh),
    vscode.commands.registerCommand('layercost.selectDevice', () => selectDevice(requests)),
  );
}

async function selectDevice(requests: Requests): Promise<void> {
  const devices = await requests.send<readonly DeviceItem[]>(DEVICES_REQUEST);
  const current = currentDevice();
  const picked = await vscode.window.showQuickPick(
    devices.map(({ id, name, description }) => ({
      label: id,
      description: id === current ? `${name} (current)` : name,
      detail: description,
    })),
    { placeHolder: 'Latencies are for which device?', matchOnDescription: true, matchOnDetail: true },
  );
  if (picked === undefined) return;
  const target =
    vscode.workspace.workspaceFolders === undefined
      ? vscode.ConfigurationTarget.Global
      : vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration('layercost').update('device', picked.label, target);
}

function currentDevice(): string {
  return vscode.workspace.getConfiguration('layercost').get('device', 'rtx-4090');
}

function isModelFile(document: vscode.TextDocument | undefined): boolean {
  return document?.languageId === 'python';
}
