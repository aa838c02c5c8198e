/**
 * JSON-RPC's and LSP's numbers of errors that the front answers with: the library that also has them is large, and the
 * front starts before all else.
 */
export const ErrorCodes = {
  ParseError: -32700,
  InvalidRequest: -32600,
  InvalidParams: -32602,
  InternalError: -32603,
  MethodNotFound: -32601,
  ServerNotInitialized: -32002,
  RequestCancelled: -32800,
} as const;
