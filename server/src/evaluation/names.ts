/**
 * Reading, binding and deleting names, by where the scope says that they stand (scopes.ts).
 */
import { invariant } from '../base/assert.ts';
import type { TextRange } from '../base/text.ts';
import type { CodeContext } from './codeContext.ts';
import type { Executor } from './executor.ts';
import { CallEnvironment, type Evaluate, type Frame, type Slots } from './frame.ts';
import { memberOfModule } from './moduleMembers.ts';
import { mangle, resolveName, type Resolution } from './scopes.ts';
import type { Environment, Value } from './values.ts';

export type Store = (frame: Frame, value: Value) => void;

export function compileLoad(context: CodeContext, rawName: string, node: TextRange): Evaluate {
  const { executor, scope } = context;
  const name = mangle(scope, rawName);
  if (name === '__class__' && (scope.kind === 'function' || scope.kind === 'comprehension'))
    return loadClassCell(executor, node);
  return loadResolved(executor, name, node, resolveName(scope, name));
}

export function compileStore(context: CodeContext, rawName: string): Store {
  const { executor, scope } = context;
  const name = mangle(scope, rawName);
  const resolution = resolveName(scope, name);
  switch (resolution.kind) {
    case 'local': {
      const { slot } = resolution;
      return (frame, value) => {
        frame.slots[slot] = value;
      };
    }
    case 'class':
      return (frame, value) => {
        frame.environment.names.set(name, value);
      };
    case 'enclosing':
      return (frame, value) => {
        const environment = enclosing(frame, resolution.depth);
        executor.mutating(environment);
        environment.slots[resolution.slot] = value;
      };
    case 'global':
      return (frame, value) => {
        if (frame.function_ !== undefined) executor.mutating(frame.module);
        frame.module.names.set(name, value);
      };
  }
}

export function compileDelete(context: CodeContext, rawName: string, node: TextRange): (frame: Frame) => void {
  const { executor, scope } = context;
  const name = mangle(scope, rawName);
  const forget = compileForget(context, rawName);
  return (frame) => {
    frame.at = node;
    if (!forget(frame)) executor.raise('NameError', `name '${name}' is not defined`);
  };
}

/** Unbinds a name; false where it was not bound. */
export function compileForget({ executor, scope }: CodeContext, rawName: string): (frame: Frame) => boolean {
  const name = mangle(scope, rawName);
  const resolution = resolveName(scope, name);
  switch (resolution.kind) {
    case 'local':
      return (frame) => clearSlot(frame.slots, resolution.slot);
    case 'enclosing':
      return (frame) => {
        const environment = enclosing(frame, resolution.depth);
        executor.mutating(environment);
        return clearSlot(environment.slots, resolution.slot);
      };
    case 'class':
      return (frame) => frame.environment.names.delete(name);
    case 'global':
      return (frame) => {
        if (frame.function_ !== undefined) executor.mutating(frame.module);
        return frame.module.names.delete(name);
      };
  }
}

function clearSlot(slots: Slots, slot: number): boolean {
  const isBound = slots[slot] !== undefined;
  slots[slot] = undefined;
  return isBound;
}

function loadResolved(executor: Executor, name: string, node: TextRange, resolution: Resolution): Evaluate {
  switch (resolution.kind) {
    case 'local':
      return (frame) => {
        const value = frame.slots[resolution.slot];
        if (value !== undefined) return value;
        frame.at = node;
        const message = `cannot access local variable '${name}' where it is not associated with a value`;
        return executor.raise('UnboundLocalError', message);
      };
    case 'class': {
      const outer = loadResolved(executor, name, node, resolution.outer);
      return (frame) => {
        const value = frame.environment.names.get(name);
        return value === undefined ? outer(frame) : value;
      };
    }
    case 'enclosing':
      return (frame) => {
        const value = enclosing(frame, resolution.depth).slots[resolution.slot];
        if (value !== undefined) return value;
        frame.at = node;
        const message = `cannot access free variable '${name}' where it is not associated with a value in enclosing scope`;
        return executor.raise('NameError', message);
      };
    case 'global':
      return (frame) => {
        const value = frame.module.names.get(name);
        if (value !== undefined) return value;
        frame.at = node;
        return loadMissingGlobal(executor, frame, name);
      };
  }
}

/** A global that is bound lazily (an import), a builtin, or nothing. */
function loadMissingGlobal(executor: Executor, frame: Frame, name: string): Value {
  const lazy = executor.modules.resolveLazily(frame.module, name);
  if (lazy !== undefined) return lazy;
  const builtin = executor.builtinNames.get(name);
  if (builtin !== undefined) return builtin;
  if (name.startsWith('__')) {
    const special = memberOfModule(executor, frame.module, name);
    if (special !== undefined) return special;
  }
  if (frame.module.unknownNames !== undefined) return executor.unknown(frame.module.unknownNames);
  return executor.raise('NameError', `name '${name}' is not defined`);
}

function loadClassCell(executor: Executor, node: TextRange): Evaluate {
  return (frame) => {
    const cls = frame.classCell?.class;
    if (cls !== undefined) return cls;
    frame.at = node;
    return executor.raise('NameError', "name '__class__' is not defined");
  };
}

function enclosing(frame: Frame, depth: number): CallEnvironment {
  let environment: Environment | undefined = frame.environment;
  for (let i = 0; i < depth; i++) environment = environment?.parent;
  invariant(environment instanceof CallEnvironment, 'scopes are nested when run as they were when compiled');
  return environment;
}
