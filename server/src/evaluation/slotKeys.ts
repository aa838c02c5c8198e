/**
 * Where an instance keeps the values of its slots: among its attributes, under keys that no Python name has.
 * slotKey("width") -> "\0width"
 */
export function slotKey(name: string): string {
  return `\0${name}`;
}

export function isSlotKey(key: string): boolean {
  return key.startsWith('\0');
}
