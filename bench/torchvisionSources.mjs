// Where the benches find torchvision's sources: a given folder, the fetched ones of test/corpus, or a Python's own.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './support.mjs';

/** The interpreter to compare with, and to ask where its packages lie. */
export const python = process.env.LAYERCOST_PYTHON ?? 'python3';

/** `folder` holds `torchvision/`. */
export function sourcesOfTorchvision(given) {
  const holds = (folder) => existsSync(join(folder, 'torchvision/models/resnet.py'));
  if (given !== undefined) {
    return holds(given)
      ? { kind: 'found', folder: given }
      : { kind: 'missing', reason: `${given} holds no torchvision/models/resnet.py` };
  }
  const cache = join(root, '.cache/python');
  const fetched = existsSync(cache) ? readdirSync(cache).map((name) => join(cache, name)) : [];
  const folder = fetched.find(holds) ?? installed();
  if (folder !== undefined && holds(folder)) return { kind: 'found', folder };
  return { kind: 'missing', reason: `torchvision was neither fetched nor is it installed in ${python}` };
}

/** Finds the package without importing it. */
function installed() {
  const code = `import importlib.util, pathlib
print(pathlib.Path(importlib.util.find_spec("torchvision").origin).parent.parent)`;
  const { status, stdout } = spawnSync(python, ['-c', code], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
