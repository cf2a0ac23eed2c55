import { defineConfig } from "vitest/config";

// The server to develop against: `ccwall demo` says which port it took.
const server = process.env.CCWALL_SERVER ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "./",
  build: {
    outDir: process.env.CCWALL_WEB_OUT ?? "../ccwall_web/static",
    emptyOutDir: true,
    target: "es2023",
    // Everything is a file of its own: the page's content security policy allows no data: and nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": { target: server, ws: true } } },
  test: { environment: "happy-dom", include: ["tests/**/*.test.{ts,tsx}"] },
});
