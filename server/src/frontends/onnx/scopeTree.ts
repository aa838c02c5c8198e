/**
 * The hierarchy of an ONNX graph. Each node is a leaf; slashes in names (as PyTorch and TensorFlow write them) are
 * groups above: "/layer1/conv1/Conv" stands in "/layer1/conv1", which stands in "/layer1".
 */
import type { GraphBuilder } from '../../graph/graphBuilder.ts';
import type { ParameterId } from '../../graph/modelGraph.ts';
import type { OnnxBudget } from './onnxBudget.ts';

export class ScopeTree {
  readonly #builder: GraphBuilder;
  readonly #budget: OnnxBudget;
  /** How often each path was asked for. */
  readonly #counts = new Map([['', 1]]);
  /** Group paths by the prefix of names that they stand for. */
  readonly #groups = new Map<string, string>();
  readonly #rootParameters: ParameterId[] = [];

  constructor(builder: GraphBuilder, modelName: string, budget: OnnxBudget) {
    this.#builder = builder;
    this.#budget = budget;
    this.#declare('', modelName, undefined, [], 'group');
  }

  /** A leaf for one node, under a name that no other has; gives its path. */
  addLeaf(within: string, name: string, typeName: string, parameters: readonly ParameterId[]): string {
    const parent = this.#groupFor(within, name);
    const path = this.#free(this.#joined(within, name));
    this.#declare(path, typeName, parent, parameters, 'leaf');
    return path;
  }

  /** A group for a node that holds others: a function's call, an If, a Loop. */
  addGroup(within: string, name: string, typeName: string): string {
    const parent = this.#groupFor(within, name);
    const path = this.#free(this.#joined(within, name));
    this.#declare(path, typeName, parent, [], 'group');
    return path;
  }

  /** Stored tensors that no node reads belong to the model. */
  addToRoot(parameters: readonly ParameterId[], modelName: string): void {
    this.#rootParameters.push(...parameters);
    this.#declare('', modelName, undefined, this.#rootParameters, 'group');
  }

  #groupFor(within: string, name: string): string {
    let parent = within;
    let depth = 0;
    for (let at = name.indexOf('/', 1); at > 0 && depth < DEEPEST_GROUP; at = name.indexOf('/', at + 1), depth++) {
      const prefix = this.#joined(within, name.slice(0, at));
      let path = this.#groups.get(prefix);
      if (path === undefined) {
        path = this.#free(prefix);
        this.#groups.set(prefix, path);
        this.#declare(path, 'group', parent, [], 'group');
      }
      parent = path;
    }
    return parent;
  }

  #joined(within: string, name: string): string {
    this.#budget.name(within.length + name.length);
    return within === '' ? name : `${within}/${name}`;
  }

  /** The path itself, or with a number where it is taken. */
  #free(path: string): string {
    const count = this.#counts.get(path) ?? 0;
    this.#counts.set(path, count + 1);
    if (count === 0) return path;
    return this.#free(`${path}#${count + 1}`);
  }

  #declare(
    path: string,
    typeName: string,
    parent: string | undefined,
    parameters: readonly ParameterId[],
    kind: 'leaf' | 'group',
  ): void {
    this.#builder.declareScope({ path, typeName, parent, created: undefined, parameters, isLeaf: kind === 'leaf' });
  }
}

const DEEPEST_GROUP = 32;
