/**
 * Where caches lie: answers in the folder that the user names, else in the system's place for caches of this user.
 */
import { homedir } from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** LAYERCOST_CACHE_DIR, else the system's place for caches. Throws where the system knows no home. */
export function defaultCacheFolder(environment: Environment, platform: NodeJS.Platform): string {
  const { LAYERCOST_CACHE_DIR: own } = environment;
  return own === undefined || own === '' ? userCacheFolder(environment, platform) : own;
}

/** The system's place for caches of this user alone. Throws where the system knows no home. */
export function userCacheFolder(environment: Environment, platform: NodeJS.Platform): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = environment;
  if (xdg !== undefined && path.isAbsolute(xdg)) return path.join(xdg, 'layercost');
  if (platform === 'win32') return path.join(local ?? path.join(homedir(), 'AppData/Local'), 'layercost/cache');
  if (platform === 'darwin') return path.join(homedir(), 'Library/Caches/layercost');
  return path.join(homedir(), '.cache/layercost');
}
