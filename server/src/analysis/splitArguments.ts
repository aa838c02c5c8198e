/**
 * Arguments as Python text, one by one: "num_classes=10, size=(1, 2), 'a,b'" -> three texts, the first two named.
 */
export interface ArgumentText {
  readonly name: string | undefined;
  readonly text: string;
}

export function splitArguments(text: string): readonly ArgumentText[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)]
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const match = /^([A-Za-z_]\w*)\s*=(?!=)\s*([^]*)$/.exec(part);
      return { name: match?.[1], text: match?.[2] ?? part };
    });
}
