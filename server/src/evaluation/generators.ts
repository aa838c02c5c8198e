/**
 * Python generators on JavaScript's: a frame that is entered and left at each `yield`.
 * next(g), g.send(x), g.throw(e) and g.close() are `next`, `throw` and `return` of the iterator.
 */
import { allocations, BYTES } from './allocations.ts';
import { enter, leave } from './calls.ts';
import { isRaised, makeException } from './exceptions.ts';
import type { Executor } from './executor.ts';
import { RETURN, type Completion, type ExecuteGenerator, type Frame } from './frame.ts';
import { PyIterator, PyRaise, type Value } from './values.ts';

export function makeGenerator(executor: Executor, frame: Frame, body: ExecuteGenerator): PyIterator {
  allocations.bytes += BYTES.generator;
  return new PyIterator(new PythonGenerator(executor, frame, body));
}

type Step = Generator<Value, Completion, Value>;

class PythonGenerator implements Iterator<Value, Value, Value> {
  readonly #executor: Executor;
  readonly #frame: Frame;
  readonly #body: Step;
  #state: 'new' | 'suspended' | 'running' | 'finished' = 'new';

  constructor(executor: Executor, frame: Frame, body: ExecuteGenerator) {
    this.#executor = executor;
    this.#frame = frame;
    this.#body = body(frame);
  }

  /** What is sent before the first `yield` is ignored. */
  next(sent: Value = null): IteratorResult<Value, Value> {
    return this.#resume((body) => body.next(sent));
  }

  /** Raises a Python exception at the `yield` where the generator stands. */
  throw(error?: unknown): IteratorResult<Value, Value> {
    if (this.#state === 'finished') throw error;
    if (this.#state === 'new') {
      this.#state = 'finished';
      throw error;
    }
    return this.#resume((body) => body.throw(error));
  }

  /** `close()`: lets `finally` blocks run. */
  return(value: Value = null): IteratorResult<Value, Value> {
    if (this.#state === 'suspended') {
      const exit = new PyRaise(makeException(this.#executor, 'GeneratorExit', ''), this.#executor.callStack());
      try {
        const result = this.#resume((body) => body.throw(exit));
        if (result.done !== true) this.#executor.raise('RuntimeError', 'generator ignored GeneratorExit');
      } catch (error) {
        if (error !== exit && !isRaised(this.#executor, error, 'StopIteration')) throw error;
      }
    }
    this.#state = 'finished';
    return { done: true, value };
  }

  #resume(action: (body: Step) => IteratorResult<Value, Completion>): IteratorResult<Value, Value> {
    if (this.#state === 'finished') return { done: true, value: null };
    if (this.#state === 'running') return this.#executor.raise('ValueError', 'generator already executing');
    const frame = this.#frame;
    frame.caller = this.#executor.frame;
    enter(this.#executor, frame);
    this.#state = 'running';
    try {
      const result = action(this.#body);
      if (result.done !== true) {
        this.#state = 'suspended';
        return result;
      }
      return { done: true, value: result.value === RETURN ? frame.returnValue : null };
    } catch (error) {
      this.#executor.rememberStack(error);
      if (!isRaised(this.#executor, error, 'StopIteration')) throw error;
      const failure = makeException(this.#executor, 'RuntimeError', 'generator raised StopIteration');
      failure.attributes.set('__cause__', error.value);
      throw new PyRaise(failure, error.trace);
    } finally {
      // Left in any other way than by a `yield`: it is over.
      if (this.#isRunning()) this.#state = 'finished';
      leave(this.#executor, frame);
    }
  }

  #isRunning(): boolean {
    return this.#state === 'running';
  }
}
