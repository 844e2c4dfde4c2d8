import hooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['node_modules', 'src/api/generated.ts'] },
  {
    files: ['src/**/*.{ts,tsx}', 'vite/**/*.ts', 'vite.config.ts'],
    extends: [...tseslint.configs.strict, ...tseslint.configs.stylistic],
    plugins: { 'react-hooks': hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
    },
  },
  {
    // graph/ is pure: it is tested without a browser and knows no framework.
    files: ['src/graph/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: ['react', 'react-*', '@xyflow/*', 'zustand', '@/canvas/*', '@/api/*'] },
      ],
    },
  },
)
