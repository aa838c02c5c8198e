/**
 * How a file itself uses a model: at its top level, in its scripts (`if __name__ == "__main__":`) and its tests, up to the first
 * call of the model. `net = Net(10); net(torch.randn(8, 3, 32, 32))` -> Net(10) as it is then, 8x3x32x32.
 */
import type { SourceRange } from '../../../base/text.ts';
import { BoundExceeded } from '../../../evaluation/bounds.ts';
import type { Executor } from '../../../evaluation/executor.ts';
import { mentionsInCalls } from '../../../evaluation/mainBlocks.ts';
import type { ExecutionOptions, PythonProject } from '../../../evaluation/project.ts';
import { PyClass, PyFunction, PyRaise, type Value } from '../../../evaluation/values.ts';
import { GraphRecorder } from '../graphRecorder.ts';
import { ModuleValue } from '../modules/moduleValue.ts';
import { TensorValue } from '../tensorValue.ts';
import { worldOf } from '../torchWorld.ts';
import type { InputSpec } from './inputSpec.ts';

export interface Usage {
  readonly model: ModuleValue;
  readonly inputs: readonly InputSpec[];
  /** The call. */
  readonly site: SourceRange | undefined;
}

/** Ends what runs at the call that was looked for: no Python code can catch it. */
class UsageFound extends BoundExceeded {
  constructor() {
    super('cancelled', 'The call that was looked for was found.');
  }
}

/** Whether the file's top level may call an instance of the class, or the instance. */
export function mayBeUsedAtTopLevel(project: PythonProject, file: string, sought: PyClass | ModuleValue): boolean {
  const { module, syntax } = project.module(file);
  const isSought = (value: Value): boolean =>
    value === sought || (sought instanceof PyClass && value instanceof ModuleValue && value.class_ === sought);
  const names = [...module.names].flatMap(([name, value]) => (isSought(value) ? [name] : []));
  return mentionsInCalls(syntax, new Set(names));
}

/**
 * Runs the file's program from its start up to the first call of the class or instance at its top level, and `act` there, before
 * the call does anything. False where nothing calls it.
 */
export function atFirstCall(
  project: PythonProject,
  file: string,
  sought: PyClass | ModuleValue,
  options: ExecutionOptions,
  act: (executor: Executor, usage: Usage) => void,
): boolean {
  // The program makes its classes and instances anew: the place tells which are meant.
  const isSought =
    sought instanceof PyClass
      ? ({ class_ }: ModuleValue): boolean => isSamePlace(class_.origin, sought.origin)
      : ({ created }: ModuleValue): boolean => isSamePlace(created[0], sought.created[0]);
  const { executor } = project;
  const world = worldOf(executor);
  const outer = world.recorder;
  let isFound = false;
  world.recorder = new GraphRecorder('usage', {
    onModuleCall: (model, positional, keywords) => {
      const inputs = isSought(model) ? inputsOf(positional, keywords) : undefined;
      if (inputs === undefined) return;
      isFound = true;
      act(executor, { model, inputs, site: executor.callStack()[0] });
      throw new UsageFound();
    },
  });
  try {
    project.rehearse(file, options);
  } finally {
    world.recorder = outer;
  }
  return isFound;
}

function isSamePlace(a: SourceRange | undefined, b: SourceRange | undefined): boolean {
  return a !== undefined && a.file === b?.file && a.start === b.start && a.end === b.end;
}

/** The first call of an instance of a class in the file's scripts and tests; undefined where there is none. */
export function findUsage(
  executor: Executor,
  project: PythonProject,
  file: string,
  modelClass: PyClass,
): Usage | undefined {
  const { module } = project.module(file);
  const tests = [...module.names.values()].filter(isTest);
  const runs = [
    (): void => {
      project.runMainBlocks(file);
    },
    ...tests.map((test) => (): void => {
      executor.call(test);
    }),
  ];
  for (const run of runs) {
    // What does not use the model leaves no trace.
    const usage = executor.attempt(
      () => firstCall(executor, modelClass, run),
      (found) => found !== undefined,
    );
    if (usage !== undefined) return usage;
  }
  return undefined;
}

function firstCall(executor: Executor, modelClass: PyClass, run: () => void): Usage | undefined {
  const world = worldOf(executor);
  const outer = world.recorder;
  let found: Usage | undefined;
  world.recorder = new GraphRecorder('usage', {
    onModuleCall: (model, positional, keywords) => {
      if (model.class_ !== modelClass) return;
      const inputs = inputsOf(positional, keywords);
      if (inputs === undefined) return;
      found = { model, inputs, site: executor.callStack()[0] };
      throw new UsageFound();
    },
  });
  try {
    run();
  } catch (error) {
    // A script that fails before it calls the model tells nothing about it.
    if (!(error instanceof UsageFound) && !(error instanceof PyRaise)) throw error;
  } finally {
    world.recorder = outer;
  }
  return found;
}

/** Undefined where an argument is more than a tensor of known shape. */
function inputsOf(
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): readonly InputSpec[] | undefined {
  const named = [...positional.map((value): readonly [undefined, Value] => [undefined, value]), ...keywords];
  const specs: InputSpec[] = [];
  for (const [name, value] of named) {
    if (!(value instanceof TensorValue) || value.type.shape === undefined) return undefined;
    specs.push({ name, shape: value.type.shape, dtype: value.type.dtype });
  }
  return specs.length === 0 ? undefined : specs;
}

/** `def test_...():` and `def main():` without required parameters. */
function isTest(value: Value): value is PyFunction {
  if (!(value instanceof PyFunction) || value.definition.kind !== 'functionDef') return false;
  if (!/^(test|main$)/.test(value.name)) return false;
  const { positional, keywordOnly } = value.definition.parameters;
  return [...positional, ...keywordOnly].every(({ defaultValue }) => defaultValue !== undefined);
}
