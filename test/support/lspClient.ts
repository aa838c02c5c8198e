/**
 * A tiny language client over stdio: frames JSON-RPC messages, matches answers with requests, keeps notifications, and
 * answers what the server asks. Plays an editor in the protocol tests and in bench/.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** The server's refusal of a request. */
export class LspError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

interface Waiter {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export interface Notification {
  readonly method: string;
  readonly params: unknown;
}

export class LspClient {
  /** What the server sent of its own: notifications, and requests, which are answered at once. */
  readonly notifications: Notification[] = [];
  /** What `workspace/configuration` is answered with. */
  configuration: unknown = {};
  /** Resolves with the exit code (null where a signal ended it). */
  readonly exited: Promise<number | null>;
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly waiters = new Map<number, Waiter>();
  private readonly listeners = new Set<() => void>();
  private buffer: Buffer = Buffer.alloc(0);
  private lastId = 0;
  private errorText = '';

  constructor(command: string, args: readonly string[], cwd: string) {
    this.process = spawn(command, args, { cwd, stdio: 'pipe' });
    this.process.stdout.on('data', (bytes: Buffer) => this.receive(bytes));
    this.process.stderr.on('data', (bytes: Buffer) => (this.errorText += bytes.toString('utf8')));
    // A pipe that closes under a write shows as the exit below.
    this.process.stdin.on('error', () => undefined);
    this.exited = new Promise((resolve) => {
      this.process.on('exit', (code) => {
        for (const { reject } of this.waiters.values()) reject(new Error(`the server ended: ${this.errorText}`));
        this.waiters.clear();
        resolve(code);
      });
    });
  }

  get processId(): number | undefined {
    return this.process.pid;
  }

  /** Sends a request; `id` serves to cancel it. */
  start(method: string, params: unknown): { readonly id: number; readonly answer: Promise<unknown> } {
    const id = ++this.lastId;
    const answer = new Promise<unknown>((resolve, reject) => this.waiters.set(id, { resolve, reject }));
    this.send({ jsonrpc: '2.0', id, method, params });
    return { id, answer };
  }

  /** The caller names the type that the protocol gives for the method's result. */
  request<T>(method: string, params?: unknown): Promise<T> {
    return this.start(method, params).answer as Promise<T>;
  }

  notify(method: string, params: unknown): void {
    this.send({ jsonrpc: '2.0', method, params });
  }

  /** The first notification, old or new, that `matches`; the test's own time limit ends a wait in vain. */
  waitFor(matches: (notification: Notification) => boolean): Promise<Notification> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.notifications.find(matches);
        if (found === undefined) return;
        this.listeners.delete(look);
        resolve(found);
      };
      this.listeners.add(look);
      look();
    });
  }

  /** Bytes that need not be a message. */
  write(bytes: string | Uint8Array): void {
    this.process.stdin.write(bytes);
  }

  /** The end of what the server reads. */
  endInput(): void {
    this.process.stdin.end();
  }

  /** What the server writes is left where it is, or read again. */
  readNothing(isPaused: boolean): void {
    if (isPaused) this.process.stdout.pause();
    else this.process.stdout.resume();
  }

  kill(): void {
    this.process.kill();
  }

  private send(message: object): void {
    const body = Buffer.from(JSON.stringify(message), 'utf8');
    this.process.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.process.stdin.write(body);
  }

  private receive(bytes: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, bytes]);
    for (;;) {
      const headEnd = this.buffer.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.buffer.toString('latin1', 0, headEnd))?.[1]);
      const end = headEnd + 4 + length;
      if (this.buffer.length < end) return;
      // The server's messages have this form by JSON-RPC.
      const message = JSON.parse(this.buffer.toString('utf8', headEnd + 4, end)) as Message;
      this.buffer = this.buffer.subarray(end);
      this.handle(message);
    }
  }

  private handle(message: Message): void {
    const { id, method } = message;
    if (method !== undefined && id !== undefined) {
      this.send({ jsonrpc: '2.0', id, result: this.answerTo(method, message.params) });
      this.note(method, message.params);
    } else if (method !== undefined) {
      this.note(method, message.params);
    } else if (typeof id === 'number') {
      const waiter = this.waiters.get(id);
      this.waiters.delete(id);
      if (message.error === undefined) waiter?.resolve(message.result);
      else waiter?.reject(new LspError(message.error.code, message.error.message));
    }
  }

  private note(method: string, params: unknown): void {
    this.notifications.push({ method, params });
    for (const listener of [...this.listeners]) listener();
  }

  private answerTo(method: string, params: unknown): unknown {
    if (method !== 'workspace/configuration') return null;
    const { items } = params as { readonly items: readonly unknown[] };
    return items.map(() => this.configuration);
  }
}
