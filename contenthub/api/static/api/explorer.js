// The page for trying queries: runs them against its own address and remembers what was asked.

const EXAMPLES = [
  ["The newest items", `{
  items(first: 5) {
    totalCount
    nodes {
      key
      headline
      summary
      journey { label }
      product { label }
    }
  }
}`],
  ["One item, its body as Markdown", `query ($key: String!) {
  item(key: $key) {
    headline
    locale { name direction }
    body(format: MARKDOWN)
    callToAction { label link { kind url } }
    image { url alt width height }
  }
}`, { key: "article/eight-minute-city" }],
  ["In Japanese, with fallback", `query ($context: ContextInput) {
  items(first: 10, context: $context) {
    nodes {
      headline
      isFallback
      locale { code name }
      localizations { locale { code } isStale }
    }
  }
}`, { context: { locale: "ja" } }],
  ["Filter by terms, count by facet", `query ($filter: ItemFilter) {
  items(filter: $filter, first: 10) {
    totalCount
    products: facetCounts(facet: "product") { count term { label } }
    segments: facetCounts(facet: "segment") { count term { label } }
    nodes { headline journey { label } action { label } }
  }
}`, { filter: { journey: { anyOf: ["journey:consider"] } } }],
  ["What a segment sees in a channel", `query ($context: ContextInput) {
  items(context: $context, first: 10) {
    nodes {
      headline
      segment { label }
      channels { label }
    }
  }
}`, { context: { channel: "channel:email-marketing", segments: ["segment:relationship-owner"] } }],
  ["Search, best first", `query ($search: String!) {
  items(filter: { search: $search }, orderBy: RELEVANCE) {
    totalCount
    nodes { headline summary }
  }
}`, { search: "city" }],
  ["Block by block, with references", `query ($key: String!) {
  item(key: $key) {
    headline
    blocks {
      __typename
      ... on HeadingBlock { text level }
      ... on RichTextBlock { html }
      ... on ImageBlock { image { url alt } caption }
      ... on ListBlock { items ordered }
      ... on QuoteBlock { text source }
    }
    references { key headline }
  }
}`, { key: "article/eight-minute-city" }],
  ["The journey as a tree", `{
  facet(code: "journey") {
    label
    roots {
      code
      label
      children { code label }
    }
  }
}`],
  ["Languages, channels and types", `{
  locales { code name direction fallbacks }
  channels { code label kind limits { field maximum } }
  itemTypes { code label fields { name kind label } }
}`],
];

const byId = (id) => document.getElementById(id);
const MOST_REMEMBERED = 30;

const query = new Editor(byId("query-editor"), GRAPHQL, save);
const variables = new Editor(byId("variables-editor"), JSON_TEXT, save);
const docs = new Docs(byId("docs-body"), byId("docs-path"), byId("docs-search"));
let asking = null;

function recall(name, otherwise) {
  try { return JSON.parse(localStorage.getItem(`explorer.${name}`)) ?? otherwise; } catch { return otherwise; }
}

function remember(name, value) { localStorage.setItem(`explorer.${name}`, JSON.stringify(value)); }

function save() { remember("last", { query: query.text, variables: variables.text }); }

function load(asked) {
  query.text = asked.query;
  variables.text = asked.variables;
  save();
}

// The key stays in this tab and is gone when it is closed.
async function send(body, signal) {
  const key = byId("key").value.trim();
  return fetch(location.pathname, {
    method: "POST",
    credentials: "omit",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/graphql-response+json, application/json",
      ...(key && { Authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify(body),
    signal,
  });
}

async function run() {
  let given;
  try {
    given = variables.text.trim() ? JSON.parse(variables.text) : {};
  } catch (error) {
    show({ errors: [{ message: `The variables are not JSON: ${error.message}`, extensions: { argument: "variables" } }] }, "");
    return;
  }
  asking?.abort();
  asking = new AbortController();
  byId("status").textContent = "Asking …";
  const began = performance.now();
  try {
    const response = await send({ query: query.text, variables: given, operationName: operationName() }, asking.signal);
    const text = await response.text();
    const took = Math.round(performance.now() - began);
    show(JSON.parse(text), `${response.status} · ${took} ms · ${size(text)}`);
    addToHistory();
  } catch (error) {
    if (error.name !== "AbortError") show({ errors: [{ message: `The hub did not answer: ${error.message}` }] }, "");
  }
}

// With several operations in the editor, the one that holds the cursor is asked.
function operationName() {
  const named = [...query.text.matchAll(/^\s*query\s+(\w+)/gm)];
  const before = named.filter((found) => found.index <= query.area.selectionStart);
  return (before.at(-1) ?? named[0])?.[1];
}

function size(text) {
  const bytes = new TextEncoder().encode(text).length;
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} kB`;
}

function show(answer, status) {
  byId("status").textContent = status;
  const told = [
    ...(answer.errors ?? []).map((error) => ["error", error]),
    ...(answer.extensions?.notices ?? []).map((notice) => ["notice", notice]),
  ];
  byId("told").replaceChildren(...told.map(([kind, each]) => {
    const code = each.extensions?.code ?? each.code;
    const place = each.locations?.length ? ` (line ${each.locations[0].line})` : "";
    return element("li", { className: kind }, code ? element("b", { textContent: `${code} ` }) : "", each.message + place);
  }));
  byId("told").hidden = !told.length;
  paint(byId("result"), JSON.stringify(answer, null, 2), JSON_TEXT);
  byId("result").scrollTop = 0;
}

function addToHistory() {
  const asked = { query: query.text, variables: variables.text };
  const same = (each) => each.query === asked.query && each.variables === asked.variables;
  const others = recall("history", []).filter((each) => !same(each));
  remember("history", [asked, ...others].slice(0, MOST_REMEMBERED));
  drawHistory();
}

function drawHistory() {
  const known = recall("history", []);
  const options = known.map((each, place) => element("option", { value: place, textContent: shortly(each) }));
  const first = element("option", { value: "", textContent: known.length ? "Choose …" : "Nothing yet" });
  byId("history").replaceChildren(first, ...options);
}

function shortly(asked) {
  const text = `${asked.query} ${asked.variables}`.replace(/\s+/g, " ").trim();
  return text.length > 60 ? `${text.slice(0, 60)} …` : text;
}

function drawExamples() {
  const options = EXAMPLES.map(([name], place) => element("option", { value: place, textContent: name }));
  byId("examples").append(...options);
}

async function fillDocs() {
  docs.say("Reading the schema …");
  try {
    const answer = await (await send({ query: INTROSPECTION })).json();
    if (answer.data) docs.fill(answer.data.__schema);
    else docs.say(answer.errors[0].message);
  } catch (error) {
    docs.say(`The schema could not be read: ${error.message}`);
  }
}

function start() {
  drawExamples();
  drawHistory();
  const [, text, given] = EXAMPLES[0];
  let asked = recall("last", { query: text, variables: given ? JSON.stringify(given, null, 2) : "" });
  const parameters = new URLSearchParams(location.hash.slice(1) || location.search);
  if (parameters.get("query")) asked = { query: parameters.get("query"), variables: parameters.get("variables") ?? "" };
  load(asked);
  query.area.focus();
  fillDocs();
}

byId("run").addEventListener("click", run);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); }
});
byId("examples").addEventListener("change", (event) => {
  if (event.target.value === "") return;
  const [, text, given] = EXAMPLES[event.target.value];
  load({ query: text, variables: given ? JSON.stringify(given, null, 2) : "" });
  event.target.value = "";
  run();
});
byId("history").addEventListener("change", (event) => {
  if (event.target.value === "") return;
  load(recall("history", [])[event.target.value]);
  event.target.value = "";
});
byId("key").addEventListener("change", fillDocs);
byId("share").addEventListener("click", async () => {
  const parameters = new URLSearchParams({ query: query.text, variables: variables.text });
  history.replaceState(null, "", `#${parameters}`);
  try {
    await navigator.clipboard.writeText(location.href);
    byId("status").textContent = "Link copied";
  } catch {
    byId("status").textContent = "The link is in the address line";
  }
});
byId("theme").addEventListener("click", () => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const shown = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  document.documentElement.dataset.theme = shown === "dark" ? "light" : "dark";
  localStorage.setItem("explorer.theme", document.documentElement.dataset.theme);
});
byId("docs-toggle").addEventListener("click", (event) => {
  const shown = byId("docs").hidden;
  byId("docs").hidden = !shown;
  event.target.setAttribute("aria-expanded", String(shown));
});

start();
