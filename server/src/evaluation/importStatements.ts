/**
 * Compiles `import` and `from ... import`. What fails raises inside of a `try` that may catch it; elsewhere its names are
 * unknown, with a note, and the module that imports counts as failed for those that catch that.
 */
import type { Import, ImportFrom, ImportedName } from '../syntax/ast.ts';
import { textProblem } from '../base/problems.ts';
import type { CodeContext } from './codeContext.ts';
import { NORMAL, type Execute, type Frame } from './frame.ts';
import { compileStore } from './names.ts';
import type { PyModule } from './values.ts';
import { PyUnknown, type Value } from './values.ts';

export function compileImport(context: CodeContext, node: Import): Execute {
  const { executor } = context;
  const parts = node.names.map((imported) => ({
    imported,
    top: imported.name.replace(/\..*$/s, ''),
    store: compileStore(context, imported.alias ?? imported.name.replace(/\..*$/s, '')),
  }));
  return (frame) => {
    const { imports, known } = executor.modules;
    for (const { imported, top, store } of parts) {
      frame.at = imported;
      const module = imports.importModule(imported.name, frame.module);
      if (module instanceof PyUnknown) noteMissing(context, frame, imported, module);
      else noteFailure(context, frame, module);
      const bound = imported.alias === undefined ? known.importModule(top, frame.module) : module;
      store(frame, bound instanceof PyUnknown ? bound : imports.valueOf(bound));
    }
    return NORMAL;
  };
}

export function compileImportFrom(context: CodeContext, node: ImportFrom): Execute {
  const { executor } = context;
  if (node.module === '__future__') {
    const hasAnnotations = node.names.some(({ name }) => name === 'annotations');
    return (frame) => {
      if (hasAnnotations) executor.futureAnnotations.add(frame.module);
      return NORMAL;
    };
  }
  if (node.names.some(({ name }) => name === '*')) return compileStar(context, node);
  const parts = node.names.map((imported) => {
    const local = imported.alias ?? imported.name;
    return { imported, local, store: compileStore(context, local) };
  });
  return (frame) => {
    frame.at = node;
    const module = sourceModule(frame);
    for (const { imported, store } of parts) {
      frame.at = imported;
      store(frame, take(frame, module, imported));
    }
    return NORMAL;
  };

  function take(frame: Frame, module: PyModule | PyUnknown, imported: ImportedName): Value {
    if (module instanceof PyUnknown) {
      noteMissing(context, frame, imported, module);
      return module;
    }
    noteFailure(context, frame, module);
    const source = executor.modules.imports.valueOf(module);
    const value =
      source === module
        ? executor.modules.memberOrSubmodule(module, imported.name)
        : (executor.lookupAttribute(source, imported.name) ??
          executor.modules.imports.importSubmodule(module, imported.name));
    if (value !== undefined) return value;
    const message = `cannot import name '${imported.name}' from ${executor.modules.describe(module)}`;
    if (isGuarded(frame)) return executor.raise('ImportError', message);
    const unknown = executor.unknown(message);
    executor.modules.fail(frame.module, executor.exception('ImportError', message));
    executor.modules.note(frame.module, textProblem('unresolved-import', 'warning', `${message}.`, frame.range));
    return unknown;
  }

  function sourceModule(frame: Frame): PyModule | PyUnknown {
    refuseBeyondTop(context, frame, node);
    return executor.modules.imports.importRelative(frame.module, node.level, node.module);
  }
}

function compileStar(context: CodeContext, node: ImportFrom): Execute {
  const { executor } = context;
  const [star] = node.names;
  return (frame) => {
    frame.at = star ?? node;
    refuseBeyondTop(context, frame, node);
    const module = executor.modules.imports.importRelative(frame.module, node.level, node.module);
    if (module instanceof PyUnknown) {
      noteMissing(context, frame, star ?? node, module);
      executor.modules.takeUnknown(frame.module, module);
      return NORMAL;
    }
    noteFailure(context, frame, module);
    executor.modules.takeAll(frame.module, module);
    return NORMAL;
  };
}

/**
 * A relative import that leaves its package raises where the code is prepared for it. Elsewhere it is taken by the folders: a
 * file that is opened alone may belong to a package that we cannot see.
 */
function refuseBeyondTop({ executor }: CodeContext, frame: Frame, { level }: ImportFrom): void {
  if (level === 0 || !isGuarded(frame)) return;
  const around = executor.modules.known.packageOf(frame.module);
  if (around === '') executor.raise('ImportError', 'attempted relative import with no known parent package');
  if (level > around.split('.').length) {
    executor.raise('ImportError', 'attempted relative import beyond top-level package');
  }
}

/** What ended the module while it ran ends its importer too: raised where the code is prepared for it. */
function noteFailure({ executor }: CodeContext, frame: Frame, module: PyModule): void {
  const failure = executor.modules.failureOf(module);
  if (failure === undefined) return;
  const isMissing = executor.isInstance(failure.value, executor.builtinClass('ImportError'));
  if (isMissing ? isGuarded(frame) : isTried(frame)) throw failure;
  executor.modules.fail(frame.module, failure);
}

/** Raises where the code is prepared for it, else takes a note. */
function noteMissing(
  { executor }: CodeContext,
  frame: Frame,
  place: { readonly start: number; readonly end: number },
  unknown: PyUnknown,
): void {
  frame.at = place;
  const missing = executor.modules.known.missingName(unknown);
  if (missing === undefined) return;
  const absence = `No module named '${missing}'`;
  if (isGuarded(frame)) executor.raise('ModuleNotFoundError', absence);
  executor.modules.fail(frame.module, executor.exception('ModuleNotFoundError', absence));
  const message = `The module \`${missing}\` was not found; what is taken from it is unknown.`;
  executor.modules.note(frame.module, textProblem('unresolved-import', 'information', message, frame.range));
}

/** Whether some `try` around, of the callers too, catches what an import raises. */
function isGuarded(frame: Frame): boolean {
  for (let each: Frame | undefined = frame; each !== undefined; each = each.caller) {
    if (each.importGuards > 0) return true;
  }
  return false;
}

/** Whether there is a `try` around, of the callers too. */
function isTried(frame: Frame): boolean {
  for (let each: Frame | undefined = frame; each !== undefined; each = each.caller) if (each.tries > 0) return true;
  return false;
}
