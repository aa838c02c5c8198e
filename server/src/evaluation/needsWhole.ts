/**
 * Thrown where a program that was started without a part of its packages asks for what only the whole would tell:
 * `len(REGISTRY)` where modules that register themselves were left out. The program then starts again, whole.
 */

/** No PyRaise: Python code cannot catch it. */
export class NeedsWhole extends Error {
  override readonly name = 'NeedsWhole';
}
