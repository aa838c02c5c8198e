/**
 * Names of the modules that come with Python, to tell "not modelled" from "not installed".
 * Source: `sys.stdlib_module_names` of CPython 3.11.
 */
const STANDARD_MODULES: ReadonlySet<string> = new Set(
  `
    abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect
    builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall
    concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm
    decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp
    fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip
    hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword
    lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt
    multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator optparse os ossaudiodev
    pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats
    pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource
    rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket
    socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct
    subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap this
    threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types
    typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref
    xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
  `
    .trim()
    .split(/\s+/),
);

/** Whether a (dotted) module belongs to Python itself. */
export function isStandardModule(name: string): boolean {
  return STANDARD_MODULES.has(name.replace(/\..*$/s, ''));
}

/**
 * Modules that Python has loaded, or built in, before it looks for any file: a file of such a name is never imported.
 * Source: `sys.modules` at start and `sys.builtin_module_names` of CPython 3.11.
 */
const LOADED_AT_START: ReadonlySet<string> = new Set([
  ...['abc', 'atexit', 'builtins', 'codecs', 'encodings', 'errno', 'faulthandler', 'gc', 'genericpath', 'io'],
  ...['itertools', 'marshal', 'os', 'posix', 'posixpath', 'pwd', 'signal', 'site', 'stat', 'sys', 'time', 'zipimport'],
  ...['_abc', '_codecs', '_collections_abc', '_functools', '_io', '_operator', '_thread', '_warnings', '_weakref'],
]);

export function isLoadedAtStart(name: string): boolean {
  return LOADED_AT_START.has(name);
}
