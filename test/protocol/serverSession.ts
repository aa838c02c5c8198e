/**
 * One language server with a folder of files, driven by the tiny client: opens documents, asks, and ends it.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { LspClient } from '../support/lspClient.ts';

export const repositoryFolder = fileURLToPath(new URL('../..', import.meta.url));

/** The two ways to start the same server. */
export const COMMANDS = {
  'dist/server.js': ['dist/server.js', '--stdio'],
  'dist/cli.js serve': ['dist/cli.js', 'serve', '--stdio'],
} as const;

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface Diagnostic {
  readonly message: string;
  readonly code: string;
  readonly range: Range;
  /** 1 is an error, 2 a warning, 3 information. */
  readonly severity: number;
  readonly relatedInformation?: readonly {
    readonly location: { readonly uri: string; readonly range: Range };
    readonly message: string;
  }[];
}

export interface PublishedDiagnostics {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly Diagnostic[];
}

export class ServerSession {
  readonly client: LspClient;
  readonly folder: string;
  private readonly versions = new Map<string, number>();

  constructor(command: readonly string[] = COMMANDS['dist/server.js']) {
    this.folder = mkdtempSync(path.join(tmpdir(), 'layercost-protocol-'));
    this.client = new LspClient(process.execPath, command, repositoryFolder);
  }

  async initialize(
    options: {
      readonly configuration?: boolean;
      readonly watchedFiles?: boolean;
      /** Of `capabilities.workspace` and `capabilities.textDocument`. */
      readonly workspace?: object;
      readonly textDocument?: object;
    } = {},
  ): Promise<unknown> {
    const result = await this.client.request('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: [{ uri: pathToFileURL(this.folder).href, name: 'models' }],
      capabilities: {
        workspace: {
          configuration: options.configuration === true,
          didChangeWatchedFiles: { dynamicRegistration: options.watchedFiles === true },
          ...options.workspace,
        },
        textDocument: options.textDocument ?? {},
      },
    });
    this.client.notify('initialized', {});
    return result;
  }

  uri(name: string): string {
    return pathToFileURL(path.join(this.folder, name)).href;
  }

  /** Puts a file on disk without opening it. */
  write(name: string, contents: string | Uint8Array): string {
    writeFileSync(path.join(this.folder, name), contents);
    return this.uri(name);
  }

  open(name: string, text: string, languageId = 'python'): string {
    const uri = this.uri(name);
    this.versions.set(uri, 1);
    this.client.notify('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
    return uri;
  }

  /** An incremental edit; returns the new version. */
  edit(uri: string, start: Position, end: Position, text: string): number {
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    this.client.notify('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range: { start, end }, text }],
    });
    return version;
  }

  async hints(uri: string): Promise<readonly string[]> {
    const hints = await this.client.request<readonly { readonly label: string; readonly position: Position }[]>(
      'textDocument/inlayHint',
      { textDocument: { uri }, range: { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } } },
    );
    return hints.map(({ label, position }) => `${position.line}: ${label}`);
  }

  async diagnostics(uri: string, version: number): Promise<readonly Diagnostic[]> {
    const { params } = await this.client.waitFor((item) => {
      if (item.method !== 'textDocument/publishDiagnostics') return false;
      const published = item.params as PublishedDiagnostics;
      return published.uri === uri && published.version === version;
    });
    return (params as PublishedDiagnostics).diagnostics;
  }

  /** The most that the server's process held at once; undefined where the system does not tell. */
  peakMemoryBytes(): number | undefined {
    const status = `/proc/${this.client.processId ?? 0}/status`;
    const peak = existsSync(status) ? /^VmHWM:\s+(\d+)/m.exec(readFileSync(status, 'utf8'))?.[1] : undefined;
    return peak === undefined ? undefined : 1024 * Number(peak);
  }

  /** Ends the server as the protocol wants it; returns its exit code. */
  async end(): Promise<number | null> {
    await this.client.request('shutdown');
    this.client.notify('exit', undefined);
    return this.client.exited;
  }

  dispose(): void {
    this.client.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A small document that wants its answers while others are abused: each check is of another text. */
export class OtherDocument {
  readonly uri: string;
  private width = 3;

  constructor(private readonly session: ServerSession) {
    this.uri = session.open('other.py', OTHER_TEXT);
  }

  /** 4·n + n parameters, 4·n MACs. */
  expected(): string {
    return `${OTHER_LINE}: ${5 * this.width} · ${4 * this.width} MACs`;
  }

  /** Edits it, and throws where its hints are not those of the edited text. */
  async check(): Promise<void> {
    const range = { line: OTHER_LINE, character: OTHER_CHARACTER };
    const { length } = String(this.width);
    this.width = (this.width % 90) + 1;
    this.session.edit(this.uri, range, { ...range, character: OTHER_CHARACTER + length }, String(this.width));
    let hints: readonly string[] = [];
    // A machine that does much else may have none yet: an editor is told to ask again.
    while (hints.length === 0) hints = await this.session.hints(this.uri);
    serverAnswers(hints, [this.expected()]);
  }
}

const OTHER_TEXT = `from torch import nn


# layercost: input=1x4
class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        return self.fc(x)
`;
const OTHER_LINE = 7;
const OTHER_CHARACTER = '        self.fc = nn.Linear(4, '.length;

/** "7: 36 · 32 MACs · ≥ 1 µs" begins with what is wanted. */
export function serverAnswers(hints: readonly string[], wanted: readonly string[]): void {
  for (const start of wanted) {
    if (!hints.some((hint) => hint.startsWith(start))) throw new Error(`expected ${start} in\n${hints.join('\n')}`);
  }
}
