/**
 * What dist/cli.js, dist/server.js, dist/serverWorker.js and dist/checkWorker.js are: they run dist/programs/NAME.js with its code cache.
 * The build puts name and digest in. Without a writable cache folder they run as well, only later.
 */
import path from 'node:path';
import { userCacheFolder } from './cacheFolder.ts';
import { repositoryRoot } from './repositoryRoot.ts';
import { runWithCodeCache } from './codeCache.ts';

declare const LAYERCOST_PROGRAM: string;
declare const LAYERCOST_PROGRAM_DIGEST: string;

runWithCodeCache({
  file: path.join(__dirname, 'programs', `${LAYERCOST_PROGRAM}.js`),
  digest: LAYERCOST_PROGRAM_DIGEST,
  filename: __filename,
  folder: cacheFolder(),
});

/** Of this user alone, and no folder of answers, which a repository may bring along: what lies there is run. */
function cacheFolder(): string | undefined {
  try {
    const folder = userCacheFolder(process.env, process.platform);
    // Where XDG_CACHE_HOME points into a work tree, somebody may have committed what lies there.
    return repositoryRoot(folder) === undefined ? folder : undefined;
  } catch {
    return undefined;
  }
}
