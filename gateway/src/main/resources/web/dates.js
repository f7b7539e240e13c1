/** Calendar dates as the API has them ("2026-03-01", no time zone) and as people read them. */

const DAY_MS = 86_400_000;
const withYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const withoutYear = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });

/** Days from today in this browser's time zone; negative is past. */
function daysFromToday(date, now) {
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  return Math.round((Date.parse(`${date}T00:00:00Z`) - today) / DAY_MS);
}

/** A date in words of this browser's language; the year only if it is not this one. */
export function day(date, now = new Date()) {
  const format = date.startsWith(`${now.getFullYear()}-`) ? withoutYear : withYear;
  return format.format(new Date(`${date}T00:00:00Z`));
}

/** Words for a due date and how near it is: "past", "soon" or "later". A finished task is not overdue any more. */
export function due(date, done, now = new Date()) {
  const days = daysFromToday(date, now);
  if (done) {
    return { text: `${days < 0 ? "Was due" : "Due"} ${day(date, now)}`, nearness: "later" };
  }
  if (days < 0) {
    return { text: `Overdue: ${days === -1 ? "yesterday" : day(date, now)}`, nearness: "past" };
  }
  if (days <= 1) {
    return { text: days === 0 ? "Due today" : "Due tomorrow", nearness: "soon" };
  }
  return { text: `Due ${day(date, now)}`, nearness: "later" };
}

export const timeOfDay = (instant) => clock.format(new Date(instant));
