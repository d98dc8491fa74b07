import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import mantinePreset from "postcss-preset-mantine";
import { defineConfig } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));
const api = process.env.MUSTER_API ?? "http://127.0.0.1:3000";

export default defineConfig({
  root: here,
  plugins: [react()],
  css: { postcss: { plugins: [mantinePreset()] } },
  build: { outDir: "dist", emptyOutDir: true, target: "es2023", chunkSizeWarningLimit: 800 },
  server: { proxy: { "/api/": { target: api, changeOrigin: false } } },
});
