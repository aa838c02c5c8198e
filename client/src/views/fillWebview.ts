/**
 * Fills a webview with a page that the server answers with; what goes wrong is said in the page.
 */
import { randomBytes } from 'node:crypto';
import type * as vscode from 'vscode';
import type { Html } from '../../../server/src/base/escaping/html.ts';
import { messageHtml } from './pageHtml.ts';

export interface PageRequest {
  /** Shown until the page is there: "Reading the model". */
  readonly waiting: string;
  /** What could not be done where it fails: "read this model". */
  readonly what: string;
  /** The page; its scripts and styles carry the nonce. */
  readonly ask: (nonce: string) => Promise<Html>;
}

export async function fillWebview(webview: vscode.Webview, { waiting, what, ask }: PageRequest): Promise<void> {
  webview.html = messageHtml(`${waiting} …`).text;
  try {
    webview.html = (await ask(randomBytes(16).toString('hex'))).text;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    webview.html = messageHtml(`Layer Cost could not ${what}: ${reason}`).text;
  }
}
