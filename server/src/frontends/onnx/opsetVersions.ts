/**
 * Which version of each operator set a model or function reads, and problems with ones that are too new.
 */
import { reportAt, type Evaluation } from './frame.ts';
import { standardDomain } from './operatorNames.ts';
import type { OperatorSetId } from './onnxModel.ts';
import { NEWEST_OPSETS } from './ops/operatorMap.ts';

/** Version by domain; of several imports of one domain, the highest. */
export function opsetVersions(evaluation: Evaluation, imports: readonly OperatorSetId[]): ReadonlyMap<string, number> {
  const versions = new Map<string, number>();
  for (const { domain, version } of imports) {
    const name = standardDomain(domain);
    versions.set(name, Math.max(version, versions.get(name) ?? 0));
  }
  for (const [domain, version] of versions) {
    const newest = NEWEST_OPSETS.get(domain);
    if (newest === undefined || version <= newest) continue;
    const name = domain === '' ? 'ai.onnx' : domain;
    const message = `The model needs version ${version} of the operator set ${name}; ${newest} is the newest that is known, and it is read as that.`;
    if (!evaluation.problems.some((problem) => problem.message === message)) {
      reportAt(evaluation, 0, 'onnx-unknown-opset', 'warning', message);
    }
  }
  return versions;
}
