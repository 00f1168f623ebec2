// Evaluates the FEEL expressions of a JSON list with feelin and prints the answers as a JSON list.
// Run by tests/test_engines.py with NODE_PATH's folder as its only argument.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(`${process.argv[2]}/here.js`));
const { evaluate } = await import(pathToFileURL(require.resolve("feelin")));
const context = { "monthly income": 10, tax: 1 };

function shown(value) {
  if (value === undefined || value === null) return "null";
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (typeof value === "string") return JSON.stringify(value);
  if (value.constructor === Object) {
    return `{${Object.entries(value).map(([key, held]) => `${key}: ${shown(held)}`).join(", ")}}`;
  }
  return String(value);
}

function answer(expression) {
  try {
    const found = evaluate(expression, context);
    return shown(found && typeof found === "object" && "value" in found ? found.value : found);
  } catch {
    return "error";
  }
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(answer)));
