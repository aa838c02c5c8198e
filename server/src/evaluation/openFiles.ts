/**
 * The files of the host, with the texts of open documents in front of them.
 */
import type { FileProvider } from './moduleFinder.ts';

export class OpenFiles implements FileProvider {
  readonly #disk: FileProvider;
  readonly #texts = new Map<string, string>();

  constructor(disk: FileProvider) {
    this.#disk = disk;
  }

  /** False where nothing changed by it. */
  setText(file: string, text: string | undefined): boolean {
    if (this.#texts.get(file) === text) return false;
    if (text === undefined) this.#texts.delete(file);
    else this.#texts.set(file, text);
    return true;
  }

  isOpen(file: string): boolean {
    return this.#texts.has(file);
  }

  readText(path: string): string | undefined {
    return this.#texts.get(path) ?? this.#disk.readText(path);
  }

  isFile(path: string): boolean {
    return this.#texts.has(path) || this.#disk.isFile(path);
  }

  isDirectory(path: string): boolean {
    return this.#disk.isDirectory(path);
  }
}
