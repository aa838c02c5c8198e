/**
 * What each call expression in the source gave, over all the times it ran, in order:
 * `x = self.conv1(x)` in a loop of two -> one site with two results and the scope "conv1".
 */
import type { SourceRange } from '../../../base/text.ts';
import type { Value } from '../../../evaluation/values.ts';
import type { ValueType } from '../../../graph/tensorType.ts';
import type { GraphRecorder } from '../graphRecorder.ts';
import { tensorsIn } from '../tensorsIn.ts';
import { ModuleValue } from '../modules/moduleValue.ts';

export interface TracedCallSite {
  readonly range: SourceRange;
  /** One entry a run: the types of the tensors it returned. */
  readonly results: readonly (readonly ValueType[])[];
  /** Paths of the modules that it called. */
  readonly scopes: readonly string[];
}

interface Site {
  readonly range: SourceRange;
  readonly results: (readonly ValueType[])[];
  readonly scopes: Set<string>;
}

/** Runs beyond this many are not kept: a site in a loop over thousands shows the first. */
const MAX_RESULTS = 256;

export class CallSiteCollector {
  readonly #sites = new Map<string, Site>();

  constructor(readonly recorder: GraphRecorder) {}

  /** Notes a call; calls that give no tensor are not kept. */
  add(range: SourceRange, callee: Value, result: Value): void {
    const tensors = tensorsIn(result);
    if (tensors.length === 0) return;
    const key = `${range.start}:${range.end}:${range.file}`;
    let site = this.#sites.get(key);
    if (site === undefined) {
      site = { range, results: [], scopes: new Set() };
      this.#sites.set(key, site);
    }
    if (site.results.length < MAX_RESULTS) site.results.push(tensors.map(({ type }) => type));
    const path = callee instanceof ModuleValue ? this.recorder.pathOf(callee) : undefined;
    if (path !== undefined) site.scopes.add(path);
  }

  sites(): readonly TracedCallSite[] {
    return [...this.#sites.values()].map(({ range, results, scopes }) => ({ range, results, scopes: [...scopes] }));
  }
}
