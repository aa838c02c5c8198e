/**
 * Traces a model of a Python text and gives what the truth files state: parameters, buffers, MACs, outputs.
 */
import { PythonProject } from '../../../../server/src/evaluation/project.ts';
import { stdlibModules } from '../../../../server/src/evaluation/stdlib/stdlibModules.ts';
import { torchModules } from '../../../../server/src/frontends/torch/torchModules.ts';
import { trace, type TraceArgument, type TraceResult } from '../../../../server/src/frontends/torch/trace.ts';
import type { InputSpec } from '../../../../server/src/frontends/torch/tracing/inputSpec.ts';
import { addDims, printDim, type Dim } from '../../../../server/src/graph/dim.ts';
import { printShape, type ValueType } from '../../../../server/src/graph/tensorType.ts';
import { memoryFiles } from '../../../evaluation/support/pythonPrograms.ts';
import { loadPythonParser } from '../../../support/pythonParser.ts';

export const MODEL_FILE = '/work/model.py';

export interface TracedFacts {
  /** "name shape dtype", in order. */
  readonly parameters: readonly string[];
  readonly buffers: readonly string[];
  readonly macs: Dim;
  /** "shape dtype", in order. */
  readonly outputs: readonly string[];
  readonly problems: readonly string[];
}

export async function makeTorchProject(texts: Readonly<Record<string, string>>): Promise<PythonProject> {
  return new PythonProject({
    files: memoryFiles(texts),
    searchPaths: ['/work'],
    nativeModules: [...stdlibModules, ...torchModules],
    parser: await loadPythonParser(),
  });
}

export interface ModelRequest {
  readonly target: string;
  readonly args?: readonly TraceArgument[];
  readonly inputs?: readonly InputSpec[];
}

/** Traces `target` of a text that stands in MODEL_FILE. */
export async function traceText(text: string, request: ModelRequest): Promise<TraceResult> {
  const project = await makeTorchProject({ [MODEL_FILE]: text });
  const { inputs, ...rest } = request;
  return trace({ project, file: MODEL_FILE, inputs, ...rest });
}

export function factsOf(result: TraceResult): TracedFacts {
  const { graph } = result;
  const stored = (kind: 'parameter' | 'buffer'): readonly string[] =>
    (graph?.parameters ?? [])
      .filter((parameter) => parameter.kind === kind)
      .map(({ name, shape, dtype }) => tensorText(name, printShape(shape), dtype));
  return {
    parameters: stored('parameter'),
    buffers: stored('buffer'),
    macs: (graph?.nodes ?? []).reduce<Dim>((sum, node) => addDims(sum, node.work.macs), 0),
    outputs: graph === undefined ? [] : graph.outputs.map(({ value }) => typeText(graph.values[value]?.type)),
    problems: result.problems.map(({ code, message }) => `${code}: ${message}`),
  };
}

/** "fc.weight 10x20 float32" */
export function tensorText(name: string, shape: string, dtype: string): string {
  return `${name} ${shape} ${dtype}`;
}

/** As a truth file states a shape: [1, 2] -> "1x2", [] -> "scalar". */
export function shapeText(shape: readonly number[]): string {
  return printShape(shape);
}

/** A figure for a comparison: the number, or its text where it is symbolic or unknown. */
export function figure(dim: Dim): number | string {
  return typeof dim === 'number' ? dim : printDim(dim);
}

function typeText(type: ValueType | undefined): string {
  return type?.kind === 'tensor' ? `${printShape(type.shape)} ${type.dtype}` : '?';
}
