/**
 * Where a Python program's imports may lie: the workspace folders, then the site-packages of its environment. Found by
 * looking at folders only: no interpreter is started.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Search paths in order: given ones, workspace folders with their src/, then the environment's site-packages. */
export function pythonSearchPaths(
  workspaceFolders: readonly string[],
  given: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const sources = workspaceFolders.flatMap((folder) => [folder, path.join(folder, 'src')]);
  const roots = [
    ...workspaceFolders.flatMap((folder) => [
      path.join(folder, '.venv'),
      path.join(folder, 'venv'),
      path.join(folder, 'env'),
    ]),
    environment['VIRTUAL_ENV'],
    environment['CONDA_PREFIX'],
    ...interpreterRoots(environment['PATH'] ?? ''),
  ];
  const packages = roots.flatMap((root) => (root === undefined ? [] : sitePackages(root)));
  return [...new Set([...given, ...sources.filter((folder) => existsSync(folder)), ...packages])];
}

/** Those of the search paths that hold installed packages: outside of the repository, or an environment within it. */
export function packageFolders(searchPaths: readonly string[], root: string): readonly string[] {
  return searchPaths.filter((folder) => {
    const relative = path.relative(root, folder);
    const isInside = !relative.startsWith('..') && !path.isAbsolute(relative);
    return !isInside || /^(site|dist)-packages$/.test(path.basename(folder));
  });
}

/** PREFIX/lib/python3.*\/site-packages, PREFIX/Lib/site-packages on Windows, Debian's dist-packages. */
function sitePackages(root: string): readonly string[] {
  const windows = path.join(root, 'Lib', 'site-packages');
  if (existsSync(windows)) return [windows];
  return list(path.join(root, 'lib'))
    .filter((name) => /^python3(\.\d+)?$/.test(name))
    .sort((a, b) => minorVersion(b) - minorVersion(a))
    .flatMap((name) => ['site-packages', 'dist-packages'].map((folder) => path.join(root, 'lib', name, folder)))
    .filter((folder) => existsSync(folder));
}

/** Prefixes of the interpreters on PATH: /usr/bin/python3 has prefix /usr. */
function interpreterRoots(searchPath: string): readonly string[] {
  return searchPath
    .split(path.delimiter)
    .filter(
      (folder) =>
        folder !== '' && (existsSync(path.join(folder, 'python3')) || existsSync(path.join(folder, 'python.exe'))),
    )
    .map((folder) => (path.basename(folder) === 'bin' ? path.dirname(folder) : folder));
}

function minorVersion(name: string): number {
  return Number(name.split('.')[1] ?? 0);
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
