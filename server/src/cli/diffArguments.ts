/**
 * Which of the arguments of `layercost diff` are revisions and which are targets. What has the form of a target is one,
 * and so is everything after "--"; at most two others are revisions.
 * "main HEAD net.py:Net" -> base "main", head "HEAD", targets ["net.py:Net"]; "main...HEAD" -> from where they parted.
 */
import { parseTarget } from '../configuration/target.ts';
import type { AskedRevisions } from '../node/git/comparedCommits.ts';

export interface DiffArguments extends AskedRevisions {
  readonly targets: readonly string[];
}

export type DiffArgumentsResult =
  { readonly kind: 'ok'; readonly arguments: DiffArguments } | { readonly kind: 'invalid'; readonly message: string };

/** `afterDashes` is how many of the last arguments stand behind "--". */
export function parseDiffArguments(given: readonly string[], afterDashes: number): DiffArgumentsResult {
  const free = given.slice(0, given.length - afterDashes);
  const targets = [...free.filter(isTarget), ...given.slice(free.length)];
  const revisions = free.filter((text) => !isTarget(text));
  const [first = 'HEAD', second, third] = revisions;
  if (third !== undefined) {
    return {
      kind: 'invalid',
      message: `three revisions were given: ${revisions.map((text) => `"${text}"`).join(', ')}`,
    };
  }
  const range = /^(.*?)(\.{2,3})(.*)$/s.exec(first);
  if (range === null) {
    return { kind: 'ok', arguments: { base: first, head: second, isFromMergeBase: false, targets } };
  }
  if (second !== undefined) {
    return { kind: 'invalid', message: `"${first}" names two revisions already; "${second}" is one too many` };
  }
  const [, base = '', dots, head = ''] = range;
  return {
    kind: 'ok',
    arguments: {
      base: base === '' ? 'HEAD' : base,
      head: head === '' ? 'HEAD' : head,
      isFromMergeBase: dots === '...',
      targets,
    },
  };
}

/** No revision can have these forms: git knows no commit "net.py:Net" or "models.net:Net". */
function isTarget(text: string): boolean {
  return parseTarget(text) !== undefined || /\.(pyi?|onnx)(:[^/]*)?$/i.test(text);
}
