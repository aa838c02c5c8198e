/**
 * After any edit or file event an analyzer answers what a fresh one does. Random projects of files that import each other
 * (registries, star imports, `try: import`, submodules, shared state) are edited at random: in the editor and on disk, files
 * and folders come, go, move and become packages. The seed stands in the test's name; LAYERCOST_COMPARISONS=20000 makes
 * more comparisons, LAYERCOST_SEED others.
 */
import { expect, test } from 'vitest';
import { Analyzer } from '../../server/src/analysis/analyzer.ts';
import type { FileProvider } from '../../server/src/evaluation/moduleFinder.ts';
import { problemsToJson, reportToJson } from '../../server/src/features/reportJson.ts';
import { loadPythonParser } from '../support/pythonParser.ts';
import {
  pick,
  PROJECT_FILES,
  randomFrom,
  randomModelText,
  randomText,
  type Random,
} from '../support/randomProjects.ts';

const COMPARISONS = Number(process.env.LAYERCOST_COMPARISONS ?? 1000);
const SEED = Number(process.env.LAYERCOST_SEED ?? 1);
const EVENTS_A_PROJECT = 12;

test(`${COMPARISONS} comparisons from seed ${SEED}`, { timeout: 7_200_000 }, async () => {
  let compared = 0;
  for (let round = 0; compared < COMPARISONS; round++) {
    const project = new Project(randomFrom(SEED * 1_000_003 + round));
    const kept = await makeAnalyzer(project);
    for (let event = 0; event <= EVENTS_A_PROJECT; event++) {
      if (event > 0) project.change(kept);
      const fresh = await makeAnalyzer(project);
      for (const [file, text] of project.open) fresh.setText(file, text);
      // Half of the files are asked for after an event, in any order: the others may be asked for later.
      const files = project.files().filter(() => project.random() < 0.5);
      for (const file of shuffled(project.random, files)) {
        const expected = answersOf(fresh, file, project);
        const answers = answersOf(kept, file, project);
        const history = `seed ${SEED}, project ${round}, event ${event}, ${file}\n${project.log.join('\n')}`;
        for (const [at, answer] of answers.entries()) expect(answer, history).toBe(expected[at]);
        expect(answers.length, history).toBe(expected.length);
        compared += answers.length;
      }
    }
  }
});

/** The problems of a file, and each of its models' reports. */
function answersOf(analyzer: Analyzer, file: string, project: Project): readonly string[] {
  const readText = (path: string): string | undefined => project.text(path);
  const names = analyzer.modelNames(file, { hasArguments: false });
  const reports = names.map((name) => {
    const report = analyzer.report(file, name);
    return report === undefined ? `${name}: none` : JSON.stringify(reportToJson(report, readText));
  });
  return [JSON.stringify(problemsToJson(analyzer.fileProblems(file), readText)), ...reports];
}

/** Files on a disk of its own, documents that are open, and what happened to both. */
class Project implements FileProvider {
  readonly random: Random;
  readonly open = new Map<string, string>();
  readonly log: string[] = [];
  readonly #disk = new Map<string, string>();

  constructor(random: Random) {
    this.random = random;
    for (const name of PROJECT_FILES) if (random() < 0.75) this.#disk.set(`/w/${name}`, this.#newText(name));
  }

  readText(path: string): string | undefined {
    return this.#disk.get(path);
  }

  isFile(path: string): boolean {
    return this.#disk.has(path);
  }

  isDirectory(path: string): boolean {
    return [...this.#disk.keys()].some((file) => file.startsWith(`${path}/`));
  }

  /** As the analyzers have it. */
  text(path: string): string | undefined {
    return this.open.get(path) ?? this.#disk.get(path);
  }

  files(): readonly string[] {
    return [...new Set([...this.#disk.keys(), ...this.open.keys()])].sort();
  }

  /** One event, told to the analyzer as a host would. */
  change(analyzer: Analyzer): void {
    const { random } = this;
    const name = pick(random, PROJECT_FILES);
    const file = `/w/${name}`;
    const kind = pick(random, [
      'edit',
      'edit',
      'close',
      'write',
      'write',
      'remove',
      'move',
      'package',
      'folder',
    ] as const);
    this.log.push(`${kind} ${file}`);
    switch (kind) {
      case 'edit':
        // What is broken while it is typed keeps its last good version, which a fresh analyzer does not know.
        this.open.set(file, this.#typed(file, name));
        analyzer.setText(file, this.open.get(file));
        break;
      case 'close':
        this.open.delete(file);
        analyzer.setText(file, undefined);
        break;
      case 'write':
        this.#disk.set(file, this.#edited(file, name));
        analyzer.filesChanged([file]);
        break;
      case 'remove':
        this.#disk.delete(file);
        analyzer.filesChanged([file]);
        break;
      case 'move': {
        const to = `/w/${pick(random, PROJECT_FILES)}`;
        const text = this.#disk.get(file);
        this.#disk.delete(file);
        if (text !== undefined) this.#disk.set(to, text);
        analyzer.filesChanged([file, to]);
        break;
      }
      case 'package': {
        const init = pick(random, ['/w/pkg/__init__.py', '/w/heads/__init__.py', '/w/__init__.py']);
        if (this.#disk.has(init)) this.#disk.delete(init);
        else this.#disk.set(init, this.#newText(init.slice(3)));
        analyzer.filesChanged([init]);
        break;
      }
      case 'folder': {
        // Some watchers tell of the folder alone.
        const folder = pick(random, ['/w/pkg', '/w/heads']);
        const inside = [...this.#disk.keys()].filter((path) => path.startsWith(`${folder}/`));
        for (const path of inside) this.#disk.delete(path);
        if (inside.length === 0) this.#disk.set(`${folder}/sub.py`, this.#newText('pkg/sub.py'));
        analyzer.filesChanged([folder]);
        break;
      }
    }
  }

  #newText(name: string): string {
    if (name === 'net.py' || name === 'train.py') return randomModelText(this.random);
    return randomText(this.random, name.replace(/\/__init__|\.py/g, '').replace('/', '.'));
  }

  /** A new text, or the old one with a statement more. */
  #typed(file: string, name: string): string {
    const text = this.text(file);
    if (text === undefined || this.random() < 0.5) return this.#newText(name);
    return `${text}\n${pick(this.random, ['W = 7', 'import cfg', 'L = [1, 2]', 'class C: size = 3', 'W += 1'])}\n`;
  }

  /** A new text, or the old one with one line more or less. */
  #edited(file: string, name: string): string {
    const text = this.text(file);
    if (text === undefined || this.random() < 0.5) return this.#newText(name);
    const lines = text.split('\n');
    const at = Math.floor(this.random() * lines.length);
    if (this.random() < 0.5) lines.splice(at, 1);
    else
      lines.splice(at, 0, pick(this.random, ['W = 7', 'import cfg', 'L = [1, 2]', '    x = (', 'class C: size = 3']));
    return lines.join('\n');
  }
}

function shuffled<T>(random: Random, items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

async function makeAnalyzer(files: FileProvider): Promise<Analyzer> {
  return new Analyzer({
    files,
    parser: await loadPythonParser(),
    devices: [],
    searchPaths: ['/w'],
    openBytes: () => {
      throw new Error('no bytes here');
    },
    absolutePath: (given) => given,
    unreadable: () => undefined,
    startDeadline: () => () => false,
  });
}
