/**
 * Random projects of modules that import and change each other print what Python prints. Needs a python3; where there is
 * none, it says so. The seed is printed with what differs; LAYERCOST_PROGRAMS=5000 runs more, LAYERCOST_SEED others.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stdlibModules } from '../../server/src/evaluation/stdlib/stdlibModules.ts';
import { pick, PROJECT_FILES, randomFrom, randomText, type Random } from '../support/randomProjects.ts';
import { makeProject, runProgram } from './support/pythonPrograms.ts';

const PROGRAMS = Number(process.env.LAYERCOST_PROGRAMS ?? 150);
const SEED = Number(process.env.LAYERCOST_SEED ?? 1);
const hasPython = spawnSync('python3', ['--version']).status === 0;

/** What a program shows at its end: the state of every module that it imported. */
const SHOW = `
import sys
for name in ["cfg", "reg", "a", "b", "heads", "heads.small", "pkg", "pkg.sub", "pkg.other", __name__]:
    module = sys.modules.get(name)
    if module is None:
        continue
    print(name, *[repr(getattr(module, key, None)) for key in ("W", "V", "L", "Z", "ERRORS")])
    print(list(getattr(module, "REG", {})), list(module.C.known) if hasattr(module, "C") else None)
    print([key for key in ("sub", "other", "small", "late", "q") if hasattr(module, key)])
`;

test(`${PROGRAMS} random projects from seed ${SEED}`, { timeout: 3_600_000 }, async () => {
  if (!hasPython) {
    console.log('Left out: random imports against Python, since there is no python3.');
    return;
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'layercost-imports-'));
  const different: string[] = [];
  try {
    const projects = Array.from({ length: PROGRAMS }, (_, at) => randomProject(randomFrom(SEED * 1_000_003 + at)));
    const truths = runInPython(folder, projects);
    for (const [at, files] of projects.entries()) {
      const texts = Object.fromEntries(Object.entries(files).map(([name, text]) => [`/work/${name}`, text]));
      const project = await makeProject(texts, { nativeModules: stdlibModules });
      const { printed } = runProgram(project, '/work/main.py');
      if (printed !== truths[at]) different.push(`program ${at}:\n${printed}--- Python:\n${truths[at] ?? ''}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(different.slice(0, 3).join('\n'), `${different.length} of ${PROGRAMS} differ`).toBe('');
});

function randomProject(random: Random): Record<string, string> {
  const files: Record<string, string> = {};
  for (const file of PROJECT_FILES) {
    if (file === 'net.py' || file === 'train.py' || random() < 0.2) continue;
    files[file] = randomText(random, file.replace(/\/__init__|\.py/g, '').replace('/', '.'));
  }
  files['main.py'] = randomText(random, 'main') + randomText(random, pick(random, ['main', 'more'])) + SHOW;
  return files;
}

/** What Python prints for main.py of each project. */
function runInPython(folder: string, projects: readonly Record<string, string>[]): readonly string[] {
  for (const [at, files] of projects.entries()) {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(folder, String(at), name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
  // One process forks a child for each program: starting Python takes longer than the programs.
  const script = [
    'import os, sys',
    'for at in range(int(sys.argv[2])):',
    '    sys.stdout.write(f"\\0{at}\\n"); sys.stdout.flush()',
    '    child = os.fork()',
    '    if child == 0:',
    '        sys.path.insert(0, os.path.join(sys.argv[1], str(at)))',
    '        sys.dont_write_bytecode = True',
    '        import main',
    '        sys.stdout.flush(); os._exit(0)',
    '    os.waitpid(child, 0)',
  ].join('\n');
  const output = execFileSync('python3', ['-c', script, folder, String(projects.length)], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return output
    .split('\0')
    .slice(1)
    .map((part) => part.slice(part.indexOf('\n') + 1));
}
