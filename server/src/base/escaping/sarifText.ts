/**
 * The escaping of SARIF's plain texts, in which "[text](target)" is a link: "[a](b)" -> "[a] (b)".
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/, 3.11.6.
 */
import { visibleText } from './visibleText.ts';

export function sarifText(text: string): string {
  return visibleText(text).replaceAll('](', '] (');
}
