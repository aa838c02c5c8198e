/**
 * How tables look in the terminal: columns and one line under the header, no frames.
 */
export const PLAIN_TABLE = {
  headerTop: { left: '', mid: '', right: '', other: '' },
  headerBottom: { left: '', mid: ' ', right: '', other: '-' },
  tableBottom: { left: '', mid: '', right: '', other: '' },
  vertical: '',
};
