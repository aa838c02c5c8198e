/**
 * What a file system refuses, in words: an ELOOP -> "its links lead in a circle". Each is a problem of its file, never a bug
 * of ours.
 */

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EISDIR: 'this is a folder, not a file',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  EACCES: 'there is no permission',
  EPERM: 'there is no permission',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'the file would be too large for the disk',
  EIO: 'the disk reports an error (EIO)',
  EMFILE: 'too many files are open (EMFILE)',
  ENFILE: 'too many files are open (ENFILE)',
  ENXIO: 'nothing is at its other end',
  EAGAIN: 'it has nothing to read',
  EXDEV: 'it lies on another disk',
  ENOTEMPTY: 'a folder that is not empty is in the way',
  EEXIST: 'something is in the way',
  ERR_INVALID_ARG_VALUE: 'its name holds a NUL character',
};

/** What comes of two looks at the same file may differ: too many files are open, a disk or a network fails. */
const PASSING = new Set(['EIO', 'EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY', 'ESTALE', 'ETIMEDOUT', 'ENOMEM']);

/** Codes that say that there is no such file: no fault, but an answer. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR']);

/** Whether the system refused it; false for a mistake of ours. */
export function isFileSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  if (!(error instanceof Error)) return false;
  const { code, syscall }: NodeJS.ErrnoException = error;
  return code !== undefined && (syscall !== undefined || isBadName(error, code));
}

/** As part of a sentence: "net.py cannot be read: its links lead in a circle". */
export function faultText(error: unknown): string {
  if (!isFileSystemError(error)) return error instanceof Error ? error.message : String(error);
  return REASONS[error.code] ?? `the system refuses it (${error.code})`;
}

/** Whether another try may end otherwise. */
export function isPassingFault(error: unknown): boolean {
  return isFileSystemError(error) && PASSING.has(error.code);
}

export function isAbsence(error: unknown): boolean {
  return isFileSystemError(error) && ABSENT.has(error.code);
}

/** Node refuses a path with a NUL before the system sees it. */
function isBadName(error: Error, code: string): boolean {
  return code === 'ERR_INVALID_ARG_VALUE' && error.message.includes('null bytes');
}
