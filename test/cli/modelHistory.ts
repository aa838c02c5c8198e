/**
 * A repository whose models change from commit to commit, as a team's do. Each commit has a tag that says what changed.
 */
import { gitSandbox, type GitSandbox } from '../node/git/gitSandbox.ts';

const NET = `from torch import nn

from models.blocks import Block


class Net(nn.Module):
    def __init__(self, width=8, classes=10):
        super().__init__()
        self.stem = nn.Conv2d(3, width, 3, padding=1)
        self.body = nn.Sequential(
            Block(width),
            nn.MaxPool2d(2),
            Block(width),
        )
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        x = self.body(self.stem(x))
        return self.head(x.mean((2, 3)))
`;

const BLOCKS = `from torch import nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.act = nn.ReLU()

    def forward(self, x):
        return x + self.act(self.norm(self.conv(x)))
`;

const TEACHER = `from torch import nn


def teacher():
    return nn.Sequential(nn.Flatten(), nn.Linear(3072, 64), nn.ReLU(), nn.Linear(64, 10))
`;

const CONFIGURATION = {
  devices: ['t4'],
  entries: [
    { name: 'student', model: 'models/größe/net.py:Net', input: '1x3x32x32', args: { classes: 100 } },
    { name: 'teacher', model: 'models/teacher.py:teacher', input: '1x3x32x32' },
  ],
};

const WIDER = NET.replace('width=8', 'width=16');
const LONGER = WIDER.replace(
  '            nn.MaxPool2d(2),\n',
  '            nn.Conv2d(width, width, 1),\n            nn.MaxPool2d(2),\n',
);
const RENAMED = LONGER.replaceAll('self.body', 'self.stages');

/** A folder with spaces, letters beyond ASCII, and what a shell would run. */
export function modelHistory(): GitSandbox {
  const sandbox = gitSandbox('größe und $(touch pwned)');
  const { write, commit, git } = sandbox;
  const step = (tag: string, files: Readonly<Record<string, string>>): void => {
    write(files);
    commit(tag);
    git('tag', tag);
  };
  step('start', {
    'models/größe/net.py': NET,
    'models/blocks.py': BLOCKS,
    'models/teacher.py': TEACHER,
    'layercost.json': JSON.stringify(CONFIGURATION, null, 2),
  });
  step('comment', { 'models/größe/net.py': `# Ours\n${NET}` });
  step('wider', { 'models/größe/net.py': WIDER });
  step('longer', { 'models/größe/net.py': LONGER });
  step('renamed-module', { 'models/größe/net.py': RENAMED });
  step('other-block', { 'models/blocks.py': BLOCKS.replace('nn.ReLU()', 'nn.GELU()') });
  step('broken', { 'models/größe/net.py': RENAMED.replace('self.stem(x)', 'self.stem(x') });
  step('wrong-shape', { 'models/größe/net.py': RENAMED.replace('nn.Linear(width,', 'nn.Linear(width + 1,') });
  git('rm', '--quiet', 'models/teacher.py');
  step('deleted', {
    'models/größe/net.py': RENAMED,
    'layercost.json': JSON.stringify({ ...CONFIGURATION, entries: CONFIGURATION.entries.slice(0, 1) }, null, 2),
  });
  git('mv', 'models/größe/net.py', 'models/student net.py');
  step('moved', {
    'layercost.json': JSON.stringify({
      devices: ['t4'],
      entries: [{ name: 'student', model: 'models/student net.py:Net', input: '1x3x32x32', args: { classes: 100 } }],
    }),
  });
  return sandbox;
}
