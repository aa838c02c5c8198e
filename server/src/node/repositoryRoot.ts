/**
 * The folder of the repository that a folder lies in: the nearest one upward with a `.git`.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Undefined outside of any. */
export function repositoryRoot(folder: string): string | undefined {
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    // A file in work trees and submodules.
    if (existsSync(path.join(current, '.git'))) return current;
    if (current === path.dirname(current)) return undefined;
  }
}
