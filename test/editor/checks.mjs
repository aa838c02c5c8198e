// Counts what held and what did not: one line a check, a picture of the screen where one failed.
import path from 'node:path';

export class Checks {
  #passed = 0;
  #failed = 0;

  constructor(pictureFolder) {
    this.pictureFolder = pictureFolder;
  }

  /** Runs one check; a failure costs that check alone. */
  async check(name, workbench, body) {
    try {
      await body();
      this.#passed += 1;
      console.log(`  ok      ${name}`);
    } catch (error) {
      this.#failed += 1;
      console.log(`  FAILED  ${name}\n          ${error instanceof Error ? error.message : error}`);
      const file = path.join(this.pictureFolder, `failed-${this.#failed}.png`);
      await workbench?.picture(file).catch(() => undefined);
    }
  }

  fail(name, message) {
    this.#failed += 1;
    console.log(`  FAILED  ${name}\n          ${message}`);
  }

  /** Prints the sum; true where all held. */
  summary() {
    console.log(`\n${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0 && this.#passed > 0;
  }
}

/** Accepts a list of texts that has, for each of `wanted`, an item that holds it. */
export function holdsAll(...wanted) {
  return (texts) => wanted.every((part) => texts.some((text) => text.includes(part)));
}

export function assertHolds(text, ...wanted) {
  const missing = wanted.filter((part) => !text.includes(part));
  if (missing.length > 0) throw new Error(`${JSON.stringify(missing)} not in ${JSON.stringify(text)}`);
}
