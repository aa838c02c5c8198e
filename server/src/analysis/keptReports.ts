/**
 * The reports that are kept for the present texts: the oldest goes where together they hold too much.
 * A report of 1,000 layers in a row holds some 7,000 parts: nodes, values, weights and scopes.
 */
import type { Report } from './report.ts';

/** Parts of all kept reports together, some 600 bytes each. */
export const MAX_PARTS = 400_000;

export class KeptReports {
  readonly #reports = new Map<string, Report>();
  #parts = 0;

  constructor(readonly maxParts = MAX_PARTS) {}

  get(key: string): Report | undefined {
    return this.#reports.get(key);
  }

  set(key: string, report: Report): void {
    this.#reports.set(key, report);
    this.#parts += partsOf(report);
    for (const [oldest, other] of this.#reports) {
      if (this.#parts <= this.maxParts || oldest === key) return;
      this.#reports.delete(oldest);
      this.#parts -= partsOf(other);
    }
  }
}

/** What a report holds in memory, counted. */
export function partsOf({ graph }: Report): number {
  return graph.nodes.length + graph.values.length + graph.parameters.length + graph.scopes.length;
}
