/**
 * Programs that start in a file of a large package, and leave out those of its modules that they do not import. Python
 * would run all of the package first; what that does is known from a whole run of it (unitRecord.ts). Whatever would be
 * otherwise without the modules that are left out ends the program with NeedsWhole, and it starts again whole.
 */
import type { SyntaxModule } from '../syntax/ast.ts';
import type { Journal } from './journal.ts';
import type { KnownModules } from './knownModules.ts';
import { loadsTheSame } from './loadSkeleton.ts';
import { closureOf, isNative } from './loadScope.ts';
import type { ModuleDependencies } from './moduleDependencies.ts';
import type { FileEntry, NamespaceEntry } from './moduleEntry.ts';
import type { ModuleReader } from './moduleReader.ts';
import { NeedsWhole } from './needsWhole.ts';
import { recordOf, WriterWatcher, type GatheredObject, type UnitRecord } from './unitRecord.ts';
import { PyDict, PyModule, PySet } from './values.ts';
import { portableKey, watcherOf, watchEntries, type EntriesWatcher } from './watchedEntries.ts';

/** Of fewer modules, all run. */
const SMALLEST_PARTED = 20;

export interface PartialParts {
  readonly known: KnownModules;
  readonly reader: ModuleReader;
  readonly dependencies: ModuleDependencies;
}

export class PartialPrograms {
  readonly #parts: PartialParts;
  readonly #journal: Journal;
  readonly #smallest: number;
  /** By the file of the outermost package. */
  readonly #records = new Map<string, UnitRecord>();
  /** Records whose names were found to mean the same on a search path, until files come or go. */
  #checked = new WeakMap<UnitRecord, string>();
  /** Texts of files whose programs were found to need the whole. */
  readonly #wholeRoots = new Map<string, SyntaxModule>();
  /** What the program that runs leaves out a part of. */
  #record: UnitRecord | undefined;
  #root: FileEntry | undefined;
  /** Packages around the program's file. */
  #around: ReadonlySet<FileEntry> = new Set();
  #phase: 'none' | 'loading' | 'loaded' = 'none';
  #isWholeNeeded = false;

  constructor(parts: PartialParts, journal: Journal, smallest = SMALLEST_PARTED) {
    this.#parts = parts;
    this.#journal = journal;
    this.#smallest = smallest;
    journal.onChange = (object, owner) => this.#isHandled(object, owner);
  }

  /** Whether the program that runs leaves something out. */
  get isOn(): boolean {
    return this.#record !== undefined;
  }

  /** Whether something asked for what was left out, though it may have been caught. */
  get isWholeNeeded(): boolean {
    return this.#isWholeNeeded;
  }

  /** Tells before a program starts whether it may leave something out. */
  begin(root: FileEntry): void {
    const { known, reader } = this.#parts;
    this.end();
    const around = known.packagesOf(root.file);
    const [top] = around;
    const record = top && this.#records.get(top.file);
    if (record?.modules.get(root.file)?.isMember !== true) return;
    if (root.status === 'loaded' && root.partOf === undefined) return;
    if (this.#wholeRoots.get(root.file) === reader.syntaxOf(root)) return;
    if (!this.#holds(record)) {
      this.#records.delete(record.top);
      return;
    }
    this.#record = record;
    this.#root = root;
    this.#around = new Set(around);
    this.#phase = 'loading';
  }

  /** The program's own file ran. Throws NeedsWhole where its modules did otherwise than when all of them ran. */
  loaded(ran: Iterable<FileEntry>, start: number): void {
    const record = this.#record;
    if (record === undefined) return;
    this.#phase = 'loaded';
    const isWithinUnit = (loader: string, owner: string | undefined): boolean => {
      const [by, of] = [record.modules.get(loader), owner === undefined ? undefined : record.modules.get(owner)];
      return by?.isMember === false && by.gate === of?.gate;
    };
    const isSeen = this.#journal
      .effectsSince(start)
      .some(({ loader, owner }) => loader !== owner && !isNative(loader) && !isWithinUnit(loader, owner));
    if (isSeen) this.need('a module changed what another one made');
    const files = new Set([...ran].map(({ file }) => file));
    for (const gathered of record.gathered) {
      for (const [key, writer] of gathered.writers) {
        if (files.has(writer) && this.#watcherOf(gathered)?.has(key) !== true) this.need(`${key} was not put in`);
      }
    }
  }

  end(): void {
    this.#record = undefined;
    this.#root = undefined;
    this.#around = new Set();
    this.#phase = 'none';
  }

  /** The program of a file, as its text is now, is to run whole. */
  keepWhole(root: FileEntry): void {
    this.#wholeRoots.set(root.file, this.#parts.reader.syntaxOf(root));
  }

  /** The program starts again: the file's text needs the whole. */
  giveUp(): void {
    if (this.#root !== undefined) this.keepWhole(this.#root);
    this.#isWholeNeeded = false;
    this.end();
  }

  need(why: string): never {
    this.#isWholeNeeded = true;
    throw new NeedsWhole(why);
  }

  /** Takes a record of each large package that ran whole. */
  observe(active: Iterable<FileEntry | NamespaceEntry>): void {
    const { known } = this.#parts;
    for (const entry of active) {
      if (
        entry.kind !== 'file' ||
        entry.location.kind !== 'package' ||
        entry.unit !== entry ||
        entry.partOf !== undefined
      )
        continue;
      const isSettled =
        this.#records.get(entry.file)?.load === entry.load ||
        known.packagesAround(entry).some(({ kind }) => kind === 'file');
      if (isSettled || closureOf(entry).size < this.#smallest) continue;
      const effects = this.#journal.effectsSince(0);
      const record = recordOf(entry, effects, (file) => known.entryOfFile(file), this.#smallest);
      if (record === undefined) this.#records.delete(entry.file);
      else this.#records.set(entry.file, record);
    }
  }

  /** Modules that ran while others were left out, where the program that runs cannot use them. */
  unusableWith(entry: FileEntry): readonly FileEntry[] {
    const { partOf } = entry;
    if (partOf === undefined || partOf === this.#record) return [];
    return [...this.#parts.known.fileEntries()].filter((each) => each.partOf === partOf);
  }

  /** Everything that ran while something was left out. */
  allParts(): readonly FileEntry[] {
    return [...this.#parts.known.fileEntries()].filter(({ partOf }) => partOf !== undefined);
  }

  /** Whether nothing rests on a package, below which a module is imported: it may be left out, or run still. */
  isSkipped(entry: FileEntry, running: FileEntry | undefined): boolean {
    const isSkipped = this.#isMember(entry);
    // What ran without its package is no module of a whole program.
    if (isSkipped && running !== undefined) running.partOf = this.#record;
    return isSkipped;
  }

  /** A module is imported that the program imported before, perhaps in a circle: then the order matters. */
  checkActive(entry: FileEntry): void {
    if (entry.status === 'loading' && this.#isMember(entry)) this.need(`${entry.module.name} is imported in a circle`);
  }

  /** A module is imported that the program did not import so far. */
  checkImport(entry: FileEntry, isActive: (entry: FileEntry) => boolean): void {
    const record = this.#record;
    if (record === undefined) return;
    const recorded = record.modules.get(entry.file);
    if (this.#phase === 'loaded') {
      if (recorded !== undefined || this.#around.has(entry)) this.need(`${entry.module.name} is left out`);
      return;
    }
    if (recorded === undefined || this.#around.has(entry)) this.need(`${entry.module.name} is imported`);
    const gate = this.#parts.known.entryOfFile(recorded.gate);
    const startsInside = !recorded.isMember && recorded.gate !== entry.file;
    if (startsInside && (gate === undefined || !isActive(gate))) this.need(`${recorded.gate} runs first`);
  }

  /** A module ran that the program imports. */
  ran(entry: FileEntry): void {
    const record = this.#record;
    if (record === undefined) return;
    const recorded = record.modules.get(entry.file);
    if (recorded === undefined || recorded.isMember) entry.partOf = record;
    for (const gathered of record.gathered) if (gathered.holder === entry.file) this.#guard(gathered, entry.module);
  }

  /** What a module has is read or changed; it may be left out. */
  checkUse(module: PyModule): void {
    if (this.#record === undefined) return;
    const entry = this.#parts.known.entryOf(module);
    if (entry?.kind === 'file' && this.#isLeftOut(entry)) this.need(`${module.name} is left out`);
  }

  /** `sys.modules` is asked for a module: whether it is there depends on what else ran. */
  checkLookup(entry: FileEntry, running: FileEntry | undefined, isActive: boolean): void {
    if (this.#record?.modules.has(entry.file) !== true) return;
    const isClear = this.#phase === 'loaded' ? isActive : entry === running;
    if (!isClear) this.need(`sys.modules is asked for ${entry.module.name}`);
  }

  /** All subclasses of a class, or all modules, are asked for. */
  checkAll(): void {
    if (this.#record !== undefined) this.need('everything that was loaded is asked for');
  }

  /** Files or folders came or went: forgets the records of packages that would find others. */
  placesChanged(files: ReadonlySet<string>): void {
    this.#checked = new WeakMap();
    const folders = [...files].map((file) => file.replace(/\/__init__\.py$/, '/'));
    for (const [top, { modules }] of this.#records) {
      const isMoved = [...modules].some(
        ([file, recorded]) =>
          folders.some((folder) => folder.endsWith('/') && file.startsWith(folder)) ||
          this.#parts.dependencies.findsOthers(recorded, files),
      );
      if (isMoved) this.#records.delete(top);
    }
  }

  #isMember(entry: FileEntry): boolean {
    return this.#record?.modules.get(entry.file)?.isMember === true || this.#around.has(entry);
  }

  #isLeftOut(entry: FileEntry): boolean {
    return this.#record !== undefined && this.#isMember(entry) && !this.#isActive(entry);
  }

  #isActive: (entry: FileEntry) => boolean = () => false;

  /** Who tells which modules the program imported. */
  follow(isActive: (entry: FileEntry) => boolean): void {
    this.#isActive = isActive;
  }

  /** Whether a whole run would do what it did when it was recorded, as far as it can be seen from outside of functions. */
  #holds(record: UnitRecord): boolean {
    const { known, reader } = this.#parts;
    const path = known.searchPath.join('|');
    const areNamesChecked = this.#checked.get(record) === path;
    for (const [file, { name, syntax, resolvedNames }] of record.modules) {
      const entry = known.entryOfFile(file);
      if (entry?.module.name !== name || !loadsTheSame(syntax, reader.syntaxOf(entry))) return false;
      if (areNamesChecked) continue;
      for (const [imported, meant] of resolvedNames) {
        const found = known.importModule(imported, entry.module);
        if ((found instanceof PyModule ? found.file : undefined) !== meant) return false;
      }
    }
    this.#checked.set(record, path);
    return true;
  }

  /** Before a change of an object by another load than its own: true where that is taken note of. */
  #isHandled(object: object, owner: string | undefined): boolean {
    const watcher = watcherOf(object);
    if (watcher instanceof KeyGuard) {
      watcher.touching();
      return true;
    }
    const { loader } = this.#journal;
    const { known } = this.#parts;
    const areFiles =
      owner !== undefined &&
      loader !== undefined &&
      known.entryOfFile(loader) !== undefined &&
      known.entryOfFile(owner) !== undefined;
    if (!areFiles || watcher !== undefined || loader === owner) return false;
    if (object instanceof PyDict || object instanceof PySet) {
      watchEntries(object, new WriterWatcher(owner, [...object.entries.keys()], () => this.#fileThatLoads()));
    }
    return false;
  }

  #fileThatLoads(): string | undefined {
    const { loader } = this.#journal;
    return loader === undefined ? undefined : this.#parts.known.entryOfFile(loader)?.file;
  }

  #watcherOf({ holder, name }: GatheredObject): KeyGuard | undefined {
    const object = this.#parts.known.entryOfFile(holder)?.module.names.get(name);
    const watcher = watcherOf(object);
    return watcher instanceof KeyGuard ? watcher : undefined;
  }

  #guard(gathered: GatheredObject, module: PyModule): void {
    const object = module.names.get(gathered.name);
    if (!(object instanceof PyDict) && !(object instanceof PySet)) this.need(`${gathered.name} is no collection`);
    const keys = watcherOf(object) === undefined ? [...object.entries.keys()].map(portableKey) : [undefined];
    const expected = [...gathered.writers].filter(([, writer]) => writer === gathered.holder);
    const isAsRecorded =
      keys.length === expected.length &&
      keys.every((key) => key !== undefined && gathered.writers.get(key) === gathered.holder);
    const guard = new KeyGuard(gathered, this, this.#journal);
    if (!isAsRecorded || !watchEntries(object, guard)) this.need(`${gathered.name} has other keys`);
  }

  /** Whether what the module of a file put in may be read now. */
  mayRead(writer: string): boolean {
    if (this.#phase === 'loading') return this.#journal.loader === writer;
    const entry = this.#parts.known.entryOfFile(writer);
    return entry?.status === 'loaded' && entry.partOf !== undefined && entry.partOf === this.#record;
  }

  mayWrite(writer: string | undefined): boolean {
    return this.#phase === 'loading' && writer !== undefined && this.#journal.loader === writer;
  }
}

/** Lets modules put their own keys into a gathered object, and everyone see what does not depend on what was left out. */
class KeyGuard implements EntriesWatcher {
  readonly #gathered: GatheredObject;
  readonly #programs: PartialPrograms;
  readonly #journal: Journal;
  readonly #added = new Set<string>();

  constructor(gathered: GatheredObject, programs: PartialPrograms, journal: Journal) {
    this.#gathered = gathered;
    this.#programs = programs;
    this.#journal = journal;
  }

  /** Whether a module put the key in since. */
  has(key: string): boolean {
    return this.#added.has(key) || this.#gathered.writers.get(key) === this.#gathered.holder;
  }

  reading(key: unknown): void {
    const name = portableKey(key);
    const writer = name === undefined ? undefined : this.#gathered.writers.get(name);
    if (writer === undefined || writer === this.#gathered.holder || this.#programs.mayRead(writer)) return;
    this.#refuse();
  }

  readingAll(): void {
    this.#refuse();
  }

  removing(): void {
    this.#refuse();
  }

  /** The object itself is about to change: only by keys of a module that put some in. */
  touching(): void {
    if (![...new Set(this.#gathered.writers.values())].some((writer) => this.#programs.mayWrite(writer)))
      this.#refuse();
  }

  setting(key: unknown, undo: () => void): void {
    const name = portableKey(key);
    const writer = name === undefined ? undefined : this.#gathered.writers.get(name);
    if (name === undefined || writer === undefined || !this.#programs.mayWrite(writer)) {
      this.#refuse();
      return;
    }
    const isNew = !this.#added.has(name);
    this.#added.add(name);
    this.#journal.recordAs(writer, () => {
      if (isNew) this.#added.delete(name);
      undo();
    });
  }

  #refuse(): void {
    // Outside of any execution nothing depends on it.
    if (this.#journal.loader !== undefined) this.#programs.need(`all of ${this.#gathered.name} is asked for`);
  }
}
