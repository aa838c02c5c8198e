/**
 * What reading one ONNX model may cost: nodes placed or tried, elements computed, text of names, and the host's time.
 * A model that reaches a bound is cut at that node: a problem says so, and every total is unknown, never partial.
 */

export interface OnnxBounds {
  /** Nodes once functions and bodies are in place, those that are only tried (a branch not taken) counted too. */
  readonly nodes: number;
  /** Elements of folded constants, a symbolic one counted by its terms. */
  readonly elements: number;
  /** Characters of the names that are made of names: scopes, and values in bodies. */
  readonly characters: number;
}

/** No exported network comes near; 100,000 nodes take two seconds and half a gigabyte. */
export const ONNX_BOUNDS: OnnxBounds = { nodes: 100_000, elements: 4_000_000, characters: 64_000_000 };

/** Ends the reading of a graph; analyzeOnnx.ts catches it and reports it at the node that was being read. */
export class OnnxBoundExceeded extends Error {
  override readonly name = 'OnnxBoundExceeded';
  constructor(
    readonly code: 'onnx-too-large' | 'execution-bound',
    message: string,
  ) {
    super(message);
  }
}

/** Nodes, or folded elements, between two questions to the host whether to stop. */
const NODES_BETWEEN_CHECKS = 64;
const ELEMENTS_BETWEEN_CHECKS = 8_192;

/** What is left of the bounds while one model is read. */
export class OnnxBudget {
  readonly bounds: OnnxBounds;
  readonly #shouldStop: () => boolean;
  #nodes = 0;
  #elements = 0;
  #characters = 0;
  #checkedElements = 0;
  /** Where the node that is being read is in the file. */
  byteOffset = 0;

  constructor(bounds: OnnxBounds, shouldStop: () => boolean) {
    this.bounds = bounds;
    this.#shouldStop = shouldStop;
  }

  /** Begins one node. */
  node(byteOffset: number): void {
    this.byteOffset = byteOffset;
    if (++this.#nodes > this.bounds.nodes) {
      throw tooLarge(`the graph has more than ${this.bounds.nodes} nodes once functions and bodies are in place`);
    }
    if (this.#nodes % NODES_BETWEEN_CHECKS === 1) this.checkTime();
  }

  /** Counts elements before they are computed. */
  fold(elements: number): void {
    this.#elements += elements;
    if (this.#elements > this.bounds.elements) {
      throw tooLarge(`constants of more than ${this.bounds.elements} elements are computed`);
    }
    if (this.#elements - this.#checkedElements < ELEMENTS_BETWEEN_CHECKS) return;
    this.#checkedElements = this.#elements;
    this.checkTime();
  }

  /** Counts a name that is put together. */
  name(length: number): void {
    this.#characters += length;
    if (this.#characters > this.bounds.characters) {
      throw tooLarge(`the names of values and scopes take more than ${this.bounds.characters} characters`);
    }
  }

  checkTime(): void {
    if (this.#shouldStop()) throw new OnnxBoundExceeded('execution-bound', 'there was no more time for it');
  }
}

function tooLarge(message: string): OnnxBoundExceeded {
  return new OnnxBoundExceeded('onnx-too-large', message);
}
