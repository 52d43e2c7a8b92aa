/** The preview front end: one card a channel, or one channel alone, filled anew whenever what is asked for changes. */

import { Hub, PreviewError } from "./api.js";
import { Card } from "./card.js";
import { Desk } from "./desk.js";
import { element } from "./dom.js";
import { Memory } from "./memory.js";
import { offer } from "./offering.js";
import { say, speak } from "./words.js";

const ALL = "all";
const PAUSE = 300; // milliseconds without a key, where something is typed
const CHOICES = ["locale", "market", "segments", "arm", "at", "look"];

const { graphql, cards: door } = document.documentElement.dataset;
const asked = new URLSearchParams(location.search);
const hub = new Hub(graphql, new URLSearchParams(location.hash.slice(1)).get("token"));
const form = document.querySelector(".bar__form");
const wall = document.querySelector(".wall");
const told = document.querySelector(".told");
const memory = new Memory(`${asked.get("key")} ${asked.get("locale")}`);

let cards = [];
let turn = 0;
let pause;

async function start() {
  const catalogue = await hub.catalogue();
  const mode = asked.get("mode") ?? ALL;
  const desk = asked.get("cards") === "open" && !hub.isReview ? new Desk(door) : null;
  const calls = { desk, saved: () => show().catch(tell), turned: remember, opened: (card) => compare(card).catch(tell) };
  cards = catalogue.channels
    .filter((channel) => mode === ALL || channel.code === mode)
    .map((channel) => new Card(channel, calls));
  wall.append(...cards.map((card) => card.element));
  wall.classList.toggle("wall--one", mode !== ALL);
  form.locale.append(...catalogue.locales.map(({ code, name }) => element("option", { value: code }, `${name} (${code})`)));
  form.locale.value = asked.get("locale") ?? catalogue.locales[0].code;
  for (const { parentElement } of [form.market, form.segments]) parentElement.hidden = hub.isReview;
  if (!hub.isReview) {
    const offering = (input) => offerTerms(input).catch(() => {}); // a code can be typed all the same
    for (const input of [form.market, form.segments]) input.addEventListener("focus", () => offering(input), { once: true });
  }
  const { chosen = {}, open = [], top } = memory.recall();
  choose(chosen);
  form.addEventListener("input", ({ target }) => {
    remember();
    clearTimeout(pause);
    pause = setTimeout(() => show().catch(tell), target instanceof HTMLInputElement ? PAUSE : 0);
  });
  window.addEventListener("pagehide", () => cards.forEach((card) => card.editor?.send()));
  await show();
  const reopened = desk ? cards.filter((card) => card.where && open.includes(card.channel.code)) : [];
  for (const card of reopened) card.open({ isFocused: false });
  window.scrollTo(0, top ?? 0);
  document.addEventListener("scrollend", remember);
}

function remember() {
  const chosen = Object.fromEntries(CHOICES.map((name) => [name, form[name].value]));
  const open = cards.filter((card) => card.isOpen).map((card) => card.channel.code);
  memory.keep({ chosen, open, top: window.scrollY });
}

/** Offer what may be typed in an input, asked for once somebody goes there: the wall is loaded anew with each change. */
async function offerTerms(input) {
  const facet = input === form.market ? "market" : "segment";
  offer(input, await hub.terms(facet, document.documentElement.lang), { several: input === form.segments });
}

/** Choose what was chosen before; the arms of tests are not known yet. */
function choose(chosen) {
  if (chosen.arm) form.arm.replaceChildren(...armOptions([chosen.arm]));
  for (const [name, value] of Object.entries(chosen)) {
    const before = form[name].value;
    form[name].value = value;
    if (form[name].selectedIndex === -1) form[name].value = before;
  }
}

function context() {
  const { locale, market, segments, arm, at } = form;
  return {
    locale: locale.value,
    preview: hub.token,
    ...(market.value.trim() && { market: market.value.trim() }),
    ...(segments.value.trim() && { segments: segments.value.split(/[\s,]+/).filter(Boolean) }),
    ...(arm.value && { assignments: [JSON.parse(arm.value)] }),
    ...(at.value && { at: new Date(at.value).toISOString() }),
  };
}

/** Offer the arms that the item has versions for; the one chosen stays, as long as a language has it. */
function offerArms(variants) {
  const tests = variants.filter(({ experiment }) => experiment);
  const offered = [...new Set(tests.map(({ experiment, arm }) => JSON.stringify({ experiment, arm })))];
  form.arm.parentElement.hidden = offered.length === 0;
  const known = [...form.arm.options].slice(1).map(({ value }) => value);
  if (known.join() === offered.join()) return;
  const chosen = form.arm.value;
  form.arm.replaceChildren(...armOptions(offered));
  form.arm.value = offered.includes(chosen) ? chosen : "";
}

function armOptions(arms) {
  const labels = arms.map((value) => [value, Object.values(JSON.parse(value)).join(": ")]);
  return [["", say("noTest")], ...labels].map(([value, label]) => element("option", { value }, label));
}

async function show() {
  const mine = ++turn;
  const key = asked.get("key");
  wall.setAttribute("aria-busy", "true");
  const { item, notices } = await hub.item(key, context(), cards.map((card) => card.channel));
  if (mine !== turn) return; // something newer was asked for meanwhile
  document.title = item ? say("previewOf", item) : say("preview");
  announce([...reservations(item), ...notices]);
  const look = { dark: form.look.value === "dark", bare: form.look.value === "bare", long: form.look.value === "long" };
  document.body.classList.toggle("dark", look.dark);
  if (item) offerArms(item.variants);
  const where = item && { key, locale: item.locale.code };
  // What is typed for one language must not land in another.
  const refusal = item?.isFallback ? say("notItsText", languages(item)) : null;
  item?.renditions.forEach((rendition, place) => cards[place].show(rendition, { where, locale: item.locale, look, refusal }));
  wall.hidden = !item;
  wall.setAttribute("aria-busy", "false");
  await Promise.all(cards.filter((card) => card.editor).map(compare));
}

/** Let an open card say whose text is shown in it. */
async function compare(card) {
  const mine = turn;
  const givers = await hub.givers(asked.get("key"), context(), card.channel);
  if (mine === turn) card.editor?.compare(givers);
}

/** Return why the wall does not show what was asked for. */
function reservations(item) {
  if (!cards.length) return [say("noChannels")];
  if (!item) return [say("unseen")];
  return item.isFallback ? [say("fallback", languages(item))] : [];
}

/** Return the names of the language that was asked for and of the one that answers. */
function languages({ locale }) {
  const nameOf = (code) => [...form.locale.options].find(({ value }) => value === code)?.textContent ?? code;
  return { asked: nameOf(form.locale.value), served: nameOf(locale.code) };
}

function announce(sentences) {
  told.replaceChildren(...sentences.map((sentence) => element("p", {}, sentence)));
  told.hidden = !sentences.length;
}

function tell(error) {
  announce([error instanceof PreviewError ? error.message : say("unreachable")]);
  wall.setAttribute("aria-busy", "false");
  if (!(error instanceof PreviewError)) throw error;
}

speak([asked.get("lang"), ...navigator.languages].filter(Boolean));
start().catch(tell);
