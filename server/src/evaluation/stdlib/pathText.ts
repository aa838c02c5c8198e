/**
 * POSIX paths as text: joinPaths(["a", "b.py"]) -> "a/b.py", normalizePath("a//./b/../c") -> "a/c",
 * splitExtension("x.tar.gz") -> ["x.tar", ".gz"].
 */

export function joinPaths(parts: readonly string[]): string {
  return parts.reduce((path, part) => {
    if (part.startsWith('/')) return part;
    return path === '' || path.endsWith('/') ? path + part : `${path}/${part}`;
  });
}

/** Folder (without slashes at its end, but for the root) and last part. */
export function splitPath(path: string): readonly [string, string] {
  const at = path.lastIndexOf('/') + 1;
  const head = path.slice(0, at);
  return [/^\/+$/.test(head) ? head : head.replace(/\/+$/, ''), path.slice(at)];
}

/** Everything before the last dot of the last part, and the rest; leading dots belong to the name. */
export function splitExtension(path: string): readonly [string, string] {
  const nameAt = path.lastIndexOf('/') + 1;
  const dot = path.lastIndexOf('.');
  const isExtension = dot > nameAt && /[^.]/.test(path.slice(nameAt, dot));
  return isExtension ? [path.slice(0, dot), path.slice(dot)] : [path, ''];
}

export function normalizePath(path: string): string {
  if (path === '') return '.';
  const slashes = path.startsWith('//') && !path.startsWith('///') ? '//' : path.startsWith('/') ? '/' : '';
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || slashes === '') parts.push(part);
  }
  return slashes + parts.join('/') || '.';
}
