import { defineConfig } from "vite";

// The pages that `python -m benchmarks wall` measures; they are no part of what is shipped.
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  build: {
    outDir: process.env.CCWALL_WEB_OUT ?? "../../../.bench",
    emptyOutDir: true,
    target: "es2023",
    rolldownOptions: { input: ["grid.html", "vanilla.html", "floor.html"].map((page) => `${import.meta.dirname}/${page}`) },
  },
});
