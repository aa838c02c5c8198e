/**
 * Listings of trees in, what a path leads to out. "link <- text" makes a link's blob.
 */
import { expect, it } from 'vitest';
import { parseGitTree } from '../../../server/src/node/git/gitTree.ts';

const FILE = 'a'.repeat(40);
const links: Readonly<Record<string, string>> = {
  b1: 'models/net.py',
  b2: '../other',
  b3: 'loop',
  b4: '/etc',
  b5: 'models',
  b6: '..',
};

const listing = [
  `040000 tree ${FILE}\tmodels`,
  `100644 blob ${FILE}\tmodels/net.py`,
  `100755 blob ${FILE}\tmodels/mit Leerzeichen/größe\tund\nUmbruch.py`,
  `120000 blob b1\tnet.py`,
  `120000 blob b2\tout`,
  `120000 blob b3\tloop`,
  `120000 blob b4\tabsolute`,
  `120000 blob b5\tpackage`,
  `120000 blob b6\tmodels/up`,
  `160000 commit ${FILE}\tthird party`,
].join('\0');

const cases: readonly (readonly [path: string, expected: string])[] = [
  ['', 'folder'],
  ['models', 'folder'],
  ['models/net.py', `file ${FILE}`],
  ['models/mit Leerzeichen/größe\tund\nUmbruch.py', `file ${FILE}`],
  ['missing.py', 'nothing'],
  ['models/missing.py', 'nothing'],
  ['net.py', `file ${FILE}`],
  ['package/net.py', `file ${FILE}`],
  ['package/up/package/net.py', `file ${FILE}`],
  ['package/up', 'folder'],
  ['out/net.py', 'outside ../other/net.py'],
  ['absolute/passwd', 'outside /etc/passwd'],
  ['loop', 'nothing'],
  ['loop/x', 'nothing'],
  ['third party', 'submodule third party'],
  ['third party/net.py', 'submodule third party'],
];

const tree = parseGitTree(Buffer.from(listing), (id) => links[id]);

for (const [path, expected] of cases) {
  it(`${JSON.stringify(path)} -> ${expected}`, () => {
    const { kind, ...rest } = tree.lookup(path) ?? { kind: 'nothing' };
    expect([kind, ...Object.values(rest)].join(' ')).toBe(expected);
  });
}

it('lists files and links, not folders and submodules', () => {
  expect(tree.filePaths).toHaveLength(8);
  expect(tree.filePaths).not.toContain('third party');
});

it('reads a listing that is none as an empty tree', () => {
  expect(parseGitTree(Buffer.from([0xff, 0, 0, 0x0a, 0xfe]), () => undefined).filePaths).toEqual([]);
});
