/** The admin's door for cards: what a channel takes of an item, read and written by whoever is logged in there. */

import { say } from "./words.js";

/** What the admin refuses, with the status it refuses with; 409: somebody else has written meanwhile. */
export class DeskError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export class Desk {
  constructor(address) {
    this.address = address;
  }

  /**
   * Return `{version, revision, feeds, texts: [{name, label, value, inherited, giver, isOwn, maximum}]}`; `where` is
   * `{key, locale, channel}`, `giver` the code of the version from which a text is inherited, null for the base. `feeds`
   * has by name the code of the version that gives a field to everybody on the channel.
   */
  async read(where) {
    const { csrf, ...card } = await this.ask(where);
    this.csrf = csrf;
    return card;
  }

  /** Write `{field, text, seen, own}`, or without `text` give the field back to the base; return the card as it then is. */
  async write(where, given) {
    const filled = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
    // A page that is left behind still sends what was typed last.
    return this.ask(where, { method: "POST", body: new URLSearchParams(filled), keepalive: true });
  }

  async ask(where, options = {}) {
    const answer = await fetch(`${this.address}?${new URLSearchParams(where)}`, {
      ...options,
      headers: { "X-Requested-With": "XMLHttpRequest", ...(this.csrf && { "X-CSRFToken": this.csrf }) },
      credentials: "same-origin",
      cache: "no-store",
    });
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (!isJson) throw new DeskError(say("logIn"), answer.status);
    const content = await answer.json();
    if (!answer.ok) throw new DeskError(content.message, answer.status);
    return content;
  }
}
