/**
 * Operations that are a function of `torch`, a method of tensors, or both, defined once:
 * both('sum(input, dim=None, ...)', body) gives torch.sum(x, 1), x.sum(1); with `inPlace` also x.sum_(1).
 * NumPy's spellings `axis` and `keepdims`, and `out=`, are understood by all of them.
 */
import type { Runtime } from '../../../evaluation/runtime.ts';
import { NativeFunction, PyTuple, type Arguments, type Value } from '../../../evaluation/values.ts';
import { TensorValue } from '../tensorValue.ts';
import { torchFunction, type TorchBody } from '../torchNatives.ts';
import { refuse } from '../record.ts';
import { storageProblem } from '../refusals/dtypeRules.ts';
import { storeInPlace } from './inPlace.ts';

export interface TensorOperation {
  readonly signature: string;
  readonly body: TorchBody;
  readonly as: 'function' | 'method' | 'both';
  readonly aliases: readonly string[];
  /** There is a method `name_` that stores the result in the tensor itself. */
  readonly inPlace: boolean;
}

export interface OperationOptions {
  readonly aliases?: readonly string[];
  readonly inPlace?: boolean;
}

export function both(signature: string, body: TorchBody, options: OperationOptions = {}): TensorOperation {
  return { signature, body, as: 'both', aliases: options.aliases ?? [], inPlace: options.inPlace ?? false };
}

export function functionOnly(signature: string, body: TorchBody, options: OperationOptions = {}): TensorOperation {
  return { ...both(signature, body, options), as: 'function' };
}

export function methodOnly(signature: string, body: TorchBody, options: OperationOptions = {}): TensorOperation {
  return { ...both(signature, body, options), as: 'method' };
}

/** The functions of a module: of `torch`, `torch.special`, ... */
export function functionsOf(
  operations: readonly TensorOperation[],
  module = 'torch',
): ReadonlyMap<string, NativeFunction> {
  return definitions(
    operations.filter((operation) => operation.as !== 'method'),
    module,
  );
}

/** The methods of torch.Tensor. */
export function methodsOf(operations: readonly TensorOperation[]): ReadonlyMap<string, NativeFunction> {
  return definitions(
    operations.filter((operation) => operation.as !== 'function'),
    'torch.Tensor',
  );
}

function definitions(operations: readonly TensorOperation[], module: string): ReadonlyMap<string, NativeFunction> {
  const functions = new Map<string, NativeFunction>();
  for (const { signature, body, aliases, inPlace } of operations) {
    const parameters = signature.slice(signature.indexOf('('));
    for (const name of [signature.slice(0, signature.indexOf('(')), ...aliases]) {
      functions.set(name, lenient(torchFunction(name + parameters, module, body)));
      if (!inPlace) continue;
      const change: TorchBody = (call) => {
        const result = body(call);
        const [target] = Object.values(call.bound);
        if (!(target instanceof TensorValue) || !(result instanceof TensorValue)) return result;
        const problem = storageProblem(result.type.dtype, target.type.dtype);
        if (problem !== undefined) refuse(call.runtime, 'dtype-mismatch', problem);
        const stored = storeInPlace(call.runtime, target, result);
        if (isView(name)) stored.layout = result.layout;
        return stored;
      };
      functions.set(`${name}_`, lenient(torchFunction(`${name}_${parameters}`, module, change)));
    }
  }
  return functions;
}

/** `x.t_()` and its kin show the same elements in other dims; all others write to where the tensor's elements lie. */
function isView(name: string): boolean {
  return ['transpose', 'swapdims', 'swapaxes', 't', 'squeeze', 'unsqueeze'].includes(name);
}

/** Takes NumPy's keywords where PyTorch's are meant, and stores the result in `out`. */
function lenient(strict: NativeFunction): NativeFunction {
  const parameters = strict.signature ?? '';
  const has = (name: string): boolean => new RegExp(`[(,*\\s]${name}\\b`).test(parameters);
  const renames = new Map<string, string>();
  if (has('dim') && !has('axis')) renames.set('axis', 'dim');
  if (has('keepdim')) renames.set('keepdims', 'keepdim');
  if (has('input') && !has('x')) renames.set('x', 'input').set('self', 'input');
  // `x.flip(dims=(0,))` gives what `*dims` collects, as one sequence.
  const variadic = /[(,\s]\*(\w+)/.exec(parameters)?.[1];
  const storesOut = !has('out');
  const call = (runtime: Runtime, args: Arguments): Value => {
    const { keywords } = args;
    if (keywords.size === 0) return strict.call(runtime, args);
    const renamed = new Map<string, Value>();
    const positional = [...args.positional];
    for (const [name, value] of keywords) {
      if (name === variadic) positional.push(value);
      else if (!(storesOut && name === 'out')) renamed.set(renames.get(name) ?? name, value);
    }
    const result = strict.call(runtime, { positional, keywords: renamed });
    return storesOut ? storedOut(runtime, keywords.get('out'), result) : result;
  };
  return new NativeFunction(strict.name, call, strict.qualifiedName, shownSignature(strict));
}

/** Methods name their first parameter `self`: by that the executor tells that they take their object. */
function shownSignature({ qualifiedName, signature = '()' }: NativeFunction): string {
  return qualifiedName.startsWith('torch.Tensor.') ? signature.replace(/\(\w+/, '(self') : signature;
}

function storedOut(runtime: Runtime, out: Value | undefined, result: Value): Value {
  if (out instanceof TensorValue && result instanceof TensorValue) return storeInPlace(runtime, out, result);
  if (out instanceof PyTuple && result instanceof PyTuple) {
    return new PyTuple(result.items.map((item, index) => storedOut(runtime, out.items[index], item)));
  }
  return result;
}
