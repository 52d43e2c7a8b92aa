/** The hub's GraphQL API, asked as any customer's app would ask it, with the preview token as the key. */

import { say } from "./words.js";

const HUB = `{ channels { code kind label placements } locales { code name direction } }`;

const TERMS = `query ($facet: String!, $language: LocaleCode!) {
  terms(facet: $facet, first: 1000) { nodes { code label(locale: $language) } } }`;

export class PreviewError extends Error {}

export class Hub {
  constructor(address, token) {
    this.address = address;
    this.token = token;
  }

  /** Whether somebody looks by a link for reviewers, to whom the hub's segments and markets are not shown. */
  get isReview() {
    return this.token?.startsWith("review|") ?? false;
  }

  /** Return the hub's channels and locales. */
  async catalogue() {
    const { data } = await this.ask(HUB);
    return data;
  }

  /** Return the terms of a facet, labels in a language: `[{code, label}]`. */
  async terms(facet, language) {
    const { data } = await this.ask(TERMS, { facet, language });
    return data.terms.nodes;
  }

  /**
   * Return `{item, notices}`: an item in a context, shaped for each of the channels, `{headline, ..., renditions: [...]}`,
   * or null, and sentences that the hub tells beside it. Its `variants` say to which arms of tests it has versions.
   */
  async item(key, context, channels) {
    const shaped = channels.map(
      (channel, place) => `c${place}: rendition(channel: $c${place}) {
        fields shapes fits findings { field message severity measured limit } personalTokens { code sample maxLength } }`,
    );
    const codes = Object.fromEntries(channels.map((channel, place) => [`c${place}`, channel.code]));
    const given = Object.keys(codes).map((name) => `$${name}: String!`);
    const query = `query ($key: String!, $context: ContextInput!, ${given.join(", ")}) {
      item(key: $key, context: $context) {
        headline isFallback locale { code direction } variants { experiment arm } ${shaped.join(" ")}
      }
    }`;
    const { data, notices } = await this.ask(query, { key, context, ...codes });
    const { item } = data;
    const renditions = channels.map((channel, place) => ({ channel, ...item?.[`c${place}`] }));
    return { item: item && { ...item, renditions }, notices: notices.map(noticeOf) };
  }

  /** Return `[{field, variant}]`: which version gives each field to the readers of a context; of the base none. */
  async givers(key, context, channel) {
    const query = "query ($key: String!, $context: ContextInput!) { item(key: $key, context: $context) { provenance { field variant } } }";
    const { data } = await this.ask(query, { key, context: { ...context, channel: channel.code } });
    return (data.item?.provenance ?? []).filter(({ variant }) => variant);
  }

  async ask(query, variables = {}) {
    const answer = await fetch(this.address, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(this.token && { Authorization: `Bearer ${this.token}` }) },
      body: JSON.stringify({ query, variables }),
      credentials: "omit",
      cache: "no-store",
    });
    const { data, errors, extensions } = await answer.json();
    if (errors) throw new PreviewError(refusalOf(errors[0]));
    return { data, notices: extensions?.notices ?? [] };
  }
}

/** Return in the page's language why the hub refuses; what editors do not bring about is told as the API says it. */
function refusalOf({ message, extensions: { code, argument } = {} }) {
  if (code === "BAD_ARGUMENT" && argument === "context.at") return say("fromNowOn");
  if (code === "PREVIEW_EXPIRED") return say("expired");
  if (code === "PREVIEW_INVALID") return say("invalid");
  return message;
}

/** Return in the page's language what the hub tells beside an answer. */
function noticeOf({ code, argument, message }) {
  const named = message.match(/'(.*)'/)?.[1] ?? message.split(" ")[0];
  if (code === "UNKNOWN_CODE" && argument === "context.market") return say("unknownMarket", { code: named });
  if (code === "UNKNOWN_CODE" && argument === "context.segments") return say("unknownSegment", { code: named });
  if (code === "TERM_RETIRED" || code === "TERM_REPLACED") return say("retired", { code: named });
  return message;
}
