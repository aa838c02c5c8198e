/**
 * What `layercost analyze` is given: "net.py", "net.py:Net", "torchvision.models:resnet50", "model.onnx".
 */
export type Target =
  | { readonly kind: 'python'; readonly file: string; readonly name: string | undefined }
  | { readonly kind: 'module'; readonly module: string; readonly name: string }
  | { readonly kind: 'onnx'; readonly file: string };

/** Undefined where the text is none of these. */
export function parseTarget(text: string): Target | undefined {
  if (/\.onnx$/i.test(text)) return { kind: 'onnx', file: text };
  const file = /^(.+\.pyi?)(?::([A-Za-z_][\w.]*))?$/i.exec(text);
  if (file?.[1] !== undefined) return { kind: 'python', file: file[1], name: file[2] };
  const module = /^([A-Za-z_][\w.]*):([A-Za-z_][\w.]*)$/.exec(text);
  if (module?.[1] === undefined || module[2] === undefined) return undefined;
  return { kind: 'module', module: module[1], name: module[2] };
}
