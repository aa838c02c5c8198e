/**
 * Why an operation of builtins failed, without a runtime to raise it in: 5 % 0 -> ZeroDivisionError, "integer modulo by
 * zero".
 */

/** A Python exception that an operation raises; the caller raises it in its runtime. */
export class Fault {
  constructor(
    readonly exception: string,
    readonly message: string,
  ) {}
}
