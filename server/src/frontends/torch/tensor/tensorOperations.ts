/**
 * All operations of torch and of tensors, family by family: the source of `torch`'s functions and of Tensor's methods.
 */
import { creationOperations } from '../creation/creationOperations.ts';
import { arithmeticOperations } from './arithmetic.ts';
import { castOperations } from './castOperations.ts';
import { complexOperations } from './complexOperations.ts';
import { dataOperations } from './dataOperations.ts';
import { diagonalOperations } from './diagonalOperations.ts';
import { indexOperations } from './indexOperations.ts';
import { initOperations } from './initOperations.ts';
import { joinOperations } from './joinOperations.ts';
import { matrixFunctionOperations } from './linearAlgebra.ts';
import { matrixOperations } from './matrixOperations.ts';
import type { TensorOperation } from './operation.ts';
import { reductionOperations } from './reductionOperations.ts';
import { shapeOperations } from './shapeOperations.ts';
import { softmaxOperations } from './softmaxOperations.ts';
import { sortOperations } from './sortOperations.ts';

export const tensorOperations: readonly TensorOperation[] = [
  ...creationOperations,
  ...arithmeticOperations,
  ...castOperations,
  ...dataOperations,
  ...shapeOperations,
  ...joinOperations,
  ...indexOperations,
  ...reductionOperations,
  ...sortOperations,
  ...matrixOperations,
  ...matrixFunctionOperations,
  ...diagonalOperations,
  ...complexOperations,
  ...softmaxOperations,
  ...initOperations,
];
