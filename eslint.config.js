import js from '@eslint/js'
import html from 'eslint-plugin-html'
import globals from 'globals'
import tseslint from 'typescript-eslint'

/** What TypeScript's compiler and the strict rules hold in .ts, for scripts that no compiler sees. */
const plainJavaScript = {
  ...js.configs.recommended.rules,
  'array-callback-return': 'error',
  eqeqeq: 'error',
  'no-constructor-return': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-param-reassign': 'error',
  'no-self-compare': 'error',
  'no-template-curly-in-string': 'error',
  'no-throw-literal': 'error',
  'no-unmodified-loop-condition': 'error',
  'no-unused-expressions': 'error',
  'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  'no-use-before-define': ['error', { functions: false, variables: false }],
  'no-useless-return': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
  'prefer-promise-reject-errors': 'error',
  'require-atomic-updates': 'error',
}

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '.cache', 'out', 'test/golden', 'test/cases'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: globals.nodeBuiltin, sourceType: 'module' },
    rules: plainJavaScript,
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { globals: globals.node, sourceType: 'commonjs' },
    rules: plainJavaScript,
  },
  // The scripts of the HTML report: what a browser runs, without modules or a build in between.
  {
    files: ['src/**/*.html'],
    plugins: { html },
    settings: { 'html/javascript-mime-types': ['text/javascript'] },
    languageOptions: { globals: globals.browser, sourceType: 'script', ecmaVersion: 2022 },
    rules: { ...plainJavaScript, strict: ['error', 'global'] },
  },
)
