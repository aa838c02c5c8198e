// The program that reads a checkout comes from outside of it: installProgram({ version: '0.1.0', ... }) puts that version of
// the npm package into a new folder and says where the program lies. Nothing of the checkout has a say: the folder is new,
// npm is told its settings, and neither it nor the program gets variables that are not named here.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const DEFAULT_REGISTRY = 'https://registry.npmjs.org/';

/** The version that belongs to this script. */
export function ownVersion() {
  const manifest = path.join(path.dirname(fileURLToPath(import.meta.url)), '../package.json');
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}

/** A new folder outside of the checkout: the first of the proposed places that lies there. */
export function newFolder(checkout, places) {
  const place = [...places, tmpdir(), '/tmp', '/var/tmp'].find(
    (each) => each && path.isAbsolute(each) && realpath(each) !== undefined && !isInside(each, checkout),
  );
  if (place === undefined) throw new Error('there is no folder for temporary files outside of the checkout');
  return mkdtempSync(path.join(place, 'layercost-'));
}

/** What both npm and the program need of a system, and no more. */
const KEPT = [
  ...['HOME', 'USERPROFILE', 'TMPDIR', 'TEMP', 'TMP', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TERM', 'NO_COLOR', 'CI'],
  ...['SystemRoot', 'windir', 'ComSpec', 'PATHEXT', 'NUMBER_OF_PROCESSORS'],
];
/** Where packages that models import lie; the program reads them. */
const KEPT_BY_PROGRAM = ['VIRTUAL_ENV', 'CONDA_PREFIX'];
/** How the network is reached. */
const KEPT_BY_NPM = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];

/** The variables of the program: no token, no setting of Node, npm or git, and caches in `folder`, as code is kept there. */
export function programEnvironment(env, { checkout, folder }) {
  return {
    ...kept(env, [...KEPT, ...KEPT_BY_PROGRAM], checkout, folder),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    LOCALAPPDATA: path.join(folder, 'cache'),
    LAYERCOST_CACHE_DIR: path.join(folder, 'cache/answers'),
  };
}

/** Throws with one sentence where it cannot be installed. The file of the program. */
export function installProgram({ version, registry, folder, checkout, env }) {
  if (!/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/.test(version)) {
    throw new Error(`"${version}" is not an exact version of an npm package, such as 0.1.0`);
  }
  const url = new URL(registry || DEFAULT_REGISTRY);
  if (url.protocol !== 'https:' && url.hostname !== '127.0.0.1') throw new Error(`"${url.href}" is not https`);
  const place = path.join(folder, 'program');
  mkdirSync(place);
  // A package of its own, so that npm looks no further up.
  writeFileSync(path.join(place, 'package.json'), '{"private":true}');
  // npm refuses one file for both.
  for (const name of ['user', 'global']) writeFileSync(path.join(folder, `${name}.npmrc`), '');
  const args = [
    ...['install', `layercost@${version}`, '--prefix', place, '--registry', url.href],
    ...['--userconfig', path.join(folder, 'user.npmrc'), '--globalconfig', path.join(folder, 'global.npmrc')],
    ...['--cache', path.join(folder, 'npm'), '--save-exact', '--no-audit', '--no-fund', '--no-update-notifier'],
    ...['--ignore-scripts', '--no-workspaces', '--loglevel', 'error'],
  ];
  const { status, error, stderr } = spawnSync(process.execPath, [npmProgram(env, checkout), ...args], {
    cwd: place,
    env: { ...kept(env, [...KEPT, ...KEPT_BY_NPM], checkout, folder), HOME: folder, USERPROFILE: folder },
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new Error(`layercost ${version} cannot be installed: ${error?.message ?? stderr.trim().split('\n')[0]}`);
  }
  rmSync(path.join(folder, 'npm'), { recursive: true, force: true });
  const installed = path.join(place, 'node_modules/layercost');
  const manifest = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'));
  if (manifest.version !== version) throw new Error(`the registry gave layercost ${manifest.version}, not ${version}`);
  return path.join(installed, 'dist/cli.js');
}

/** npm as a script that Node runs, beside Node or on PATH: so that no shell is needed, nor a program of the checkout. */
function npmProgram(env, checkout) {
  const beside = path.dirname(process.execPath);
  const onPath = outsidePath(env.PATH ?? env.Path ?? '', checkout).split(path.delimiter);
  const candidates = [
    path.join(beside, '../lib/node_modules/npm/bin/npm-cli.js'),
    path.join(beside, 'node_modules/npm/bin/npm-cli.js'),
    ...onPath.map((folder) => path.join(folder, 'node_modules/npm/bin/npm-cli.js')),
    ...onPath.map((folder) => path.join(folder, 'npm')),
  ];
  for (const candidate of candidates) {
    const file = realpath(candidate);
    if (file !== undefined && path.basename(file) === 'npm-cli.js' && !isInside(file, checkout)) return file;
  }
  throw new Error('npm was not found beside Node or on PATH, outside of the checkout');
}

/** Absolute folders outside of the checkout. */
function outsidePath(searchPath, checkout) {
  return searchPath
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder) && realpath(folder) !== undefined && !isInside(folder, checkout))
    .join(path.delimiter);
}

function kept(env, names, checkout, folder) {
  const given = names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  const places = { HOME: folder, USERPROFILE: folder, TMPDIR: folder, TEMP: folder, TMP: folder };
  return {
    ...Object.fromEntries(
      given.map(([name, value]) => [name, name in places && isInside(value, checkout) ? places[name] : value]),
    ),
    PATH: outsidePath(env.PATH ?? env.Path ?? '', checkout),
  };
}

/** Links are followed. */
export function isInside(file, folder) {
  const relative = path.relative(realpath(folder) ?? folder, realpath(file) ?? path.resolve(file));
  return relative === '' || (relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative));
}

function realpath(file) {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}
