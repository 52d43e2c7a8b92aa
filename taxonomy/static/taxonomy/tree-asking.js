/* Asking the hub for JSON. What cannot be had is one kind of error, with words for the editor where the hub has some. */

export class NotAnswered extends Error {
  constructor(content = {}) {
    super(content.error || "");
    this.content = content;
  }
}

export async function ask(address, parameters = {}, options = {}) {
  const query = new URLSearchParams(parameters).toString();
  let answer;
  try {
    answer = await fetch(query ? `${address}?${query}` : address, {
      headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
      credentials: "same-origin",
      ...options,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new NotAnswered();
  }
  const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
  const content = isJson ? await answer.json() : {};
  if (!answer.ok || !isJson) throw new NotAnswered(content);
  return content;
}
