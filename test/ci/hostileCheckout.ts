/**
 * A repository that tries to be run by whoever looks at it: everything that npm, Node, shells and git read from a folder or
 * from an environment that points into it leads to a script that writes down its name and what it could steal.
 */
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gitSandbox, type GitSandbox } from '../node/git/gitSandbox.ts';
import { root } from './runAction.ts';

export interface HostileCheckout {
  readonly repository: GitSandbox;
  /** The commit before all of it came. */
  readonly base: string;
  /** Variables of a job whose steps trusted the checkout too much. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of what ran, with its environment. */
  readonly loot: () => readonly string[];
  readonly remove: () => void;
}

export const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
};

const NET = `from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(4, WIDTH)

    def forward(self, x):
        return self.head(x)
`;

const PROGRAMS = [
  'layercost',
  'node',
  'npm',
  'npx',
  'git',
  'sh',
  'bash',
  'env',
  'mktemp',
  'mkdir',
  'rm',
  'cat',
  'printf',
  'python3',
];
const HOOKS = [
  'pre-commit',
  'post-checkout',
  'post-index-change',
  'reference-transaction',
  'fsmonitor-watchman',
  'pre-auto-gc',
];

/** `registryUrl` is one that nobody is to ask. */
export function hostileCheckout(registryUrl: string): HostileCheckout {
  const stolen = mkdtempSync(path.join(tmpdir(), 'layercost-loot-'));
  const repository = gitSandbox('hostile');
  const { folder } = repository;
  repository.write({
    'net.py': NET.replace('WIDTH', '8'),
    'layercost.json': JSON.stringify({ entries: [{ model: 'net.py:Net', input: '1x4', budgets: { params: '1K' } }] }),
  });
  const base = repository.commit('a model');
  const shell = (name: string): string =>
    `#!/bin/sh\n/usr/bin/env > "${stolen}/${name.replaceAll('/', '_')}"\nexit 0\n`;
  const script = (name: string): string =>
    `require('fs').writeFileSync(${JSON.stringify(path.join(stolen, name))}, JSON.stringify(process.env));\n`;
  const manifest = {
    name: 'layercost',
    version,
    bin: { layercost: 'cli.js' },
    scripts: Object.fromEntries(
      ['preinstall', 'install', 'postinstall', 'prepare', 'prepack', 'preprepare'].map((name) => [
        name,
        './evil.sh script',
      ]),
    ),
    workspaces: ['**'],
    dependencies: { layercost: 'file:node_modules/layercost' },
  };
  repository.write({
    'net.py': NET.replace('WIDTH', '9'),
    'package.json': JSON.stringify({ ...manifest, name: 'project' }),
    'node_modules/layercost/package.json': JSON.stringify(manifest),
    'node_modules/layercost/cli.js': `#!/usr/bin/env node\n${script('node_modules')}`,
    'node_modules/layercost/dist/cli.js': script('node_modules-dist'),
    ...Object.fromEntries(PROGRAMS.map((name) => [`node_modules/.bin/${name}`, shell(`bin-${name}`)])),
    ...Object.fromEntries(PROGRAMS.map((name) => [name, shell(`root-${name}`)])),
    '.npmrc': [
      `registry=${registryUrl}`,
      `@layercost:registry=${registryUrl}`,
      'node-options=--require ./evil.cjs',
      'script-shell=./evil.sh',
      'git=./evil.sh',
      'ignore-scripts=false',
      'prefix=.',
      'cache=.npm',
      'init-module=./evil.cjs',
    ].join('\n'),
    'evil.cjs': script('require'),
    'evil.sh': shell('evil.sh'),
    '.env': 'NODE_OPTIONS=--require ./evil.cjs\n',
    '.envrc': '. ./evil.sh\n',
    '.bashrc': '. ./evil.sh\n',
    'sitecustomize.py': `open(${JSON.stringify(path.join(stolen, 'python'))}, 'w')\n`,
    'conftest.py': `open(${JSON.stringify(path.join(stolen, 'conftest'))}, 'w')\n`,
    'setup.py': `open(${JSON.stringify(path.join(stolen, 'setup'))}, 'w')\n`,
    'node.config.json': JSON.stringify({ nodeOptions: { require: ['./evil.cjs'] } }),
    '.gitattributes': '* filter=evil diff=evil merge=evil\n',
    '.gitmodules': '[submodule "sub"]\n\tpath = sub\n\turl = ext::./evil.sh\n\tupdate = !./evil.sh\n',
    '.gitconfig': gitConfiguration(folder),
    '.husky/pre-commit': shell('husky'),
    'hooks/placeholder': '',
    ...Object.fromEntries(HOOKS.map((name) => [`hooks/${name}`, shell(`hooks-${name}`)])),
  });
  for (const name of executables(folder)) chmodSync(path.join(folder, name), 0o755);
  repository.git('add', '--all', '--force');
  repository.commit('a hostile change');
  // No clone brings these along; an archive of a work tree does.
  writeFileSync(path.join(folder, '.git/config'), gitConfiguration(folder), { flag: 'a' });
  for (const name of HOOKS) {
    writeFileSync(path.join(folder, '.git/hooks', name), shell(`git-hooks-${name}`));
    chmodSync(path.join(folder, '.git/hooks', name), 0o755);
  }
  return {
    repository,
    base,
    environment: {
      PATH: `${folder}/node_modules/.bin:node_modules/.bin:.:${folder}:${process.env['PATH'] ?? ''}`,
      HOME: folder,
      NODE_OPTIONS: `--require ${folder}/evil.cjs`,
      NODE_PATH: path.join(folder, 'node_modules'),
      BASH_ENV: path.join(folder, 'evil.sh'),
      ENV: path.join(folder, 'evil.sh'),
      TMPDIR: folder,
      XDG_CACHE_HOME: path.join(folder, '.cache'),
      LAYERCOST_CACHE_DIR: path.join(folder, '.cache'),
      npm_config_registry: registryUrl,
      npm_config_userconfig: path.join(folder, '.npmrc'),
      npm_config_globalconfig: path.join(folder, '.npmrc'),
      NPM_CONFIG_PREFIX: folder,
      NPM_CONFIG_NODE_OPTIONS: `--require ${folder}/evil.cjs`,
      GIT_CONFIG_GLOBAL: path.join(folder, '.gitconfig'),
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.fsmonitor',
      GIT_CONFIG_VALUE_0: path.join(folder, 'evil.sh'),
      GIT_EXEC_PATH: path.join(folder, 'node_modules/.bin'),
      GIT_EXTERNAL_DIFF: path.join(folder, 'evil.sh'),
      GIT_SSH_COMMAND: path.join(folder, 'evil.sh'),
      GIT_ASKPASS: path.join(folder, 'evil.sh'),
      GIT_PAGER: path.join(folder, 'evil.sh'),
      PYTHONPATH: folder,
    },
    loot: () => readdirSync(stolen).map((name) => `${name}: ${readFileSync(path.join(stolen, name), 'utf8')}`),
    remove() {
      repository.remove();
      rmSync(stolen, { recursive: true, force: true });
    },
  };
}

/** Every setting of git that names a program. */
function gitConfiguration(folder: string): string {
  const evil = path.join(folder, 'evil.sh');
  return `
[core]
	fsmonitor = ${evil}
	hooksPath = ${folder}/hooks
	sshCommand = ${evil}
	pager = ${evil}
	editor = ${evil}
	askPass = ${evil}
	gitProxy = ${evil}
	alternateRefsCommand = ${evil}
[pager]
	rev-parse = ${evil}
	ls-tree = ${evil}
	cat-file = ${evil}
	merge-base = ${evil}
[alias]
	rev-parse = !${evil}
	ls-tree = !${evil}
	cat-file = !${evil}
[filter "evil"]
	clean = ${evil}
	smudge = ${evil}
	process = ${evil}
	required = true
[diff]
	external = ${evil}
[diff "evil"]
	textconv = ${evil}
	command = ${evil}
[merge "evil"]
	driver = ${evil}
[credential]
	helper = !${evil}
[gpg]
	program = ${evil}
[uploadpack]
	packObjectsHook = ${evil}
[remote "origin"]
	url = ext::${evil}
	vcs = evil
	uploadpack = ${evil}
	promisor = true
	partialclonefilter = blob:none
[protocol "ext"]
	allow = always
[submodule "sub"]
	update = !${evil}
[maintenance]
	auto = true
[gc]
	auto = 1
`;
}

function executables(folder: string): readonly string[] {
  const bin = 'node_modules/.bin';
  return [
    ...readdirSync(path.join(folder, bin)).map((name) => path.join(bin, name)),
    ...PROGRAMS,
    ...HOOKS.map((name) => `hooks/${name}`),
    'evil.sh',
    '.husky/pre-commit',
    'node_modules/layercost/cli.js',
  ].filter((name) => existsSync(path.join(folder, name)));
}
