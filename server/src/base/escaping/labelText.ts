/**
 * The escaping of an editor's labels, which are plain text but for "$(icon)", and of its notices, in which
 * "[text](target)" is a link: "$(bug) [a](command:x)" -> "$ (bug) [a] (command:x)".
 */
import { visibleText } from './visibleText.ts';

/** Of lenses, hints, titles of actions and panels. */
export function labelText(text: string): string {
  return visibleText(text).replaceAll('$(', '$ (');
}

/** Of messages that pop up. */
export function noticeText(text: string): string {
  return labelText(text).replaceAll('](', '] (');
}
