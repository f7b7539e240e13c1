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

/** Words for a due date and how near it is: "past", "soon" or "later". */
export function due(date, now = new Date()) {
  const days = daysFromToday(date, now);
  const sameYear = date.startsWith(`${now.getFullYear()}-`);
  const day = (sameYear ? withoutYear : withYear).format(new Date(`${date}T00:00:00Z`));
  if (days < 0) {
    return { text: days === -1 ? "Overdue since yesterday" : `Overdue, was due ${day}`, nearness: "past" };
  }
  if (days <= 1) {
    return { text: days === 0 ? "Due today" : "Due tomorrow", nearness: "soon" };
  }
  return { text: `Due ${day}`, nearness: "later" };
}

export const timeOfDay = (instant) => clock.format(new Date(instant));
