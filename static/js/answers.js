// What an answer of the server means for the person: a sentence, and a way on. Also for answers that are no JSON,
// such as the page of a proxy, and for a line that is cut.
export const TRIES = 6;
const LONGEST_PAUSE = 30000;
const LONGEST_ORDERED = 3600000;

export async function answerOf(response) {
  const kind = response.headers.get("Content-Type") || "";
  let answer = null;
  if (kind.includes("json")) answer = await response.json().catch(() => null);
  return { code: response.status, answer, after: ordered(response.headers.get("Retry-After")) };
}

// Retry-After: seconds or a date; in milliseconds, 0 without one.
export function ordered(header) {
  if (!header) return 0;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Math.min(Math.max(0, seconds || 0) * 1000, LONGEST_ORDERED);
}

// Waits before the next try: the line coming back or a press ends the wait early.
export function pauseOf(turn) {
  return Math.min(2000 * 2 ** turn, LONGEST_PAUSE);
}

export function clock(milliseconds) {
  return new Date(Date.now() + milliseconds).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" });
}

// Whether trying again by ourselves makes sense: the line was cut or the server is ill.
export function passing(code) {
  return code === 0 || code === 408 || (code >= 500 && code !== 507);
}

export function sentence(words, { code, after = 0 }) {
  if (code === 0) return words.wordsOffline;
  if (code === 429) return words.wordsAgainAt.replace("{time}", clock(after || 60000));
  if (code === 413) return words.wordsTooLarge;
  if (code === 403) return words.wordsExpired;
  return words.wordsBroken;
}
