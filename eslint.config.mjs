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

/** Everywhere. */
const ALWAYS = [
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
];

/**
 * Text from code reaches people through one escaping function a target (server/src/base/escaping/): what goes round it is
 * found here, as far as types do not find it.
 */
const ESCAPING = [
  {
    selector: "MemberExpression[object.name='process'][property.name=/^(stdout|stderr)$/]",
    message: 'Commands return a CommandOutput; main.ts alone writes it (base/escaping/printed.ts).',
  },
  {
    selector: "MemberExpression[object.name='process'][computed=true]",
    message: 'Name the property of process.',
  },
  {
    selector: "MemberExpression[object.name='console']",
    message: 'Commands return a CommandOutput; the server logs by its guard.',
  },
  {
    selector: 'TSAsExpression > TSTypeReference[typeName.name=/^(Printed|Markup|Markdown|Html|Xml)$/]',
    message: 'Only base/escaping/ makes this type: use its functions.',
  },
  {
    selector: 'TSTypeAssertion > TSTypeReference[typeName.name=/^(Printed|Markup|Markdown|Html|Xml)$/]',
    message: 'Only base/escaping/ makes this type: use its functions.',
  },
  {
    selector: "MemberExpression[object.name='Markup'][property.name='tagOf']",
    message: 'Only base/escaping/ makes tags of markup.',
  },
  {
    selector: "ImportSpecifier[imported.name='printed']",
    message: 'It escapes nothing and is for base/escaping/ alone: use printedLines or printedText.',
  },
];

const isUntagged = ':not(TaggedTemplateExpression) > TemplateLiteral';

/** Where pages are made: a template that looks like HTML has its tag, and nothing else sets HTML. */
const HTML = [
  {
    selector: `${isUntagged} > TemplateElement[value.raw=/<[!\\/a-z]/i]`,
    message: 'HTML is written as inHtml`...`, which escapes what is put into it.',
  },
  {
    selector: 'Literal[value=/<[!\\/a-z]/i]',
    message: 'HTML is written as inHtml`...`, which escapes what is put into it.',
  },
  {
    selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment)$/]',
    message: 'Set textContent, or make a page by inHtml`...`.',
  },
  {
    selector: "AssignmentExpression[left.property.name='html']:not([right.property.name='text'])",
    message: 'A page is the text of an Html.',
  },
];

/** Where Markdown is made: a template that looks like it has its tag. */
const MARKDOWN = [
  {
    selector: `${isUntagged} > TemplateElement[value.raw=/^(\\\\n)*(###|- |\\| )|\\*\\*|<br>|<\\/?(details|summary)>| \\| |\\\\\u0060/]`,
    message: 'Markdown is written as inMarkdown`...`, which escapes what is put into it.',
  },
];

/** Scripts of CI write to the log by one function, which escapes. */
const CI = [
  {
    selector: "MemberExpression[object.name='console']",
    message: 'Write by ci/log.mjs, which escapes.',
  },
  {
    selector: "MemberExpression[object.name='process'][property.name=/^(stdout|stderr)$/]",
    message: 'Write by ci/log.mjs, which escapes.',
  },
];

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
      'no-restricted-syntax': ['error', ...ALWAYS],
    },
  },
  ...folders.map(wallRules),
  {
    files: ['server/src/**/*.ts', 'client/src/**/*.ts'],
    ignores: ['server/src/base/escaping/*.ts', 'server/src/cli/main.ts', 'server/src/lsp/nodeMain.ts'],
    rules: { 'no-restricted-syntax': ['error', ...ALWAYS, ...ESCAPING] },
  },
  {
    files: ['client/src/views/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...ALWAYS, ...ESCAPING, ...HTML] },
  },
  {
    files: ['server/src/features/*over.ts', 'server/src/cli/reporters/*arkdown*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...ALWAYS, ...ESCAPING, ...MARKDOWN] },
  },
  { files: ['ci/*.mjs'], ignores: ['ci/log.mjs'], rules: { 'no-restricted-syntax': ['error', ...CI] } },
  {
    files: ['client/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: 'server/src/(?!.*protocol|base/escaping/)',
              message: 'The client speaks to the server by protocol only; what escapes text is shared.',
            },
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
