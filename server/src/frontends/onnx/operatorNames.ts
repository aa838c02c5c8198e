/**
 * Names of operators, functions and nodes, as keys and as text: "conv1" (Conv), com.microsoft.Attention.
 */
import type { OnnxNode } from './onnxModel.ts';

export function functionKey(domain: string, name: string, overload: string): string {
  return [standardDomain(domain), name, overload].join('\u0000');
}

/** The default domain has two names. */
export function standardDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

/** "Conv", "com.microsoft.Attention" */
export function operatorName({ domain, opType }: OnnxNode): string {
  return standardDomain(domain) === '' ? opType : `${domain}.${opType}`;
}

/** Node "conv1" (Conv), or Conv at byte 120 where it has no name. */
export function nodeText(node: OnnxNode): string {
  const operator = shortened(operatorName(node));
  return node.name === '' ? `${operator} at byte ${node.byteOffset}` : `"${shortened(node.name)}" (${operator})`;
}

/** Names of a file may be a megabyte long. */
export function shortened(text: string, most = 256): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
