/**
 * A file system that refuses: wraps the functions of node:fs so that the one call that a test names throws the error that it
 * names, as the system would. vi.mock('node:fs', async (original) => faultyFiles(await original())).
 */
import type * as NodeFs from 'node:fs';

/** One call on the watched folder: "statSync net.py". */
export interface FileCall {
  readonly name: string;
  readonly path: string;
}

export interface Fault {
  /** Which of the calls on the watched folder, from 0. */
  readonly at: number;
  readonly code: string;
}

interface Watch {
  readonly folder: string;
  readonly fault: Fault | undefined;
  readonly calls: FileCall[];
  readonly opened: Map<number, string>;
}

let watch: Watch | undefined;

/** Runs with one call refused; tells all the calls that there were. */
export async function withFault<T>(
  folder: string,
  fault: Fault | undefined,
  run: () => Promise<T>,
): Promise<{ readonly value: T; readonly calls: readonly FileCall[] }> {
  const mine: Watch = { folder, fault, calls: [], opened: new Map() };
  watch = mine;
  try {
    return { value: await run(), calls: mine.calls };
  } finally {
    watch = undefined;
  }
}

const BY_PATH = [
  'statSync',
  'lstatSync',
  'openSync',
  'readdirSync',
  'realpathSync',
  'accessSync',
  'readFileSync',
  'writeFileSync',
  'renameSync',
  'rmSync',
  'mkdirSync',
] as const;
const BY_DESCRIPTOR = ['fstatSync', 'readSync', 'writeSync', 'closeSync'] as const;

type Fs = typeof NodeFs;
type AnyFunction = (...args: readonly unknown[]) => unknown;

export function faultyFiles(fs: Fs): Fs {
  const wrapped = [...BY_PATH, ...BY_DESCRIPTOR].map((name) => {
    // Each is called with what it was called with.
    const real = fs[name] as AnyFunction;
    const faulty: AnyFunction = (first, ...rest) => {
      refuse(name, first);
      const result = real(first, ...rest);
      if (name === 'openSync' && typeof result === 'number') watch?.opened.set(result, pathOf(first) ?? '');
      return result;
    };
    return [name, faulty] as const;
  });
  return { ...fs, ...(Object.fromEntries(wrapped) as Partial<Fs>) };
}

function refuse(name: string, first: unknown): void {
  const path = pathOf(first);
  if (watch === undefined || path?.startsWith(watch.folder) !== true) return;
  const { fault, calls, folder } = watch;
  const index = calls.length;
  calls.push({ name, path: path.slice(folder.length + 1) });
  if (fault?.at !== index) return;
  // Closed all the same, as Linux does.
  const message = `${fault.code}: refused by the test, ${name} '${path}'`;
  throw Object.assign(new Error(message), { code: fault.code, syscall: name.replace('Sync', ''), errno: -1, path });
}

function pathOf(first: unknown): string | undefined {
  if (typeof first === 'string') return first;
  return typeof first === 'number' ? watch?.opened.get(first) : undefined;
}
