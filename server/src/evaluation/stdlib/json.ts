/**
 * The module `json`: loads and dumps as CPython does them; files are unknown.
 * json.dumps({"a": [1, 2.0]}) -> '{"a": [1, 2.0]}', json.loads('[1e3]') -> [1000.0].
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyDict, PyFloat, PyInstance, PyList, PyRaise, PyTuple, PyUnknown, type Value } from '../values.ts';
import { members, mergeMembers } from '../builtins/define.ts';
import { reprFloat } from '../builtins/floatText.ts';
import { keywordsOf } from '../builtins/genericAlias.ts';
import { oncePerRuntime } from '../builtins/lazily.ts';
import { nativeClass } from '../builtins/nativeClass.ts';
import { unbox } from '../builtins/unbox.ts';
import { unknownText } from '../builtins/unknownText.ts';
import { JsonError, parseJson } from './jsonReader.ts';

export const jsonModule: NativeModuleDefinition = {
  name: 'json',
  members: (runtime) =>
    mergeMembers(
      members('json', {
        'loads(s, **options)': (_, text, options) => {
          const plain = unbox(text);
          if (plain instanceof PyUnknown) return plain;
          if (typeof plain !== 'string' || keywordsOf(options).size > 0) {
            return runtime.unknown('json.loads with options, or of something else than a str');
          }
          return load(runtime, plain);
        },
        'dumps(obj, *, skipkeys=False, ensure_ascii=True, indent=None, separators=None, default=None, sort_keys=False, **options)':
          (_, object, __, ascii, indent, separators, fallback, sortKeys) => {
            const unknown = unknownText(runtime, object);
            if (unknown !== undefined) return unknown;
            const [itemSeparator, keySeparator] = separators instanceof PyTuple ? separators.items : [];
            const writer: Writer = {
              runtime,
              isAscii: ascii !== false,
              indent:
                typeof indent === 'number'
                  ? ' '.repeat(Math.max(0, Math.min(indent, 64)))
                  : typeof indent === 'string'
                    ? indent
                    : undefined,
              itemSeparator: typeof itemSeparator === 'string' ? itemSeparator : indent === null ? ', ' : ',',
              keySeparator: typeof keySeparator === 'string' ? keySeparator : ': ',
              fallback,
              sortsKeys: sortKeys === true,
            };
            return write(writer, object, '', 0);
          },
        'load(fp, **options)': () => runtime.unknown('json.load reads a file'),
        'dump(obj, fp, **options)': () => null,
      }),
      new Map<string, Value>([
        ['JSONDecodeError', decodeError(runtime)],
        ['JSONEncoder', nativeClass(runtime, 'json.JSONEncoder')],
        ['JSONDecoder', nativeClass(runtime, 'json.JSONDecoder')],
      ]),
    ),
};

const decodeError = oncePerRuntime((runtime) =>
  nativeClass(runtime, 'json.JSONDecodeError', { bases: [runtime.builtinClass('ValueError')] }),
);

function load(runtime: Runtime, text: string): Value {
  try {
    return parseJson(text, (count) => runtime.step(count));
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const before = text.slice(0, error.at);
    const line = before.split('\n').length;
    const column = error.at - before.lastIndexOf('\n');
    const message = `${error.message}: line ${line} column ${column} (char ${error.at})`;
    const exception = runtime.call(decodeError(runtime), [message]);
    if (exception instanceof PyInstance) throw new PyRaise(exception, runtime.callStack());
    return exception;
  }
}

interface Writer {
  readonly runtime: Runtime;
  readonly isAscii: boolean;
  readonly indent: string | undefined;
  readonly itemSeparator: string;
  readonly keySeparator: string;
  readonly fallback: Value;
  readonly sortsKeys: boolean;
}

const MAX_DEPTH = 200;

function write(writer: Writer, value: Value, margin: string, depth: number): string {
  const { runtime } = writer;
  runtime.step(1);
  if (depth > MAX_DEPTH) return runtime.raise('ValueError', 'Circular reference detected');
  const plain = unbox(value);
  if (plain === null) return 'null';
  if (typeof plain === 'string') return quote(plain, writer.isAscii);
  if (typeof plain === 'boolean' || typeof plain === 'number' || typeof plain === 'bigint') return String(plain);
  if (plain instanceof PyFloat) return floatText(plain.value);
  if (plain instanceof PyList || plain instanceof PyTuple) {
    const items = plain.items.map((item) => write(writer, item, inner(writer, margin), depth + 1));
    checkLength(writer, items, margin);
    return bracket(writer, '[', items, ']', margin);
  }
  if (plain instanceof PyDict) {
    const entries = [...plain.entries.values()].map(({ key, value: item }) => ({ name: keyText(writer, key), item }));
    if (writer.sortsKeys) entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    const items = entries.map(({ name, item }) => {
      const text = write(writer, item, inner(writer, margin), depth + 1);
      return `${quote(name, writer.isAscii)}${writer.keySeparator}${text}`;
    });
    checkLength(writer, items, margin);
    return bracket(writer, '{', items, '}', margin);
  }
  if (writer.fallback !== null) return write(writer, runtime.call(writer.fallback, [value]), margin, depth + 1);
  return runtime.raise('TypeError', `Object of type ${runtime.typeOf(value).name} is not JSON serializable`);
}

function checkLength(writer: Writer, items: readonly string[], margin: string): void {
  const between = writer.indent === undefined ? writer.itemSeparator : inner(writer, margin);
  const length = items.reduce((sum, item) => sum + item.length + between.length, 0);
  writer.runtime.budget.checkText(length);
  writer.runtime.budget.allocate(length);
}

function inner({ indent }: Writer, margin: string): string {
  return margin + (indent ?? '');
}

function bracket(writer: Writer, open: string, items: readonly string[], close: string, margin: string): string {
  if (items.length === 0) return open + close;
  if (writer.indent === undefined) return open + items.join(writer.itemSeparator) + close;
  const line = `\n${inner(writer, margin)}`;
  return `${open}${line}${items.join(writer.itemSeparator + line)}\n${margin}${close}`;
}

function keyText({ runtime }: Writer, key: Value): string {
  const plain = unbox(key);
  if (typeof plain === 'string') return plain;
  if (plain === null) return 'null';
  if (typeof plain === 'boolean' || typeof plain === 'number' || typeof plain === 'bigint') return String(plain);
  if (plain instanceof PyFloat) return floatText(plain.value);
  const { name } = runtime.typeOf(key);
  return runtime.raise('TypeError', `keys must be str, int, float, bool or None, not ${name}`);
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-Infinity' : 'Infinity';
  return reprFloat(value);
}

function quote(text: string, isAscii: boolean): string {
  const quoted = JSON.stringify(text);
  if (!isAscii) return quoted;
  return quoted.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
