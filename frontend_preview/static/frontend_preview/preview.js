/** The preview front end: one card a channel, or one channel alone, made anew whenever what is asked for changes. */

import { Hub, PreviewError } from "./api.js";
import { element } from "./dom.js";
import { frame } from "./frames.js";

const ALL = "all";
const LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmütze ";

const asked = new URLSearchParams(location.search);
const hub = new Hub(document.documentElement.dataset.graphql, new URLSearchParams(location.hash.slice(1)).get("token"));
const form = document.querySelector(".bar__form");
const wall = document.querySelector(".wall");
const told = document.querySelector(".told");

let channels = [];
let turn = 0;

async function start() {
  const catalogue = await hub.catalogue();
  const mode = asked.get("mode") ?? ALL;
  channels = catalogue.channels.filter((channel) => mode === ALL || channel.code === mode);
  wall.classList.toggle("wall--one", mode !== ALL);
  form.locale.append(...catalogue.locales.map(({ code, name }) => element("option", { value: code }, `${name} (${code})`)));
  form.locale.value = asked.get("locale") ?? catalogue.locales[0].code;
  for (const { parentElement } of [form.market, form.segments]) parentElement.hidden = hub.isReview;
  form.addEventListener("input", () => show().catch(tell));
  await show();
}

function context() {
  const { locale, market, segments, at } = form;
  return {
    locale: locale.value,
    preview: hub.token,
    ...(market.value.trim() && { market: market.value.trim() }),
    ...(segments.value.trim() && { segments: segments.value.split(/[\s,]+/).filter(Boolean) }),
    ...(at.value && { at: new Date(at.value).toISOString() }),
  };
}

async function show() {
  const mine = ++turn;
  wall.setAttribute("aria-busy", "true");
  const item = await hub.item(asked.get("key"), context(), channels);
  if (mine !== turn) return; // something newer was asked for meanwhile
  told.hidden = true;
  document.title = item ? `Preview: ${item.headline}` : "Preview";
  if (!channels.length) tell(new PreviewError("No channel has fields yet: give one its fields under Channels to see the piece in it."));
  else if (!item) tell(new PreviewError("Nobody in this market and these segments sees the piece in this language."));
  else if (item.isFallback) tell(new PreviewError(`There is no text in ${form.locale.value}: readers get ${item.locale.code}.`));
  const look = { dark: form.look.value === "dark", bare: form.look.value === "bare" };
  document.body.classList.toggle("dark", look.dark);
  wall.replaceChildren(...(item?.renditions ?? []).map((rendition) => card(rendition, item.locale, look)));
  wall.setAttribute("aria-busy", "false");
}

function card({ channel, fields, fits, findings, personalTokens }, locale, look) {
  const filled = withSamples(fields, personalTokens);
  const shown = form.look.value === "long" ? lengthened(filled) : filled;
  const id = `card-${channel.code.replace(/\W/g, "-")}`;
  const isEmpty = Object.values(fields).every((value) => value === null || value === "");
  return element(
    "article",
    { class: `card card--${channel.kind}`, "aria-labelledby": id, "data-channel": channel.code },
    element(
      "header",
      { class: "card__head" },
      element("h2", { id }, channel.label),
      element("span", { class: `mark mark--${mark(fits, findings)}` }, MARKS[mark(fits, findings)]),
    ),
    element(
      "div",
      { class: "card__body", lang: locale.code, dir: locale.direction.toLowerCase() },
      isEmpty ? element("p", { class: "empty", lang: "en", dir: "ltr" }, "Nothing to show here.") : frame(channel, shown, look),
    ),
    findings.length > 0 &&
      element(
        "ul",
        { class: "findings" },
        findings.map(({ field, message, severity }) =>
          element("li", { class: `finding finding--${severity.toLowerCase()}` }, `${severity === "ERROR" ? "✕" : "!"} ${field}: ${message}`),
        ),
      ),
  );
}

const MARKS = { fits: "✓ fits", warns: "! look", fails: "✕ does not fit" };

function mark(fits, findings) {
  if (!fits) return "fails";
  return findings.length > 0 ? "warns" : "fits";
}

/** Return fields with a sample in the place of each personal token; a sample holds nothing that HTML would read. */
function withSamples(value, tokens) {
  if (typeof value === "string") {
    return tokens.reduce((text, { code, sample }) => text.replaceAll(`{{${code}}}`, sample), value);
  }
  if (Array.isArray(value)) return value.map((one) => withSamples(one, tokens));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withSamples(one, tokens)]));
}

function lengthened(fields) {
  const texts = Object.entries(fields).map(([name, value]) => {
    const isText = typeof value === "string" && !/^(link|html|ssml|body)$/.test(name);
    return [name, isText ? LONG + value : value];
  });
  return Object.fromEntries(texts);
}

function tell(error) {
  told.textContent = error instanceof PreviewError ? error.message : "The hub could not be reached.";
  told.hidden = false;
  wall.setAttribute("aria-busy", "false");
  if (!(error instanceof PreviewError)) throw error;
}

start().catch(tell);
