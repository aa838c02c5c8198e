/**
 * The module `logging`: loggers, handlers and formatters that do nothing. getLogger("a") is the same object each time.
 */
import type { NativeModuleDefinition } from '../nativeModule.ts';
import type { Runtime } from '../runtime.ts';
import { PyInstance, PyList, type PyClass, type Value } from '../values.ts';
import { members, mergeMembers, type Body } from '../builtins/define.ts';
import { nativeClass } from '../builtins/nativeClass.ts';

const NOTHING = (): Value => null;

const LEVELS = { NOTSET: 0, DEBUG: 10, INFO: 20, WARNING: 30, WARN: 30, ERROR: 40, CRITICAL: 50, FATAL: 50 };
const SPEAKING = ['debug', 'info', 'warning', 'warn', 'error', 'critical', 'fatal', 'exception', 'log'];
const HANDLERS = ['Handler', 'StreamHandler', 'FileHandler', 'NullHandler'];

export const loggingModule: NativeModuleDefinition = { name: 'logging', members: loggingMembers };

export const loggingHandlersModule: NativeModuleDefinition = {
  name: 'logging.handlers',
  members: (runtime) => {
    const names = ['RotatingFileHandler', 'TimedRotatingFileHandler', 'QueueHandler', 'MemoryHandler'];
    return new Map(names.map((name) => [name, handlerClass(runtime, `logging.handlers.${name}`)]));
  },
};

function loggingMembers(runtime: Runtime): ReadonlyMap<string, Value> {
  const loggers = new Map<string, PyInstance>();
  const loggerClass = makeLoggerClass(runtime, (name) => logger(name));
  const logger = (name: string): PyInstance => {
    let known = loggers.get(name);
    if (known === undefined) {
      known = new PyInstance(loggerClass);
      const attributes = { name, level: 0, handlers: new PyList([]), propagate: true, disabled: false, parent: null };
      for (const [key, value] of Object.entries(attributes)) known.attributes.set(key, value);
      loggers.set(name, known);
    }
    return known;
  };
  return mergeMembers(
    new Map<string, Value>(Object.entries(LEVELS)),
    new Map<string, Value>([
      ['Logger', loggerClass],
      ['LoggerAdapter', loggerClass],
      ['root', logger('root')],
      ['Formatter', handlerClass(runtime, 'logging.Formatter')],
      ['Filter', handlerClass(runtime, 'logging.Filter')],
      ...HANDLERS.map((name): [string, Value] => [name, handlerClass(runtime, `logging.${name}`)]),
    ]),
    members('logging', {
      'getLogger(name=None)': (_, name) => logger(typeof name === 'string' ? name : 'root'),
      'getLoggerClass()': () => loggerClass,
      'getLevelName(level)': (_, level) => {
        const found = Object.entries(LEVELS).find(([name, value]) => value === level || name === level);
        if (found === undefined) return `Level ${runtime.str(level)}`;
        return typeof level === 'string' ? found[1] : found[0];
      },
      ...silent('', [
        ...SPEAKING,
        'basicConfig',
        'disable',
        'captureWarnings',
        'addLevelName',
        'shutdown',
        'setLoggerClass',
      ]),
    }),
  );
}

function makeLoggerClass(runtime: Runtime, logger: (name: string) => PyInstance): PyClass {
  return nativeClass(runtime, 'logging.Logger', {
    members: members('logging.Logger', {
      ...silent('self, ', [
        ...SPEAKING,
        'setLevel',
        'addHandler',
        'removeHandler',
        'addFilter',
        'removeFilter',
        'handle',
      ]),
      'isEnabledFor(self, level)': () => false,
      'getEffectiveLevel(self)': () => 30,
      'hasHandlers(self)': () => false,
      'getChild(self, suffix)': (_, self, suffix) =>
        logger(`${runtime.str(runtime.getAttribute(self, 'name'))}.${runtime.str(suffix)}`),
    }),
  });
}

function handlerClass(runtime: Runtime, qualifiedName: string): PyClass {
  return nativeClass(runtime, qualifiedName, {
    members: members(qualifiedName, {
      '__init__(self, *args, **kwargs)': NOTHING,
      ...silent('self, ', ['setLevel', 'setFormatter', 'addFilter', 'emit', 'flush', 'close', 'handle']),
      'format(self, record)': () => runtime.unknown('the text of a log record'),
    }),
  });
}

function silent(first: string, names: readonly string[]): Record<string, Body> {
  return Object.fromEntries(names.map((name) => [`${name}(${first}*args, **kwargs)`, NOTHING]));
}
