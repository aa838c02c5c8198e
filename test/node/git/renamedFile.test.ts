/** Files of two versions in, under which name one of them lay before out. */
import { expect, it } from 'vitest';
import { findOldPath } from '../../../server/src/node/git/renamedFile.ts';

const NET = 'import torch\nclass Net:\n    def forward(self, x):\n        return x\n';
const OTHER = 'import json\nprint(1)\nprint(2)\n';

type Files = Readonly<Record<string, string>>;

const CASES: readonly (readonly [
  title: string,
  path: string,
  old: Files,
  fresh: Files,
  expected: string | undefined,
])[] = [
  [
    'moved as it was',
    'models/net.py',
    { 'net.py': NET, 'a.py': OTHER },
    { 'models/net.py': NET, 'a.py': OTHER },
    'net.py',
  ],
  ['moved and edited', 'student.py', { 'net.py': NET }, { 'student.py': NET.replace('Net', 'Student') }, 'net.py'],
  ['line ends changed', 'student.py', { 'net.py': NET }, { 'student.py': NET.replaceAll('\n', '\r\n') }, 'net.py'],
  ['the old one is still there', 'copy.py', { 'net.py': NET }, { 'net.py': NET, 'copy.py': NET }, undefined],
  ['too little in common', 'net.py', { 'other.py': OTHER }, { 'net.py': NET }, undefined],
  ['new', 'net.py', {}, { 'net.py': NET }, undefined],
  ['the most alike', 'b.py', { 'a.py': NET, 'c.py': `${NET}x = 1\n` }, { 'b.py': `${NET}x = 1\n` }, 'c.py'],
  [
    'the same name first',
    'models/net.py',
    { 'a/other.py': NET, 'z/net.py': NET },
    { 'models/net.py': NET },
    'z/net.py',
  ],
  ['an empty file', 'models/__init__.py', { 'old/__init__.py': '' }, { 'models/__init__.py': '' }, undefined],
  ['bytes by their name', 'new/net.onnx', { 'old/net.onnx': 'x' }, { 'new/net.onnx': 'y' }, 'old/net.onnx'],
  ['bytes of two with one name', 'c/n.onnx', { 'a/n.onnx': 'x', 'b/n.onnx': 'x' }, { 'c/n.onnx': 'x' }, undefined],
  ['another kind of file', 'net.py', { 'net.txt': NET }, { 'net.py': NET }, undefined],
];

for (const [title, path, old, fresh, expected] of CASES) {
  it(title, () => {
    const found = findOldPath({
      path,
      oldPaths: Object.keys(old).sort(),
      isInNew: (file) => file in fresh,
      newText: (file) => fresh[file],
      oldText: (file) => old[file],
    });
    expect(found).toBe(expected);
  });
}
