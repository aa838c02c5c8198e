/**
 * Sums of work: what a row, a module or a whole graph does is what its nodes do together.
 */
import { addToTotal, type Dim } from './dim.ts';
import type { NodeWork } from './modelGraph.ts';

export const NO_WORK: NodeWork = { macs: 0, elementwiseOps: 0, bytesRead: 0, bytesWritten: 0 };

export function sumWork(parts: readonly NodeWork[]): NodeWork {
  if (parts.length === 1 && parts[0] !== undefined) return parts[0];
  let macs: Dim = 0;
  let elementwiseOps: Dim = 0;
  let bytesRead: Dim = 0;
  let bytesWritten: Dim = 0;
  for (const part of parts) {
    macs = addToTotal(macs, part.macs);
    elementwiseOps = addToTotal(elementwiseOps, part.elementwiseOps);
    bytesRead = addToTotal(bytesRead, part.bytesRead);
    bytesWritten = addToTotal(bytesWritten, part.bytesWritten);
  }
  return { macs, elementwiseOps, bytesRead, bytesWritten };
}
