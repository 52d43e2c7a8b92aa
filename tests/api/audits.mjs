// Runs the audits of the npm package graphql-http against the server at the address given, and prints them as JSON.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [url, modules] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const { serverAudits } = require("graphql-http");
const results = [];
for (const audit of serverAudits({ url, fetchFn: fetch })) {
  const { name, status, reason } = await audit.fn();
  results.push({ name, status, reason: reason ?? null });
}
console.log(JSON.stringify(results));
