/**
 * Lets messages in that already wait, so that an answer is for the newest text.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
