/** The hub's GraphQL API, asked as any customer's app would ask it, with the preview token as the key. */

const HUB = `{ channels { code kind label placements } locales { code name direction } }`;

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
    return this.ask(HUB);
  }

  /**
   * Return an item in a context, shaped for each of the channels: `{headline, ..., renditions: [...]}`, or null. Its
   * `variants` say to which arms of tests it has versions.
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
    const { item } = await this.ask(query, { key, context, ...codes });
    return item && { ...item, renditions: channels.map((channel, place) => ({ channel, ...item[`c${place}`] })) };
  }

  /** Return `[{field, variant}]`: which version gives each field to the readers of a context; of the base none. */
  async givers(key, context, channel) {
    const query = "query ($key: String!, $context: ContextInput!) { item(key: $key, context: $context) { provenance { field variant } } }";
    const { item } = await this.ask(query, { key, context: { ...context, channel: channel.code } });
    return (item?.provenance ?? []).filter(({ variant }) => variant);
  }

  async ask(query, variables = {}) {
    const answer = await fetch(this.address, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(this.token && { Authorization: `Bearer ${this.token}` }) },
      body: JSON.stringify({ query, variables }),
      credentials: "omit",
      cache: "no-store",
    });
    const { data, errors } = await answer.json();
    if (errors) {
      throw new PreviewError(errors[0].message);
    }
    return data;
  }
}
