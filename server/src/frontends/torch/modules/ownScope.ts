/**
 * What a layer computes counts to the layer, also where its forward is called directly: `self.conv.forward(x)` runs no
 * hooks, and is the convolution's work all the same.
 */
import { NativeFunction } from '../../../evaluation/values.ts';
import { tensorsIn } from '../tensorsIn.ts';
import { worldOf } from '../torchWorld.ts';
import { ModuleValue } from './moduleValue.ts';

/** A forward of ours that enters the scope of its module, unless the module was called and is in it already. */
export function inOwnScope(forward: NativeFunction): NativeFunction {
  return new NativeFunction(
    forward.name,
    (runtime, args) => {
      const { recorder } = worldOf(runtime);
      const [module, ...rest] = args.positional;
      const path = recorder !== undefined && module instanceof ModuleValue ? recorder.pathOf(module) : undefined;
      if (recorder === undefined || path === undefined || recorder.scopePath === path)
        return forward.call(runtime, args);
      return recorder.inScope(path, () => {
        const given = [...rest, ...args.keywords.values()].flatMap((value) => tensorsIn(value));
        const inputs = given.map((tensor) => recorder.valueOf(tensor));
        const result = forward.call(runtime, args);
        const outputs = tensorsIn(result).map((tensor) => recorder.valueOf(tensor));
        recorder.builder.addScopeCall(path, inputs, outputs, runtime.callStack()[0]);
        return result;
      });
    },
    forward.qualifiedName,
    forward.signature,
  );
}
