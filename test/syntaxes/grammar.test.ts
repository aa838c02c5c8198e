/**
 * The TextMate grammar of ONNX text: tokenised as VS Code does it. Each case is a word of the fixture and its scope.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import textmate from 'vscode-textmate';
import oniguruma from 'vscode-oniguruma';

const root = path.join(import.meta.dirname, '../..');

const CASES: readonly (readonly [word: string, scope: string])[] = [
  ['# a comment', 'comment'],
  ['GlobalAveragePool', 'function'],
  ['"linear"', 'string'],
  ['224', 'numeric'],
  ['float', 'type'],
];

it('names the parts of a model', async () => {
  await oniguruma.loadWASM(readFileSync(path.join(root, 'node_modules/vscode-oniguruma/release/onig.wasm')));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: () =>
      Promise.resolve(
        textmate.parseRawGrammar(
          readFileSync(path.join(root, 'syntaxes/onnxtxt.tmLanguage.json'), 'utf8'),
          'onnxtxt.json',
        ),
      ),
  });
  const grammar = await registry.loadGrammar('source.onnxtxt');
  const text = readFileSync(path.join(import.meta.dirname, 'fixtures/network.onnxtxt'), 'utf8');
  const scopes = new Map<string, string>();
  let state = textmate.INITIAL;
  for (const line of text.split('\n')) {
    const result = grammar?.tokenizeLine(line, state);
    if (result === undefined) throw new Error('no grammar');
    state = result.ruleStack;
    for (const [word] of CASES) {
      const at = line.indexOf(word);
      const token = result.tokens.find(({ startIndex, endIndex }) => startIndex <= at && at < endIndex);
      if (token !== undefined && !scopes.has(word)) scopes.set(word, token.scopes.join(' '));
    }
  }
  for (const [word, scope] of CASES) expect(scopes.get(word), word).toContain(scope);
});
