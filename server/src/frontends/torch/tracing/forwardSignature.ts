/**
 * Which inputs a model's forward takes: `def forward(self, x, mask=None)` -> x (required) and mask (optional).
 */
import { parseSignature } from '../../../evaluation/natives.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import type { Value } from '../../../evaluation/values.ts';
import type { ModuleValue } from '../modules/moduleValue.ts';

export interface ForwardParameter {
  readonly name: string;
  readonly isRequired: boolean;
  readonly isKeywordOnly: boolean;
}

export interface ForwardSignature {
  readonly parameters: readonly ForwardParameter[];
  /** `*args`: takes more positional inputs. */
  readonly isVariadic: boolean;
}

/** Unknown forms (a forward that was replaced by some callable) count as one input "input". */
const ONE_INPUT: ForwardSignature = {
  parameters: [{ name: 'input', isRequired: true, isKeywordOnly: false }],
  isVariadic: true,
};

export function forwardSignature(runtime: Runtime, model: ModuleValue): ForwardSignature {
  const forward = runtime.lookupAttribute(model, 'forward');
  return forward === undefined ? ONE_INPUT : signatureOf(forward);
}

function signatureOf(callee: Value): ForwardSignature {
  if (callee === null || typeof callee !== 'object') return ONE_INPUT;
  switch (callee.kind) {
    case 'boundMethod':
      return withoutFirst(signatureOf(callee.callee));
    case 'function': {
      const wrapped = callee.attributes?.get('__wrapped__');
      if (wrapped !== undefined) return signatureOf(wrapped);
      const { positional, keywordOnly, variadic } = callee.definition.parameters;
      return {
        parameters: [
          ...positional.map(({ name, defaultValue }) => parameter(name, defaultValue === undefined, false)),
          ...keywordOnly.map(({ name, defaultValue }) => parameter(name, defaultValue === undefined, true)),
        ],
        isVariadic: variadic !== undefined,
      };
    }
    case 'native': {
      if (callee.signature === undefined) return ONE_INPUT;
      const { parameters } = parseSignature(callee.signature);
      return {
        parameters: parameters
          .filter(({ kind }) => kind === 'positional' || kind === 'keywordOnly')
          .map(({ name, kind, defaultValue }) => parameter(name, defaultValue === undefined, kind === 'keywordOnly')),
        isVariadic: parameters.some(({ kind }) => kind === 'variadic'),
      };
    }
    default:
      return ONE_INPUT;
  }
}

function withoutFirst(signature: ForwardSignature): ForwardSignature {
  return { ...signature, parameters: signature.parameters.slice(1) };
}

function parameter(name: string, isRequired: boolean, isKeywordOnly: boolean): ForwardParameter {
  return { name, isRequired, isKeywordOnly };
}
