/**
 * What "model" of an entry names: one model, or a glob of many.
 * "models/net.py:Net" -> a target; "models/**\/*.py:*Net" -> files "models/**\/*.py" and names "*Net".
 */
import { parseTarget, type Target } from './target.ts';

export type ModelPattern =
  | { readonly kind: 'target'; readonly target: Target }
  | {
      readonly kind: 'glob';
      /** A glob of files, relative to the configuration's folder, with "/". */
      readonly files: string;
      readonly isOnnx: boolean;
      /** A glob of names; undefined is the first model of each file. */
      readonly names: string | undefined;
    };

export type ModelPatternResult =
  { readonly kind: 'ok'; readonly pattern: ModelPattern } | { readonly kind: 'invalid'; readonly message: string };

const FORMS = 'file.py, file.py:Name, package.module:name, file.onnx, or a glob such as "models/**/*.py:*Net"';

/** Matching takes time that grows fast with these: by a power of the wildcards, on long names. */
const MAX_PATTERN_LENGTH = 500;
const MAX_STARS_IN_SEGMENT = 3;
const MAX_FOLDER_STARS = 2;

export function parseModelPattern(text: string): ModelPatternResult {
  if (text.length > MAX_PATTERN_LENGTH) return invalid(`is longer than ${MAX_PATTERN_LENGTH} characters`);
  if (/^([\\/]|[A-Za-z]:)/.test(text)) {
    return invalid('is an absolute path; write it relative to the folder of the configuration');
  }
  if (/\\(?![*?[\]{}()!\\])/.test(text)) return invalid('has a "\\"; folders are separated by "/"');
  if (/\.onnx:/i.test(text)) return invalid('names a model in an .onnx file, which has one only');
  if (!isGlob(text)) {
    const target = parseTarget(text);
    return target === undefined ? invalid(`is none of ${FORMS}`) : { kind: 'ok', pattern: { kind: 'target', target } };
  }
  const match = /^(.+\.(?:pyi?|(onnx)))(?::([^:/]+))?$/i.exec(text);
  const [, files, onnx, names] = match ?? [];
  if (files === undefined) return invalid(`is none of ${FORMS}`);
  const hasMany = [...files.split('/'), names ?? ''].some((part) => starCount(part) > MAX_STARS_IN_SEGMENT);
  if (hasMany) return invalid(`has more than ${MAX_STARS_IN_SEGMENT} "*" in one name`);
  if (files.split('**').length - 1 > MAX_FOLDER_STARS) return invalid(`has more than ${MAX_FOLDER_STARS} "**"`);
  return { kind: 'ok', pattern: { kind: 'glob', files, isOnnx: onnx !== undefined, names } };
}

/** Whether a text is a glob's, for picomatch and tinyglobby alike. */
export function isGlob(text: string): boolean {
  return /[*?[\]{}()!]/.test(text);
}

/** The options of every match: no extended globs, as they can take forever; "*" matches no hidden file. */
export const GLOB_OPTIONS = { dot: false, noextglob: true } as const;

function starCount(part: string): number {
  return part.replaceAll('**', '*').split(/[*]/).length - 1;
}

function invalid(message: string): ModelPatternResult {
  return { kind: 'invalid', message };
}
