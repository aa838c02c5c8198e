/**
 * Paths as configurations write them, with "/": relativePath("/work/app", "/work/lib/net.py") -> "../lib/net.py".
 * Texts only: nothing is looked up.
 */

/** Undefined where the two have no root in common, as on two drives. */
export function relativePath(folder: string, file: string): string | undefined {
  const from = parts(folder);
  const to = parts(file);
  if (from[0] !== to[0]) return undefined;
  let common = 0;
  while (common < from.length && from[common] === to[common]) common++;
  return [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/');
}

/** The folder of a file: "/work/app/layercost.json" -> "/work/app". */
export function folderOf(file: string): string {
  return parts(file).slice(0, -1).join('/') || '/';
}

/** "./models/../net.py" -> "net.py". */
export function normalPath(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else kept.push(part);
  }
  return kept.join('/');
}

/** An absolute path starts with "" on POSIX and with a drive on Windows. */
function parts(path: string): readonly string[] {
  const all = path.replaceAll('\\', '/').split('/');
  return all.at(-1) === '' ? all.slice(0, -1) : all;
}
