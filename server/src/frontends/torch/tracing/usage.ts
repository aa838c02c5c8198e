/**
 * How a file itself uses a model: runs its calls at the top level, its scripts (`if __name__ == "__main__":`) and its tests until the model is
 * called, and takes that model and those inputs. `net = Net(10); net(torch.randn(8, 3, 32, 32))` -> Net(10), 8x3x32x32.
 */
import type { SourceRange } from '../../../base/text.ts';
import type { Executor } from '../../../evaluation/executor.ts';
import type { PythonProject } from '../../../evaluation/project.ts';
import type { PyClass } from '../../../evaluation/values.ts';
import { PyFunction, PyRaise, type Value } from '../../../evaluation/values.ts';
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

/** Thrown at the call that was looked for. No Python exception: user code cannot catch it. */
class UsageFound extends Error {
  override readonly name = 'UsageFound';
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
  // The model's own name, and those of its instances.
  const names = [...module.names].flatMap(([name, value]) =>
    value === modelClass || (value instanceof ModuleValue && value.class_ === modelClass) ? [name] : [],
  );
  for (const run of [
    (): void => {
      project.rerunMentions(file, new Set(names));
    },
    (): void => {
      project.runMainBlocks(file);
    },
    ...tests.map((test) => (): void => {
      executor.call(test);
    }),
  ]) {
    const usage = firstCall(executor, modelClass, run);
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
