/**
 * Runs a model's forward once into a fresh graph: inputs become graph inputs, operations nodes.
 */
import type { Runtime } from '../../../evaluation/runtime.ts';
import type { Value } from '../../../evaluation/values.ts';
import { tensorType } from '../../../graph/tensorType.ts';
import type { GraphRecorder } from '../graphRecorder.ts';
import type { ModuleValue } from '../modules/moduleValue.ts';
import type { TensorValue } from '../tensorValue.ts';
import { makeTensor, worldOf } from '../torchWorld.ts';
import type { ForwardSignature } from './forwardSignature.ts';
import type { InputSpec } from './inputSpec.ts';
import { enterModuleTree } from './moduleTree.ts';

export interface PreparedInput {
  readonly name: string;
  readonly tensor: TensorValue;
  /** Given as `name=tensor`. */
  readonly isKeyword: boolean;
}

/** Tensors for the inputs, named by forward's parameters. */
export function prepareInputs(
  runtime: Runtime,
  signature: ForwardSignature,
  specs: readonly InputSpec[],
): readonly PreparedInput[] {
  const positional = signature.parameters.filter(({ isKeywordOnly }) => !isKeywordOnly);
  let next = 0;
  return specs.map(({ name, shape, dtype }, index) => {
    const tensor = makeTensor(runtime, tensorType(dtype ?? 'float32', shape));
    if (name === undefined || name === positional[next]?.name) {
      const taken = positional[next]?.name ?? `input_${index}`;
      next++;
      return { name: name ?? taken, tensor, isKeyword: false };
    }
    return { name, tensor, isKeyword: true };
  });
}

/** Enters the tree and the inputs into the recorder's graph, then runs forward. Exceptions pass; the graph keeps what it has. */
export function runForward(
  runtime: Runtime,
  recorder: GraphRecorder,
  model: ModuleValue,
  inputs: readonly PreparedInput[],
): Value {
  enterModuleTree(recorder, model);
  return runOn(runtime, recorder, model, inputs);
}

/** Runs forward for what the recorder's observer sees; the graph has no modules and no weights. */
export function watchForward(
  runtime: Runtime,
  recorder: GraphRecorder,
  model: ModuleValue,
  inputs: readonly PreparedInput[],
): void {
  runOn(runtime, recorder, model, inputs);
}

/** Runs forward for what it changes in lazy layers, without a graph. */
export function dryRun(runtime: Runtime, model: ModuleValue, inputs: readonly PreparedInput[]): void {
  runOn(runtime, undefined, model, inputs);
}

function runOn(
  runtime: Runtime,
  recorder: GraphRecorder | undefined,
  model: ModuleValue,
  inputs: readonly PreparedInput[],
): Value {
  const world = worldOf(runtime);
  const outer = world.recorder;
  for (const { name, tensor } of inputs) recorder?.bindValue(tensor, recorder.builder.addInput(name, tensor.type));
  world.recorder = recorder;
  try {
    return runtime.call(
      model,
      inputs.filter(({ isKeyword }) => !isKeyword).map(({ tensor }) => tensor),
      new Map(inputs.filter(({ isKeyword }) => isKeyword).map(({ name, tensor }) => [name, tensor])),
    );
  } finally {
    world.recorder = outer;
  }
}
