/**
 * Requests beyond LSP that any client may send: the devices, and the whole report of a model or an ONNX file.
 * Documented in docs/editors.md.
 */
export const DEVICES_REQUEST = 'layercost/devices';
export const REPORT_REQUEST = 'layercost/report';

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
