/**
 * How the walker stops: thrown where bytes make no sense, and always caught before the front end's own surface,
 * where it becomes a Problem with the byte offset.
 */
export class CorruptBytes extends Error {
  override readonly name = 'CorruptBytes';
  readonly code: string;
  readonly byteOffset: number;

  constructor(code: string, message: string, byteOffset: number) {
    super(message);
    this.code = code;
    this.byteOffset = byteOffset;
  }
}
