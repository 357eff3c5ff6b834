import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Native add-ons (SQLite, canvas, TensorFlow) are safest in processes of their own.
    globalSetup: 'test/helpers/temporary.ts',
    pool: 'forks',
    maxWorkers: 2,
    // Experiments run on the backend that everybody has; test/demos/lab.test.ts asks for the native one by name.
    env: { TF_BACKEND: 'wasm' },
    // A slow machine is not a fault: waits end early when what they wait for has come.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
