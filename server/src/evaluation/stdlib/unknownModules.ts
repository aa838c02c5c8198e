/**
 * Modules of which nothing can be known without running the program: every name is unknown, and says why.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';

const REASONS: readonly (readonly [string, string])[] = [
  ['random values are not known', 'random uuid secrets'],
  ['the time is not known', 'time datetime timeit calendar sched zoneinfo'],
  [
    'files are not read',
    'pickle shelve tempfile shutil glob zipfile tarfile io csv configparser fileinput mmap gzip bz2 lzma',
  ],
  ['nothing is fetched', 'urllib urllib.request urllib.parse urllib.error http http.client requests socket ssl ftplib'],
  [
    'no process is started',
    'subprocess signal multiprocessing threading queue concurrent concurrent.futures asyncio atexit',
  ],
  ['the interpreter is not asked', 'gc ctypes tracemalloc resource faulthandler pdb dis ast tokenize code codeop'],
  ['hashes and codings are not computed', 'hashlib hmac base64 binascii zlib struct array codecs'],
  ['it is not modelled', 'decimal fractions pprint pkgutil runpy sqlite3 xml unittest'],
];

export const unknownModules: readonly NativeModuleDefinition[] = REASONS.flatMap(([reason, names]) =>
  names.split(' ').map((name): NativeModuleDefinition => ({
    name,
    members: () => new Map(),
    missing: (runtime, member) => runtime.unknown(`${name}.${member}: ${reason}`),
  })),
);
