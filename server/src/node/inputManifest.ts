/**
 * What an answer rests on, to lie in a cache: hashes of texts, places where modules were looked for, windows of bytes.
 * As long as all of it is as it was, the analysis would give the same answer, and need not run.
 */
import type { FileTrail } from '../evaluation/fileTrail.ts';
import { count, decode, list, record, refuse, text, type Decoder } from '../gate/decode.ts';
import type { FileSource } from './fileSource.ts';
import { hashText, hashWindows, type BytesRead, type InputRecorder } from './inputRecorder.ts';

export interface InputManifest {
  /** File and the hash of its text; null where it could not be read. */
  readonly texts: readonly (readonly [string, string | null])[];
  readonly presentFiles: readonly string[];
  readonly absentFiles: readonly string[];
  readonly presentFolders: readonly string[];
  readonly absentFolders: readonly string[];
  readonly bytes: readonly BytesRead[];
}

/** Undefined where something was read that the recorder did not see. */
export function manifestOf(trail: FileTrail, recorder: InputRecorder): InputManifest | undefined {
  const texts = [...trail.files].sort().map((file) => [file, recorder.textHash(file)] as const);
  const known = texts.flatMap(([file, hash]) => (hash === undefined ? [] : [[file, hash] as const]));
  if (known.length < texts.length) return undefined;
  const probes = [...trail.probes];
  const paths = (kind: 'file' | 'directory', isThere: boolean): readonly string[] =>
    [
      ...new Set(probes.flatMap((probe) => (probe.kind === kind && probe.isThere === isThere ? [probe.path] : []))),
    ].sort();
  return {
    texts: known,
    presentFiles: paths('file', true),
    absentFiles: paths('file', false),
    presentFolders: paths('directory', true),
    absentFolders: paths('directory', false),
    bytes: recorder.takeBytes(),
  };
}

/** Undefined where what a cache holds is no manifest. */
export function readManifest(json: unknown): InputManifest | undefined {
  const read = decode(manifest, json);
  return read.kind === 'ok' ? read.value : undefined;
}

function pair<A, B>(first: Decoder<A>, second: Decoder<B>): Decoder<readonly [A, B]> {
  return (value, path) => {
    const items = list(anything)(value, path);
    return items.length === 2
      ? [first(items[0], `${path}[0]`), second(items[1], `${path}[1]`)]
      : refuse(items.length, `${path}.length`, '2');
  };
}

const anything: Decoder<unknown> = (value) => value;
const hashOrNull: Decoder<string | null> = (value, path) => (value === null ? null : text(value, path));

const manifest = record<InputManifest>({
  texts: list(pair(text, hashOrNull)),
  presentFiles: list(text),
  absentFiles: list(text),
  presentFolders: list(text),
  absentFolders: list(text),
  bytes: list(record<BytesRead>({ file: text, byteLength: count, windows: list(pair(count, count)), hash: text })),
});

/** Compares manifests with the files as they are now; each file is looked at once in the checker's life. */
export function createManifestChecker(source: FileSource): (manifest: InputManifest) => boolean {
  const { files } = source;
  const texts = new Map<string, string | null>();
  const areFiles = new Map<string, boolean>();
  const areFolders = new Map<string, boolean>();
  const textHash = (file: string): string | null =>
    remember(texts, file, () => {
      const text = files.readText(file);
      return text === undefined ? null : hashText(text);
    });
  const isFile = (path: string): boolean => remember(areFiles, path, () => files.isFile(path));
  const isFolder = (path: string): boolean => remember(areFolders, path, () => files.isDirectory(path));
  return (manifest) =>
    manifest.texts.every(([file, hash]) => textHash(file) === hash) &&
    manifest.presentFiles.every(isFile) &&
    !manifest.absentFiles.some(isFile) &&
    manifest.presentFolders.every(isFolder) &&
    !manifest.absentFolders.some(isFolder) &&
    manifest.bytes.every((read) => hashWindows(source, read) === read.hash);
}

function remember<T>(memory: Map<string, T>, key: string, make: () => T): T {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const made = make();
  memory.set(key, made);
  return made;
}
