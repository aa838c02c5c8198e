/**
 * A revision of a repository as a FileSource, without checking anything out: /work/net/models/unet.py is that file as
 * it was in the commit. What lies outside of the repository, and its environment's site-packages, come from disk.
 */
import path from 'node:path';
import type { Problem } from '../../base/problems.ts';
import type { ByteSource } from '../../frontends/onnx/byteSource.ts';
import { diskSource, type FileSource } from '../fileSource.ts';
import { openFileByteSource } from '../fileByteSource.ts';
import { MAX_POINTER_BYTES, parseLfsPointer, pointerText, type LfsPointer } from '../lfsPointer.ts';
import { decodeSource, MAX_TEXT_BYTES } from '../nodeFiles.ts';
import { lookAt } from '../regularFile.ts';
import { Blobs } from './blobs.ts';
import { parseGitTree, type GitTree, type TreeEntry } from './gitTree.ts';
import { answerOf, type GitAnswer, type GitCommit, type GitRepository, type GitRevision } from './repository.ts';
import { runGit } from './runGit.ts';

export interface RevisionSource extends FileSource {
  readonly commit: GitCommit;
  /** Files of the commit as paths from the root, with "/". */
  readonly filePaths: readonly string[];
}

/** Where a path leads: into the commit, or to the disk. */
type Place = TreeEntry | { readonly kind: 'disk'; readonly path: string };

export function revisionSource({ repository, commit }: GitRevision): GitAnswer<RevisionSource> {
  const listing = runGit(repository.root, ['ls-tree', '-r', '-t', '-z', '--full-tree', commit.id]);
  if (listing.kind !== 'ok') {
    return answerOf(listing, `the files of "${commit.revision}" cannot be listed`, repository.root);
  }
  const blobs = new Blobs(repository);
  const tree = parseGitTree(listing.stdout, (id) => {
    const bytes = blobs.read(id, MAX_LINK_BYTES);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  });
  const reader = new RevisionReader(repository, commit, tree, blobs);
  return {
    kind: 'ok',
    value: {
      commit,
      filePaths: tree.filePaths,
      files: {
        readText: (file) => reader.readText(file),
        isFile: (file) => reader.isFile(file),
        isDirectory: (file) => reader.isDirectory(file),
      },
      openBytes: (file) => reader.openBytes(file),
      unreadable: (file) => reader.unreadable(file),
      problemsOf: (paths) => reader.problemsOf(paths),
    },
  };
}

/** Linux allows 4095. */
const MAX_LINK_BYTES = 4096;

class RevisionReader {
  readonly #repository: GitRepository;
  readonly #commit: GitCommit;
  readonly #tree: GitTree;
  readonly #blobs: Blobs;
  readonly #places = new Map<string, Place | undefined>();
  readonly #texts = new Map<string, string | undefined>();

  constructor(repository: GitRepository, commit: GitCommit, tree: GitTree, blobs: Blobs) {
    this.#repository = repository;
    this.#commit = commit;
    this.#tree = tree;
    this.#blobs = blobs;
  }

  readText(file: string): string | undefined {
    if (this.#texts.has(file)) return this.#texts.get(file);
    const text = this.#readText(file);
    this.#texts.set(file, text);
    return text;
  }

  isFile(file: string): boolean {
    const place = this.#place(file);
    return place?.kind === 'disk' ? diskSource.files.isFile(place.path) : place?.kind === 'file';
  }

  isDirectory(file: string): boolean {
    const place = this.#place(file);
    return place?.kind === 'disk' ? diskSource.files.isDirectory(place.path) : place?.kind === 'folder';
  }

  openBytes(file: string): ByteSource & { close?(): void } {
    const place = this.#place(file);
    if (place?.kind === 'disk') return diskSource.openBytes(place.path);
    if (place?.kind !== 'file') throw new Error(this.unreadable(file) ?? 'there is no such file');
    const source = this.#blobs.open(place.id, file);
    const pointer = pointerIn(source);
    if (pointer === undefined) return source;
    const fetched = this.#fetchedFile(pointer);
    if (fetched === undefined) throw new Error(pointerText(pointer));
    return openFileByteSource(fetched);
  }

  unreadable(file: string): string | undefined {
    const place = this.#place(file);
    switch (place?.kind) {
      case undefined:
        return `there is no such file in "${this.#commit.revision}"`;
      case 'disk':
        return diskSource.unreadable(place.path);
      case 'folder':
        return 'this is a folder, not a file';
      case 'submodule':
        return submoduleText(place.path, this.#commit);
      case 'outside':
        return 'this link leads in a circle';
      case 'file':
        return /\.onnx$/i.test(file) ? this.#unreadableBytes(place.id) : this.#unreadableText(file, place.id);
    }
  }

  problemsOf(paths: Iterable<string>): readonly Problem[] {
    const submodules = new Set<string>();
    const onDisk: string[] = [];
    for (const path of paths) {
      const place = this.#place(path);
      if (place?.kind === 'submodule') submodules.add(place.path);
      if (place?.kind === 'disk') onDisk.push(place.path);
    }
    const ofSubmodules = [...submodules].sort().map((folder): Problem => ({
      code: 'submodule-not-read',
      severity: 'warning',
      message: submoduleText(folder, this.#commit),
      location: { kind: 'whole', file: path.join(this.#repository.root, folder) },
    }));
    return [...ofSubmodules, ...diskSource.problemsOf(onDisk)];
  }

  #readText(file: string): string | undefined {
    const place = this.#place(file);
    if (place?.kind === 'disk') return diskSource.files.readText(place.path);
    if (place?.kind !== 'file') return undefined;
    const bytes = this.#blobs.read(place.id, MAX_TEXT_BYTES, file);
    return bytes === undefined ? undefined : decodeSource(bytes);
  }

  #unreadableText(file: string, id: string): string | undefined {
    if (this.readText(file) !== undefined) return undefined;
    const size = this.#blobs.byteLength(id);
    if (size === undefined) return 'its content is not in this repository (a partial clone)';
    return size > MAX_TEXT_BYTES
      ? `the file has ${size} bytes; over ${MAX_TEXT_BYTES} are not read`
      : 'the file is not UTF-8 text';
  }

  #unreadableBytes(id: string): string | undefined {
    const size = this.#blobs.byteLength(id);
    if (size === undefined) return 'its content is not in this repository (a partial clone)';
    if (size >= MAX_POINTER_BYTES) return undefined;
    const pointer = parseLfsPointer(this.#blobs.read(id, MAX_POINTER_BYTES) ?? new Uint8Array());
    return pointer === undefined || this.#fetchedFile(pointer) !== undefined ? undefined : pointerText(pointer);
  }

  /** `git lfs fetch` puts files there; nothing else need be asked. */
  #fetchedFile({ sha256, byteLength }: LfsPointer): string | undefined {
    const folders = ['lfs', 'objects', sha256.slice(0, 2), sha256.slice(2, 4), sha256];
    const file = path.join(this.#repository.commonFolder, ...folders);
    if (!diskSource.files.isFile(file)) return undefined;
    const seen = lookAt(file);
    return seen.kind === 'ok' && seen.value.size === byteLength ? file : undefined;
  }

  #place(file: string): Place | undefined {
    if (this.#places.has(file)) return this.#places.get(file);
    const place = this.#find(file, 0);
    this.#places.set(file, place);
    return place;
  }

  #find(file: string, linkCount: number): Place | undefined {
    const inside = this.#pathInRoot(file);
    if (inside === undefined) return { kind: 'disk', path: file };
    // Git keeps names as they were typed; macOS may list them decomposed.
    const entry = this.#tree.lookup(inside) ?? this.#tree.lookup(inside.normalize('NFC'));
    if (entry === undefined) return isOfEnvironment(inside) ? { kind: 'disk', path: file } : undefined;
    if (entry.kind !== 'outside' || linkCount >= MAX_OUTSIDE_LINKS) return entry;
    return this.#find(path.resolve(this.#repository.root, entry.path), linkCount + 1);
  }

  /** The path from the root with "/"; undefined for what lies elsewhere. */
  #pathInRoot(file: string): string | undefined {
    for (const root of [this.#repository.root, this.#repository.reachedAs]) {
      const relative = path.relative(root, file);
      if (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)) {
        return relative.split(path.sep).join('/');
      }
    }
    return undefined;
  }
}

const MAX_OUTSIDE_LINKS = 8;

/** An environment in the repository's folder (.venv) is no part of its history. */
function isOfEnvironment(pathInRoot: string): boolean {
  return /(^|\/)(site-packages|dist-packages)(\/|$)/.test(pathInRoot);
}

function pointerIn(source: ByteSource): LfsPointer | undefined {
  return source.byteLength >= MAX_POINTER_BYTES ? undefined : parseLfsPointer(source.read(0, source.byteLength));
}

function submoduleText(folder: string, { revision }: GitCommit): string {
  return `"${folder}" is a submodule: its files in "${revision}" are not in this repository, and were not read`;
}
