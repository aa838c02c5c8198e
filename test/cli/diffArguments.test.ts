/** Arguments as they are typed in, what they were taken for out. */
import { expect, it } from 'vitest';
import { parseDiffArguments } from '../../server/src/cli/diffArguments.ts';

const CASES: readonly (readonly [typed: string, expected: string])[] = [
  ['', 'HEAD to disk'],
  ['main', 'main to disk'],
  ['main HEAD', 'main to HEAD'],
  ['net.py', 'HEAD to disk: net.py'],
  ['main net.py:Net', 'main to disk: net.py:Net'],
  ['main HEAD models.net:Net a.onnx', 'main to HEAD: models.net:Net a.onnx'],
  ['net.py main', 'main to disk: net.py'],
  ['models/**/*.py:*Net', 'HEAD to disk: models/**/*.py:*Net'],
  ['main -- net', 'main to disk: net'],
  ['-- main', 'HEAD to disk: main'],
  ['main..HEAD', 'main to HEAD'],
  ['main...', 'merge base of main to HEAD'],
  ['main...feature net.py', 'merge base of main to feature: net.py'],
  ['..', 'HEAD to HEAD'],
  ['a b c', 'three revisions were given: "a", "b", "c"'],
  ['a..b c', '"a..b" names two revisions already; "c" is one too many'],
];

for (const [typed, expected] of CASES) {
  it(`diff ${typed}`, () => {
    const words = typed === '' ? [] : typed.split(' ');
    const dashes = words.indexOf('--');
    const given = words.filter((word) => word !== '--');
    expect(describe(given, dashes === -1 ? 0 : given.length - dashes)).toBe(expected);
  });
}

function describe(given: readonly string[], afterDashes: number): string {
  const result = parseDiffArguments(given, afterDashes);
  if (result.kind === 'invalid') return result.message;
  const { base, head = 'disk', isFromMergeBase, targets } = result.arguments;
  const named = targets.length === 0 ? '' : `: ${targets.join(' ')}`;
  return `${isFromMergeBase ? 'merge base of ' : ''}${base} to ${head}${named}`;
}
