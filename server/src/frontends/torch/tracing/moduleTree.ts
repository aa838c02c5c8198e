/**
 * Enters a model's module tree into a graph: a scope for each module, and every parameter and buffer once, used or not,
 * under the name that named_parameters() gives it. Linear(2, 3) under "fc" gives scope "fc" and "fc.weight", "fc.bias".
 */
import { PyInstance, PyUnknown } from '../../../evaluation/values.ts';
import type { ParameterId } from '../../../graph/modelGraph.ts';
import { unknownDim } from '../../../graph/dim.ts';
import type { DType } from '../../../graph/dtype.ts';
import type { Shape, TensorType } from '../../../graph/tensorType.ts';
import type { GraphRecorder } from '../graphRecorder.ts';
import { StoredTensor, TensorValue } from '../tensorValue.ts';
import { entriesOf, joinPath, namedModules, ModuleValue } from '../modules/moduleValue.ts';

/** Declares all modules below `root`; parents come before children. */
export function enterModuleTree(recorder: GraphRecorder, root: ModuleValue): void {
  const ids = new Map<TensorValue, ParameterId>();
  for (const [path, module] of namedModules(root)) {
    recorder.declareModule(module, path);
    declareUnknowns(recorder, path, module);
    const parameters: ParameterId[] = [];
    for (const registry of ['_parameters', '_buffers'] as const) {
      for (const [name, tensor] of entriesOf(module, registry)) {
        if (!(tensor instanceof TensorValue)) continue;
        parameters.push(parameterOf(recorder, ids, joinPath(path, name), registry, tensor, module));
      }
    }
    recorder.builder.declareScope({
      path,
      typeName: module.class_.name,
      parent: parentOf(path),
      created: module.created[0],
      parameters,
      isLeaf: !entriesOf(module, '_modules').some(([, child]) => child !== null),
    });
  }
}

/** Attributes that are unknown may be modules of libraries that we lack; children that are unknown surely are modules. */
function declareUnknowns(recorder: GraphRecorder, path: string, module: ModuleValue): void {
  module.attributes.forEach((value, name) => {
    // An instance of a class whose base is unknown may be a module just so.
    const unknown = value instanceof PyInstance ? value.class_.unknownBase : value;
    if (unknown instanceof PyUnknown && !(value instanceof ModuleValue)) {
      recorder.declareUnknown(unknown, joinPath(path, name));
    }
  });
  for (const [name, child] of entriesOf(module, '_modules')) {
    if (!(child instanceof PyUnknown)) continue;
    recorder.declareUnknown(child, joinPath(path, name));
    recorder.noteUnknownCall(child);
  }
}

function parameterOf(
  recorder: GraphRecorder,
  ids: Map<TensorValue, ParameterId>,
  name: string,
  registry: '_parameters' | '_buffers',
  tensor: TensorValue,
  owner: ModuleValue,
): ParameterId {
  const known = ids.get(tensor);
  if (known !== undefined) return known;
  const kind = registry === '_parameters' ? 'parameter' : 'buffer';
  const id = recorder.builder.addParameter({ name, kind, ...storedType(tensor.type), created: owner.created[0] });
  ids.set(tensor, id);
  tensor.stored ??= new StoredTensor(kind);
  recorder.bindParameter(tensor.stored, id);
  return id;
}

function storedType(type: TensorType): { readonly dtype: DType; readonly shape: Shape } {
  // One unknown axis: the graph wants a shape, and the count stays unknown.
  return { dtype: type.dtype, shape: type.shape ?? [unknownDim("the parameter's shape is unknown")] };
}

/** "layer1.0.conv1" -> "layer1.0"; undefined for the root. */
function parentOf(path: string): string | undefined {
  if (path === '') return undefined;
  const dot = path.lastIndexOf('.');
  return dot < 0 ? '' : path.slice(0, dot);
}
