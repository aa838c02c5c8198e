/**
 * The module `argparse`: parse_args gives a namespace of the defaults, as if the program was called without arguments.
 * add_argument("--lr", type=float, default=0.1) -> namespace.lr is 0.1; what must be given is unknown.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyDict, PyInstance, PyList, PyTuple, type PyClass, type Value } from '../values.ts';
import { keyOf } from '../containers.ts';
import { members, mergeMembers } from '../builtins/define.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';
import { oncePerRuntime } from '../builtins/lazily.ts';
import { nativeClass } from '../builtins/nativeClass.ts';

const NOTHING = (): Value => null;

const INERT = [
  'HelpFormatter',
  'RawTextHelpFormatter',
  'RawDescriptionHelpFormatter',
  'ArgumentDefaultsHelpFormatter',
  'MetavarTypeHelpFormatter',
  'Action',
  'FileType',
];

export const argparseModule: NativeModuleDefinition = {
  name: 'argparse',
  members: (runtime) =>
    mergeMembers(
      new Map<string, Value>([
        ['ArgumentParser', parserClass(runtime)],
        ['Namespace', namespaceClass(runtime)],
        ['BooleanOptionalAction', 'boolean_optional'],
        ['SUPPRESS', '==SUPPRESS=='],
        ['REMAINDER', '...'],
        [
          'ArgumentError',
          nativeClass(runtime, 'argparse.ArgumentError', { bases: [runtime.builtinClass('Exception')] }),
        ],
        [
          'ArgumentTypeError',
          nativeClass(runtime, 'argparse.ArgumentTypeError', { bases: [runtime.builtinClass('Exception')] }),
        ],
        ...INERT.map((name): [string, Value] => [name, nativeClass(runtime, `argparse.${name}`)]),
      ]),
    ),
};

const namespaceClass = oncePerRuntime((runtime) =>
  nativeClass(runtime, 'argparse.Namespace', {
    members: members('argparse.Namespace', {
      '__init__(self, **kwargs)': (_, self, kwargs) => {
        for (const [name, value] of keywordsOf(kwargs)) runtime.setAttribute(self, name, value);
        return null;
      },
      '__contains__(self, key)': (_, self, key) =>
        typeof key === 'string' && self instanceof PyInstance && self.attributes.has(key),
      '__eq__(self, other)': (_, self, other) => {
        const [a, b] = [runtime.attributesOf(self), runtime.attributesOf(other)];
        return a !== undefined && b !== undefined && runtime.compare('==', a, b);
      },
      '__repr__(self)': (_, self) => {
        const attributes = self instanceof PyInstance ? [...self.attributes] : [];
        return `Namespace(${attributes.map(([name, value]) => `${name}=${runtime.repr(value)}`).join(', ')})`;
      },
    }),
  }),
);

/** Groups and subparsers share the defaults of their parser. */
const parserClass = oncePerRuntime((runtime): PyClass => {
  const cls = nativeClass(runtime, 'argparse.ArgumentParser', {
    members: members('argparse.ArgumentParser', {
      '__init__(self, *args, **kwargs)': (_, self, __, kwargs) => {
        const defaults = new PyDict();
        const parents = keywordsOf(kwargs).get('parents');
        for (const parent of parents === undefined ? [] : runtime.iterate(parents)) {
          for (const [key, entry] of defaultsOf(runtime, parent).entries) defaults.entries.set(key, entry);
        }
        runtime.setAttribute(self, '_defaults', defaults);
        return null;
      },
      'add_argument(self, *flags, **options)': (_, self, flags, options) => addArgument(runtime, self, flags, options),
      'set_defaults(self, **values)': (_, self, values) => {
        for (const [name, value] of keywordsOf(values)) setDefault(runtime, self, name, value);
        return null;
      },
      'get_default(self, dest)': (_, self, name) => defaultsOf(runtime, self).entries.get(keyOf(name))?.value ?? null,
      'add_argument_group(self, *args, **kwargs)': (_, self) => self,
      'add_mutually_exclusive_group(self, *args, **kwargs)': (_, self) => self,
      'add_subparsers(self, **kwargs)': (_, self, options) => {
        const name = keywordsOf(options).get('dest');
        if (typeof name === 'string') setDefault(runtime, self, name, null);
        return runtime.call(cls);
      },
      'add_parser(self, name, **kwargs)': () => runtime.call(cls),
      'parse_args(self, args=None, namespace=None)': (_, self, args, namespace) =>
        parse(runtime, self, args, namespace),
      'parse_known_args(self, args=None, namespace=None)': (_, self, args, namespace) =>
        new PyTuple([parse(runtime, self, args, namespace), new PyList([])]),
      'print_help(self, *args)': NOTHING,
      'print_usage(self, *args)': NOTHING,
      'register(self, *args)': NOTHING,
      'format_help(self)': () => runtime.unknown('the text of a help message'),
      'error(self, message)': () => runtime.raise('SystemExit', '2'),
      'exit(self, status=0, message=None)': () => runtime.raise('SystemExit', '0'),
    }),
  });
  return cls;
});

function defaultsOf(runtime: Runtime, parser: Value): PyDict {
  const defaults = runtime.getAttribute(parser, '_defaults');
  return defaults instanceof PyDict ? defaults : new PyDict();
}

function setDefault(runtime: Runtime, parser: Value, name: string, value: Value): void {
  const defaults = defaultsOf(runtime, parser);
  runtime.mutating(defaults);
  defaults.entries.set(keyOf(name), { key: name, value });
}

function addArgument(runtime: Runtime, parser: Value, flags: Value, options: Value): Value {
  const names = flags instanceof PyTuple ? flags.items.filter((flag) => typeof flag === 'string') : [];
  const given = keywordsOf(options);
  const name = destination(names, given.get('dest'));
  if (name === undefined || given.get('default') === '==SUPPRESS==' || given.get('action') === 'help') return null;
  setDefault(runtime, parser, name, defaultValue(runtime, name, names, given));
  return null;
}

/** "--learning-rate", "-l" -> "learning_rate" */
function destination(flags: readonly string[], given: Value | undefined): string | undefined {
  if (typeof given === 'string') return given;
  const long = flags.find((flag) => flag.startsWith('--')) ?? flags[0];
  return long?.replace(/^-+/, '').replaceAll('-', '_');
}

function defaultValue(
  runtime: Runtime,
  name: string,
  flags: readonly string[],
  options: ReadonlyMap<string, Value>,
): Value {
  const value = options.get('default');
  if (value !== undefined) {
    const type = options.get('type');
    // argparse converts defaults that are text.
    return typeof value === 'string' && type !== undefined && type !== null ? runtime.call(type, [value]) : value;
  }
  const action = options.get('action');
  if (action === 'store_true') return false;
  if (action === 'store_false') return true;
  const isPositional = flags[0]?.startsWith('-') === false;
  const nargs = options.get('nargs');
  const isRequired = options.get('required') === true || (isPositional && nargs !== '?' && nargs !== '*');
  if (isRequired) return runtime.unknown(`the argument ${name} of the command line`);
  return isPositional && nargs === '*' ? new PyList([]) : null;
}

/** Arguments that the code itself gives are not read: the options they may set are unknown then. */
function parse(runtime: Runtime, parser: Value, args: Value, namespace: Value): Value {
  const result = namespace ?? runtime.call(namespaceClass(runtime));
  const isEmpty = args === null || (args instanceof PyList && args.items.length === 0);
  runtime.assume('The arguments of the command line are taken at their defaults.');
  for (const { key, value } of defaultsOf(runtime, parser).entries.values()) {
    if (typeof key !== 'string') continue;
    runtime.setAttribute(result, key, isEmpty ? value : runtime.unknown(`the argument ${key} of the command line`));
  }
  return result;
}
