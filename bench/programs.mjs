// What running imports as Python does costs, and what reuse saves: the programs of files that import torchvision, run with an
// analyzer that keeps what does not depend on the program, and with a new one each time, which runs everything again.
// `npm run build && node bench/programs.mjs [FOLDER WITH torchvision/]`; without sources of torchvision it says so.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, median, ms, printTable, root, temporaryFolder } from './support.mjs';
import { sourcesOfTorchvision } from './torchvisionSources.mjs';

const ROUNDS = 9;

const sources = sourcesOfTorchvision(process.argv[2]);
if (sources.kind === 'missing') {
  console.log(`Left out, since ${sources.reason}.`);
} else {
  const { createNodeAnalyzer } = await import(
    await bundle(
      temporaryFolder(),
      'analyzer',
      `export { createNodeAnalyzer } from './server/src/node/createNodeAnalyzer.ts';`,
    )
  );
  const makeAnalyzer = () =>
    createNodeAnalyzer({
      folder: join(root, 'dist'),
      workspaceFolders: [],
      searchPaths: [sources.folder],
      timeLimitMs: 120_000,
    });
  const folder = mkdtempSync(join(tmpdir(), 'layercost-programs-'));
  try {
    const user = join(folder, 'net.py');
    const other = join(folder, 'other.py');
    const text = (width) =>
      `import torchvision\nimport torch.nn as nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.l = nn.Linear(4, ${width})\n    def forward(self, x):\n        return self.l(x)\n`;
    writeFileSync(user, text(1));
    writeFileSync(other, text(2));
    const resnet = join(sources.folder, 'torchvision/models/resnet.py');
    const resnetText = readFileSync(resnet, 'utf8');

    const kept = await makeAnalyzer();
    kept.modelNames(user, { hasArguments: false });
    const rows = [];
    const compare = async (title, file, change, steps) => {
      const ours = [];
      const anew = [];
      for (let round = 0; round < ROUNDS; round++) {
        change(kept, round);
        ours.push(timed(() => kept.modelNames(file, { hasArguments: false })));
        if (round >= steps) continue;
        const fresh = await makeAnalyzer();
        change(fresh, round);
        anew.push(timed(() => fresh.modelNames(file, { hasArguments: false })));
      }
      const [oursMs, anewMs] = [median(ours), median(anew)];
      rows.push([title, ms(oursMs), ms(anewMs), `${(anewMs / oursMs).toFixed(1)} times`]);
    };
    await compare(
      'an edit of a file that imports torchvision',
      user,
      (a, round) => a.setText(user, text(round + 3)),
      3,
    );
    await compare(
      'another file that imports torchvision',
      other,
      (a, round) => {
        // The kept analyzer comes from the first file's program.
        if (a === kept) a.modelNames(user, { hasArguments: false });
        a.setText(other, text(round + 30));
      },
      3,
    );
    await compare(
      'an edit of a body in torchvision/models/resnet.py',
      resnet,
      (a, round) => a.setText(resnet, resnetText.replace('x = self.conv1(x)', `x = self.conv1(x) # ${round}`)),
      3,
    );
    printTable(['what is asked for again', 'reusing what may stay', 'running everything', 'ratio'], rows);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function timed(act) {
  const start = performance.now();
  act();
  return performance.now() - start;
}
