/**
 * The extension as VS Code's API sees it: run() passes or throws. Runs inside of an extension host, in code-server
 * (npm run test:editor) and in a desktop VS Code (npm run test:desktop), on copies of examples/ and fixtures/.
 */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

const WAIT_LIMIT_MS = 20_000;

const tests: Readonly<Record<string, () => Promise<void>>> = {
  'the extension is installed and becomes active for Python': async () => {
    await openText('small_cnn.py');
    const extension = vscode.extensions.getExtension('layercost.layercost');
    assert.ok(extension, 'layercost.layercost is installed');
    await eventually(
      () => Promise.resolve(extension.isActive),
      (isActive) => isActive,
    );
  },

  'its commands are there': async () => {
    const commands = await vscode.commands.getCommands(true);
    for (const name of ['selectDevice', 'showReport', 'restartServer', 'showOutput']) {
      assert.ok(commands.includes(`layercost.${name}`), name);
    }
  },

  'inlay hints tell cost and shape': async () => {
    const document = await openText('small_cnn.py');
    const labels = await eventually(
      () => inlayLabels(document),
      (found) => found.some((label) => label === '1×10'),
    );
    assert.ok(
      labels.some((label) => label.startsWith('928 · 884.7 KMACs')),
      labels.join('\n'),
    );
  },

  'cells in JSON are hinted at; JSON without a cell has nothing until one is typed': async () => {
    const document = await openText('cells.json');
    await eventually(
      () => inlayLabels(document),
      (found) => found.some((label) => label.startsWith('802.4K · 114 MMACs')),
    );
    await vscode.workspace.fs.writeFile(modelUri('plain.json'), new TextEncoder().encode('{ "a": 1 }'));
    const plain = await openText('plain.json');
    assert.deepEqual(await inlayLabels(plain), []);
    const edit = new vscode.WorkspaceEdit();
    const [cell] = /"\|[^"]+"/.exec(document.getText()) ?? [''];
    edit.replace(plain.uri, new vscode.Range(plain.positionAt(7), plain.positionAt(8)), cell);
    await vscode.workspace.applyEdit(edit);
    await eventually(
      () => inlayLabels(plain),
      (found) => found.some((label) => label.startsWith('802.4K · 114 MMACs')),
    );
  },

  'a code lens tells the totals': async () => {
    const document = await openText('small_cnn.py');
    const titles = await eventually(
      async () => {
        const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
          'vscode.executeCodeLensProvider',
          document.uri,
          10,
        );
        return lenses.flatMap(({ command }) => command?.title ?? []);
      },
      (found) => found.length > 0,
    );
    assert.match(titles.join('\n'), /141K params · 29\.2 MMACs/);
  },

  'a hover has the table of a layer': async () => {
    const document = await openText('small_cnn.py');
    const offset = document.getText().indexOf('nn.Linear(4');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      document.positionAt(offset + 4),
    );
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
      .join('\n');
    assert.match(text, /shape out \| 1×10/);
  },

  'a shape error is a diagnostic with both shapes, and goes when it is mended': async () => {
    const document = await openText('shape_error.py');
    const found = await eventually(
      () => Promise.resolve(ourDiagnostics(document.uri)),
      (diagnostics) => diagnostics.length > 0,
    );
    assert.match(found.map(({ message }) => message).join('\n'), /1x1024.*784|784.*1x1024/);
    const edit = new vscode.WorkspaceEdit();
    const start = document.getText().indexOf('7 * 7');
    edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(start + 5)), '8 * 8');
    await vscode.workspace.applyEdit(edit);
    await eventually(
      () => Promise.resolve(ourDiagnostics(document.uri)),
      (diagnostics) => diagnostics.length === 0,
    );
  },

  'an .onnx file opens in the custom editor': async () => {
    await vscode.commands.executeCommand('vscode.open', modelUri('tiny_cnn.onnx'));
    await eventually(
      () => Promise.resolve(vscode.window.tabGroups.activeTabGroup.activeTab?.input),
      (input) => input instanceof vscode.TabInputCustom && input.viewType === 'layercost.onnx',
    );
  },

  'settings switch kinds of hints off': async () => {
    const document = await openText('small_cnn.py');
    const configuration = vscode.workspace.getConfiguration('layercost');
    await configuration.update('hints.cost.enable', false, vscode.ConfigurationTarget.Workspace);
    await eventually(
      () => inlayLabels(document),
      (labels) => labels.includes('1×10') && labels.every((label) => !label.includes('MACs')),
    );
    await configuration.update('hints.cost.enable', undefined, vscode.ConfigurationTarget.Workspace);
  },
};

/** What the editor calls: runs all tests and throws where one failed. */
export async function run(): Promise<void> {
  const failures: string[] = [];
  for (const [name, test] of Object.entries(tests)) {
    try {
      await test();
      console.log(`layercost: ok      ${name}`);
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      console.log(`layercost: FAILED  ${failures.at(-1) ?? name}`);
    }
  }
  if (failures.length > 0) throw new Error(failures.join('\n'));
}

function modelUri(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
}

async function openText(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(modelUri(name));
  await vscode.window.showTextDocument(document);
  return document;
}

async function inlayLabels(document: vscode.TextDocument): Promise<readonly string[]> {
  const whole = new vscode.Range(new vscode.Position(0, 0), document.lineAt(document.lineCount - 1).range.end);
  const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    'vscode.executeInlayHintProvider',
    document.uri,
    whole,
  );
  return hints.map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')));
}

function ourDiagnostics(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'layercost');
}

/** Asks again and again until the answer is accepted. */
async function eventually<T>(ask: () => Promise<T>, accept: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + WAIT_LIMIT_MS;
  let answer = await ask();
  while (!accept(answer)) {
    if (Date.now() > end) throw new Error(`in vain: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    answer = await ask();
  }
  return answer;
}
