/**
 * Fills a webview with a page that the server answers with; what goes wrong is said in the page.
 */
import { randomBytes } from 'node:crypto';
import type * as vscode from 'vscode';
import { messageHtml } from './pageHtml.ts';

export interface PageRequest {
  /** Shown until the page is there: "Reading the model". */
  readonly waiting: string;
  /** What could not be done where it fails: "read this model". */
  readonly what: string;
  /** The page's HTML; its scripts and styles carry the nonce. */
  readonly ask: (nonce: string) => Promise<string>;
}

export async function fillWebview(webview: vscode.Webview, { waiting, what, ask }: PageRequest): Promise<void> {
  webview.html = messageHtml(`${waiting} …`);
  try {
    webview.html = await ask(randomBytes(16).toString('hex'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    webview.html = messageHtml(`Layer Cost could not ${what}: ${reason}`);
  }
}
