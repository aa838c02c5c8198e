/**
 * Requests beyond LSP that any client may send: the devices, the whole report of a model or an ONNX file, and what
 * changed in a model since the base that settings name.
 * Documented in docs/editors.md.
 */
import type { ChangesPage } from '../features/changesPage.ts';

export type { ChangesPage };

export const DEVICES_REQUEST = 'layercost/devices';
export const REPORT_REQUEST = 'layercost/report';
export const CHANGES_REQUEST = 'layercost/changes';

export interface DeviceItem {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

export interface ReportParams {
  readonly uri: string;
  /** Name of the model in a Python file; the first one where it is left out. */
  readonly entryName?: string;
}

/** `report` is the JSON of `layercost analyze --format json`; see docs/json.md. */
export type ReportAnswer =
  | { readonly kind: 'report'; readonly report: unknown; readonly deviceId: string }
  | { readonly kind: 'problem'; readonly message: string };

export interface ChangesParams {
  readonly uri: string;
  readonly entryName: string;
}

/** `changes` is what a page shows, as texts (features/changesPage.ts). */
export type ChangesAnswer =
  { readonly kind: 'changes'; readonly page: ChangesPage } | { readonly kind: 'problem'; readonly message: string };
