/**
 * How views and commands ask the server, so that none of them holds the client itself.
 */
export interface Requests {
  send<T>(method: string, params?: unknown): Promise<T>;
}
