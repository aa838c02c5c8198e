/**
 * Asks the server for a report and fills a webview with it.
 */
import type * as vscode from 'vscode';
import { REPORT_REQUEST, type ReportAnswer, type ReportParams } from '../../../server/src/lsp/protocol.ts';
import type { Requests } from '../requests.ts';
import { fillWebview } from './fillWebview.ts';
import { messageHtml } from './pageHtml.ts';
import { reportHtml, type ReportPage } from './reportHtml.ts';

export function showReport(webview: vscode.Webview, requests: Requests, params: ReportParams): Promise<void> {
  return fillWebview(webview, {
    waiting: 'Reading the model',
    what: 'read this model',
    async ask(nonce) {
      const answer = await requests.send<ReportAnswer>(REPORT_REQUEST, params);
      if (answer.kind === 'problem') return messageHtml(answer.message);
      // The server prints the format that docs/json.md documents.
      return reportHtml(answer.report as ReportPage, answer.deviceId, nonce);
    },
  });
}
