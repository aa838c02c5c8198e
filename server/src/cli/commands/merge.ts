/**
 * `layercost merge PARTS...`: JSON reports of `layercost check --shard 1/3`, `2/3`, `3/3` -> the report of all.
 */
import { checkFromJson } from '../../gate/checkJson.ts';
import { mergeReports, type NamedReport } from '../../gate/mergeReports.ts';
import { readTextFile, unreadable } from '../../node/nodeFiles.ts';
import type { OutputFlags } from '../checkFlags.ts';
import { usageError, type CommandOutput } from '../commandOutput.ts';
import { deliverCheck } from '../deliverCheck.ts';

export function mergeCommand(files: readonly string[], flags: OutputFlags): Promise<CommandOutput> {
  const parts: NamedReport[] = [];
  for (const file of files) {
    const text = readTextFile(file);
    if (text === undefined) {
      return Promise.resolve(usageError(`${file} cannot be read: ${unreadable(file) ?? 'it is no text'}`));
    }
    const result = checkFromJson(text);
    if (result.kind === 'invalid') {
      return Promise.resolve(usageError(`${file} is no JSON report of "layercost check": ${result.message}`));
    }
    parts.push({ name: file, report: result.value });
  }
  const merged = mergeReports(parts);
  return Promise.resolve(merged.kind === 'ok' ? deliverCheck(merged.report, flags, []) : usageError(merged.message));
}
