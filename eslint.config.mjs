// Lint: typescript-eslint's strict rules, and the walls of the house (docs/architecture.md).
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Server folders, lower first; a folder imports only from those named beside it. Mirrors the project references. */
const walls = {
  base: [],
  graph: ['base'],
  operators: ['base', 'graph'],
  syntax: ['base'],
  evaluation: ['base', 'graph', 'syntax'],
  'frontends/onnx': ['base', 'graph', 'operators'],
  'frontends/torch': ['base', 'graph', 'operators', 'syntax', 'evaluation'],
  'frontends/nasCell': ['base', 'graph', 'operators'],
  cost: ['base', 'graph', 'operators'],
  predictor: ['base', 'graph', 'operators', 'frontends/nasCell'],
  configuration: ['base', 'graph'],
  analysis: [
    'base',
    'graph',
    'operators',
    'syntax',
    'evaluation',
    'frontends/onnx',
    'frontends/torch',
    'frontends/nasCell',
    'cost',
    'predictor',
    'configuration',
  ],
  gate: ['base', 'graph', 'cost', 'configuration', 'analysis'],
  features: [
    'base',
    'graph',
    'operators',
    'syntax',
    'frontends/nasCell',
    'cost',
    'predictor',
    'configuration',
    'analysis',
    'gate',
  ],
  node: [
    'base',
    'graph',
    'syntax',
    'evaluation',
    'frontends/onnx',
    'frontends/nasCell',
    'cost',
    'predictor',
    'configuration',
    'analysis',
    'gate',
  ],
  lsp: [
    'base',
    'graph',
    'frontends/nasCell',
    'predictor',
    'cost',
    'configuration',
    'analysis',
    'gate',
    'features',
    'node',
  ],
  cli: [
    'base',
    'graph',
    'frontends/nasCell',
    'cost',
    'predictor',
    'configuration',
    'analysis',
    'gate',
    'features',
    'node',
  ],
};
const hosts = new Set(['node', 'lsp', 'cli']);
const folders = Object.keys(walls);

const core = [
  { regex: '^node:', message: 'The core does no IO: only node/, lsp/ and cli/ may import node modules.' },
  { regex: '^(vscode|vscode-.*)$', message: 'Only lsp/ knows LSP types, only client/ knows vscode.' },
];

/** How a folder names one beside it: "frontends/onnx" reaches "frontends/torch" as "../torch/". */
function siblingName(folder, other) {
  const slash = folder.lastIndexOf('/');
  return slash > 0 && other.startsWith(folder.slice(0, slash + 1)) ? other.slice(slash + 1) : other;
}

function wallRules(folder) {
  const up = '\\.\\./'.repeat(folder.split('/').length);
  const forbidden = folders.filter((other) => other !== folder && !walls[folder].includes(other));
  return {
    files: [`server/src/${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...(hosts.has(folder) ? [{ regex: '^vscode$', message: 'Only client/ knows vscode.' }] : core),
            ...(folder === 'cli' || folder === 'node'
              ? [{ regex: '^vscode-', message: 'Only lsp/ knows LSP types.' }]
              : []),
            ...forbidden.map((other) => ({
              // A front end reaches its sibling by its last name alone.
              regex: `^(\\.\\./)+(src/)?(${other}|${siblingName(folder, other)})/`,
              message: `${folder}/ stands below or beside ${other}/ and must not know it.`,
            })),
            {
              regex: `^${up}\\.\\./(?!(\\.\\./)*(${[folder, ...walls[folder]].join('|')})/)`,
              message: 'The server imports nothing from outside server/src.',
            },
          ],
        },
      ],
    },
  };
}

export default tseslint.config(
  {
    ignores: [
      'dist/',
      '.cache/',
      '.types/',
      'node_modules/',
      '**/node_modules/',
      'test/editor/out/',
      'training/',
      'server/kernels/kernels.ts',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/naming-convention': ['error', { selector: 'typeLike', format: ['PascalCase'] }],
      'max-lines': ['error', { max: 800, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
      ],
    },
  },
  ...folders.map(wallRules),
  {
    files: ['client/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: 'server/src/(?!.*protocol)', message: 'The client speaks to the server by protocol only.' },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'URL',
          'Buffer',
          'setTimeout',
          'clearTimeout',
          'fetch',
          'performance',
          'TextDecoder',
          'TextEncoder',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
