/* An iCalendar file of days (RFC 5545): lines of 75 octets at most, ends of line and commas escaped, each event with its stamp. */

const escaped = said => said.replaceAll("\\", "\\\\").replaceAll(";", "\\;").replaceAll(",", "\\,").replaceAll(/\r?\n/g, "\\n")
const octets = new TextEncoder()

/** A content line folded without cutting a character. */
export function folded(line) {
  const out = []
  let now = ""
  let size = 0
  for (const character of line) {
    const more = octets.encode(character).length
    if (size + more > 75) {
      out.push(now)
      now = " "
      size = 1
    }
    now += character
    size += more
  }
  return [...out, now].join("\r\n")
}

/** events: {uid, day, next, summary, description}, days as ISO texts, `next` excluded. stamp: a Date. */
export function calendar(events, stamp) {
  const at = stamp.toISOString().replace(/[-:]|\.\d+/g, "")
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Parvis//Calendrier vaccinal//FR", "CALSCALE:GREGORIAN"]
  for (const e of events) {
    lines.push("BEGIN:VEVENT", `UID:${e.uid}`, `DTSTAMP:${at}`, `DTSTART;VALUE=DATE:${e.day.replaceAll("-", "")}`, `DTEND;VALUE=DATE:${e.next.replaceAll("-", "")}`,
      `SUMMARY:${escaped(e.summary)}`, `DESCRIPTION:${escaped(e.description)}`, "TRANSP:TRANSPARENT", "END:VEVENT")
  }
  return [...lines, "END:VCALENDAR"].map(folded).join("\r\n") + "\r\n"
}
