/**
 * Asks the server for a report and fills a webview with it; what goes wrong is said in the page.
 */
import { randomBytes } from 'node:crypto';
import type * as vscode from 'vscode';
import { REPORT_REQUEST, type ReportAnswer, type ReportParams } from '../../../server/src/lsp/protocol.ts';
import type { Requests } from '../requests.ts';
import { messageHtml } from './pageHtml.ts';
import { reportHtml, type ReportPage } from './reportHtml.ts';

export async function showReport(webview: vscode.Webview, requests: Requests, params: ReportParams): Promise<void> {
  webview.html = messageHtml('Reading the model …');
  try {
    const answer = await requests.send<ReportAnswer>(REPORT_REQUEST, params);
    webview.html =
      answer.kind === 'problem'
        ? messageHtml(answer.message)
        : // The server prints the format that docs/json.md documents.
          reportHtml(answer.report as ReportPage, answer.deviceId, randomBytes(16).toString('hex'));
  } catch (error) {
    webview.html = messageHtml(
      `Layer Cost could not read this model: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
