/**
 * Which files an answer rests on. The truth is what a fresh analyzer asks of its files for one model alone: all of that
 * stands in the trail of an analyzer that answered other models before, and remembers modules and places from them.
 */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Analyzer } from '../../server/src/analysis/analyzer.ts';
import type { FileTrail } from '../../server/src/evaluation/fileTrail.ts';
import type { FileProvider } from '../../server/src/evaluation/moduleFinder.ts';
import { nodeFiles } from '../../server/src/node/nodeFiles.ts';
import { findTorchvision } from '../support/findTorchvision.ts';
import { loadPythonParser } from '../support/pythonParser.ts';

/** Notes every question; those about folders and files alike by their path. */
class RecordingFiles implements FileProvider {
  readonly read = new Set<string>();
  readonly probed = new Set<string>();
  readonly #files: FileProvider;

  constructor(files: FileProvider) {
    this.#files = files;
  }

  readText(file: string): string | undefined {
    this.read.add(file);
    return this.#files.readText(file);
  }

  isFile(file: string): boolean {
    this.probed.add(file);
    return this.#files.isFile(file);
  }

  isDirectory(file: string): boolean {
    this.probed.add(file);
    return this.#files.isDirectory(file);
  }
}

async function makeAnalyzer(files: FileProvider, searchPaths: readonly string[]): Promise<Analyzer> {
  return new Analyzer({
    files,
    parser: await loadPythonParser(),
    devices: [],
    searchPaths,
    openBytes: () => {
      throw new Error('no bytes here');
    },
    absolutePath: (given) => given,
    unreadable: () => undefined,
    startDeadline: () => () => false,
  });
}

const request = (target: string): Parameters<Analyzer['analyze']>[0] => ({
  target,
  inputs: undefined,
  args: undefined,
  deviceIds: [],
});

function trailOf(analyzer: Analyzer, target: string): FileTrail {
  return analyzer.withTrail(() => analyzer.analyze(request(target))).trail;
}

/** Each target by itself, and twice among all of the others, in two orders. */
async function compareTrails(
  files: FileProvider,
  searchPaths: readonly string[],
  targets: readonly string[],
): Promise<void> {
  const trails: { readonly target: string; readonly trail: FileTrail }[] = [];
  for (const order of [targets, [...targets].reverse()]) {
    const analyzer = await makeAnalyzer(files, searchPaths);
    for (const target of [...order, ...order]) {
      trails.push({ target, trail: trailOf(analyzer, target) });
    }
  }
  for (const target of targets) {
    const recording = new RecordingFiles(files);
    const analyzer = await makeAnalyzer(recording, searchPaths);
    const fresh = analyzer.withTrail(() => analyzer.analyze(request(target)));
    expect(fresh.value.kind, target).toBe('report');
    for (const { trail } of [fresh, ...trails.filter((each) => each.target === target)]) {
      const probed = new Set([...trail.probes].map((probe) => probe.path));
      expect(
        [...recording.read].filter((file) => !trail.files.has(file)),
        `${target}: read`,
      ).toEqual([]);
      expect(
        [...recording.probed].filter((file) => !probed.has(file)),
        `${target}: looked for`,
      ).toEqual([]);
    }
  }
}

const SMALL: Readonly<Record<string, string>> = {
  '/w/net.py': `from torch import nn
from blocks import Block
import missing_package
from registry import build, register
@register
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block(8)
    def forward(self, x):
        return self.block(x)
def lazy():
    from extra.late import Late
    return Late()
def named():
    import factory_module
    return build('Net')
`,
  '/w/blocks.py': `from torch import nn
from settings import KERNEL
class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(3, width, KERNEL)
    def forward(self, x):
        return self.conv(x)
def other():
    from unused import nothing
`,
  '/w/settings.py': 'KERNEL = 3\n',
  '/w/extra/late.py': `from torch import nn
from blocks import Block
class Late(Block):
    def __init__(self):
        super().__init__(4)
`,
  '/w/registry.py': `MODELS = {}
def register(cls):
    MODELS[cls.__name__] = cls
    return cls
def build(name):
    return MODELS[name]()
`,
  // Finding the models of this file looks into the other, building the first does not.
  '/w/third.py': `from torch import nn
import blocks
class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 1)
    def forward(self, x):
        return self.conv(x)
def helped() -> blocks.Block:
    return blocks.Block(2)
`,
  // What \`dropping\` does takes \`middle\` with it, which was loaded for \`calm\`.
  '/w/drops.py': `from torch import nn
from registry import MODELS
import middle
def calm() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 3, middle.size()))
def dropping() -> nn.Module:
    MODELS['mine'] = 1
    return middle.make()
`,
  '/w/middle.py': `from settings import KERNEL
from entangled import Tangled
def size():
    return KERNEL
def make():
    return Tangled(KERNEL)
`,
  '/w/entangled.py': `from torch import nn
from registry import register
@register
class Tangled(nn.Module):
    def __init__(self, kernel):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, kernel)
    def forward(self, x):
        return self.conv(x)
`,
  '/w/second.py': `from torch import nn
try:
    from fast_ops import conv
except ImportError:
    conv = nn.Conv2d
from net import Net as Base
class Second(Base):
    pass
class Third(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = conv(3, 3, 1)
    def forward(self, x):
        return self.conv(x)
`,
};

const memoryFiles: FileProvider = {
  readText: (file) => SMALL[file],
  isFile: (file) => file in SMALL,
  isDirectory: (directory) => Object.keys(SMALL).some((file) => file.startsWith(`${directory}/`)),
};

describe('a small project', () => {
  it('names at least what a fresh analyzer asks for', async () => {
    const targets = [
      '/w/net.py:Net',
      '/w/net.py:lazy',
      '/w/second.py:Second',
      '/w/second.py:Third',
      '/w/second.py',
      '/w/third.py:Plain',
      '/w/third.py:helped',
      '/w/drops.py:calm',
      '/w/drops.py:dropping',
    ];
    await compareTrails(memoryFiles, ['/w', '/site'], targets);
  });

  it('names what was not there', async () => {
    const analyzer = await makeAnalyzer(memoryFiles, ['/w', '/site']);
    const trail = trailOf(analyzer, '/w/second.py:Third');
    const absent = [...trail.probes].filter(({ isThere }) => !isThere).map((probe) => probe.path);
    expect(absent).toContain('/site/fast_ops.py');
    expect(absent).toContain('/w/fast_ops/__init__.py');
  });

  it('leaves out what the model does not touch', async () => {
    const analyzer = await makeAnalyzer(memoryFiles, ['/w', '/site']);
    analyzer.analyze(request('/w/second.py:Second'));
    const trail = trailOf(analyzer, '/w/extra/late.py:Late');
    expect([...trail.files].sort()).toEqual(['/w/blocks.py', '/w/extra/late.py', '/w/settings.py']);
  });
});

const torchvision = findTorchvision();

if (torchvision === undefined) console.log('torchvision was not fetched: its trails are left out');
else {
  // Each of its fresh analyzers reads all of torchvision.
  it('names what torchvision is read from', { timeout: 600_000 }, async () => {
    const targets = [
      'torchvision.models:resnet18',
      'torchvision.models:mobilenet_v3_small',
      'torchvision.models:vit_b_16',
      path.join(torchvision, 'torchvision/models/densenet.py:densenet121'),
      'torchvision.models.detection:fasterrcnn_resnet50_fpn',
      'torchvision.models:regnet_y_400mf',
    ];
    await compareTrails(nodeFiles, [torchvision], targets);
  });
}
