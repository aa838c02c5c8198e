/**
 * Where caches lie: the folder that the user names, else the system's place for caches of this user.
 */
import { homedir } from 'node:os';
import path from 'node:path';

/** LAYERCOST_CACHE_DIR, else the system's place for caches. */
export function defaultCacheFolder(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string {
  const { LAYERCOST_CACHE_DIR: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = environment;
  if (own !== undefined && own !== '') return own;
  if (xdg !== undefined && path.isAbsolute(xdg)) return path.join(xdg, 'layercost');
  if (platform === 'win32') return path.join(local ?? path.join(homedir(), 'AppData/Local'), 'layercost/cache');
  if (platform === 'darwin') return path.join(homedir(), 'Library/Caches/layercost');
  return path.join(homedir(), '.cache/layercost');
}
