/**
 * Compiles `import` and `from ... import`. At a module's top level names are bound lazily: the other module is read and
 * run only when the name is used. Inside of a `try` that catches ImportError, and in functions, they are bound at once.
 */
import type { Import, ImportFrom, ImportedName } from '../syntax/ast.ts';
import { textProblem } from '../base/problems.ts';
import type { CodeContext } from './codeContext.ts';
import { NORMAL, type Execute, type Frame } from './frame.ts';
import { ModuleEnvironment } from './frame.ts';
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
    for (const { imported, top, store } of parts) {
      frame.at = imported;
      const module = executor.modules.importModule(imported.name, frame.module);
      if (module instanceof PyUnknown) {
        noteMissing(context, frame, imported, module);
      } else if (frame.importGuards > 0) executor.modules.load(module, true);
      store(frame, imported.alias === undefined ? executor.modules.importModule(top, frame.module) : module);
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
    const isLazy = frame.environment instanceof ModuleEnvironment && frame.importGuards === 0;
    const { origin } = frame;
    for (const { imported, local, store } of parts) {
      frame.at = imported;
      if (isLazy) {
        executor.modules.bindLazily(frame.module, local, () => {
          const outerAt = frame.at;
          const outerOrigin = frame.origin;
          frame.at = imported;
          frame.origin = origin;
          try {
            return take(frame, imported);
          } finally {
            frame.at = outerAt;
            frame.origin = outerOrigin;
          }
        });
      } else store(frame, take(frame, imported));
    }
    return NORMAL;
  };

  function take(frame: Frame, imported: ImportedName): Value {
    const module = sourceModule(frame);
    if (module instanceof PyUnknown) {
      noteMissing(context, frame, imported, module);
      return module;
    }
    if (frame.importGuards > 0) executor.modules.load(module, true);
    const value = executor.modules.member(module, imported.name);
    if (value !== undefined) return value;
    const message = `cannot import name '${imported.name}' from '${module.name}'`;
    if (frame.importGuards > 0) return executor.raise('ImportError', message);
    const unknown = executor.unknown(message);
    executor.modules.note(frame.module, textProblem('unresolved-import', 'warning', `${message}.`, frame.range));
    return unknown;
  }

  function sourceModule(frame: Frame): PyModule | PyUnknown {
    return executor.modules.importRelative(frame.module, node.level, node.module);
  }
}

function compileStar(context: CodeContext, node: ImportFrom): Execute {
  const { executor } = context;
  const [star] = node.names;
  return (frame) => {
    frame.at = star ?? node;
    const module = executor.modules.importRelative(frame.module, node.level, node.module);
    if (module instanceof PyUnknown) {
      noteMissing(context, frame, star ?? node, module);
      executor.modules.takeUnknown(frame.module, module);
      return NORMAL;
    }
    executor.modules.load(module, frame.importGuards > 0);
    executor.modules.takeAll(frame.module, module);
    return NORMAL;
  };
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
  if (frame.importGuards > 0) executor.raise('ModuleNotFoundError', `No module named '${missing}'`);
  const message = `The module \`${missing}\` was not found; what is taken from it is unknown.`;
  executor.modules.note(frame.module, textProblem('unresolved-import', 'information', message, frame.range));
}
