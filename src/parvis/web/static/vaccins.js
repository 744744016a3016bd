// What the vaccination calendar says of one person, computed here: nothing of it leaves the page. It is parvis/methods/vaccination/engine.py in another language,
// step by step; a table of cases holds both to the same answers. Days are ISO texts (they compare as they sort); spans are "2m", "6w", "16y".

const pad = (n, w = 2) => String(n).padStart(w, "0")
const iso = (y, m, d) => `${pad(y, 4)}-${pad(m)}-${pad(d)}`
const parts = day => day.split("-").map(Number)
const leap = y => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0
const length = (y, m) => (m === 2 ? (leap(y) ? 29 : 28) : [4, 6, 9, 11].includes(m) ? 30 : 31)

/** So many days after (or before) a day. UTC has no clock changes, so a day is always 24 hours. */
export function plus(day, days) {
  const [y, m, d] = parts(day)
  const at = new Date(0)
  at.setUTCFullYear(y, m - 1, d + days)
  return iso(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate())
}

function counted(span) {
  if (!span || span.replace(/\d+[dwmy]/g, "")) throw new RangeError(`${span} is no span of time`)
  let months = 0
  let days = 0
  for (const [, n, unit] of span.matchAll(/(\d+)([dwmy])/g)) {
    months += Number(n) * ({ y: 12, m: 1 }[unit] ?? 0)
    days += Number(n) * ({ w: 7, d: 1 }[unit] ?? 0)
  }
  return [months, days]
}

/** A span after a day; a day that its month does not have is the first of the next one. */
export function later(day, span) {
  const [months, days] = counted(span)
  const [y, m, d] = parts(day)
  const total = y * 12 + m - 1 + months
  const year = Math.floor(total / 12)
  const month = (total % 12) + 1
  const at = d <= length(year, month) ? iso(year, month, d) : plus(iso(year, month, length(year, month)), 1)
  return days ? plus(at, days) : at
}

/** A span of weeks and days before a day. */
export function earlier(day, span) {
  const [months, days] = counted(span)
  if (months) throw new RangeError(`${span}: weeks and days only`)
  return plus(day, -days)
}

const max = (a, b) => (a > b ? a : b)
const min = (a, b) => (a < b ? a : b)
const line = (series, dose, of, state, more = {}) => ({ series: series.id, dose, of, state, since: "", by: "", until: "", on: "", why: "", ...more })

/** The lines of a person on a day. person: {born, doses: [{vaccine, on}], risk, term}. */
export function plan(calendar, person, today) {
  const given = (person.doses ?? []).filter(d => person.born <= d.on && d.on <= today).sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
  return calendar.series.filter(s => concerns(s, person, today)).flatMap(s => [...lines(s, person, given, today)])
}

function concerns(s, person, today) {
  if (today < s.since || (s.until && today > s.until)) return false
  if ((s.born_from && person.born < s.born_from) || (s.born_until && person.born > s.born_until)) return false
  return (s.need !== "pregnant" || Boolean(person.term)) && (s.need !== "risk" || person.risk === true)
}

function lines(s, person, given, today) {
  const begin = s.counts_from ? later(person.born, s.counts_from) : person.born
  const days = given.filter(d => s.counts.includes(d.vaccine) && d.on >= begin).map(d => d.on)
  if (s.kind === "doses") return doses(s, person.born, days, today)
  if (s.kind === "ages") return ages(s, person.born, days, today)
  if (s.kind === "season") return season(s, person.born, days, today)
  if (s.kind === "birth") return birth(s, person.born, days, today)
  return pregnancy(s, person, days, today)
}

// --- a scheme of doses

function* doses(s, born, days, today) {
  const scheme = schemeOf(s, born, days, today)
  if (!scheme) return
  const of = scheme.doses.length
  const done = []
  for (const day of days) {
    if (done.length === of) break
    const step = scheme.doses[done.length]
    if (step.min && day < later(born, step.min)) yield line(s, done.length + 1, of, "not_counted", { on: day, why: "age" })
    else if (step.gap && done.length && day < later(done.at(-1), step.gap)) yield line(s, done.length + 1, of, "not_counted", { on: day, why: "gap" })
    else {
      done.push(day)
      yield line(s, done.length, of, "done", { on: day })
    }
  }
  let before = done.at(-1) ?? ""
  const nothing = !days.length
  for (let number = done.length + 1; number <= of; number++) {
    const step = scheme.doses[number - 1]
    let soonest = later(born, step.min || scheme.from)
    if (before && step.gap) soonest = max(soonest, later(before, step.gap))
    let advised = step.at ? later(born, step.at) : soonest
    if (before && (step.wait || step.gap)) advised = max(advised, later(before, step.wait || step.gap))
    advised = max(advised, soonest)
    const until = step.until ? later(born, step.until) : ""
    let by = step.by ? later(born, step.by) : ""
    if (by && by < advised) by = ""
    const first = number === done.length + 1
    if (until && (today >= until || advised >= until)) {
      if (first && !(nothing && scheme.late)) yield line(s, number, of, "closed", { until })
      return
    }
    if (first && nothing && s.ask_from && today >= later(born, s.ask_from)) {
      yield line(s, number, of, "look_up", { since: advised, until })
      return
    }
    yield line(s, number, of, stateOf(advised, by, today, scheme.late === true, first), { since: advised, by, until })
    before = max(advised, today)
  }
}

function stateOf(advised, by, today, late, first) {
  if (today < advised || !first) return "to_come"
  if (late) return "catch_up"
  return by && today >= by ? "late" : "now"
}

function schemeOf(s, born, days, today) {
  const earliest = later(born, s.schemes[0].from)
  const start = days.find(day => day >= earliest) ?? today
  return s.schemes.find(one => !one.to || start < later(born, one.to))
}

// --- boosters at fixed ages

function* ages(s, born, days, today) {
  const stops = s.ages.map(age => later(born, age))
  while (s.every && stops.at(-1) <= today) stops.push(later(stops.at(-1), s.every))
  const windows = stops.map(stop => back(stop, s.grace))
  const passed = stops.filter(stop => stop <= today).length
  for (let i = 0; i < passed; i++) {
    const ends = windows[i + 1] ?? ""
    const done = days.find(day => windows[i] <= day && (!ends || day < ends))
    if (done) yield line(s, i + 1, 0, "done", { on: done })
    else if (i === passed - 1) {
      if (!days.length && s.ask_from && today >= later(born, s.ask_from)) yield line(s, i + 1, 0, "look_up", { since: stops[i] })
      else yield line(s, i + 1, 0, today >= later(stops[i], "1y") ? "late" : "now", { since: stops[i], by: later(stops[i], "1y") })
    }
  }
  if (passed < stops.length) {
    const done = days.find(day => windows[passed] <= day)
    yield done ? line(s, passed + 1, 0, "done", { on: done }) : line(s, passed + 1, 0, "to_come", { since: stops[passed], by: later(stops[passed], "1y") })
  }
}

function back(day, years) {
  if (!years) return day
  const [y, m, d] = parts(day)
  const year = y - Number(years.replace("y", ""))
  return m === 2 && d === 29 && year % 4 ? iso(year, 3, 1) : iso(year, m, d)
}

// --- seasons

function open([from, to], year) {
  const first = `${pad(year, 4)}-${from}`
  const last = `${pad(year, 4)}-${to}`
  return [first, last >= first ? last : `${pad(year + 1, 4)}-${to}`]
}

function current(span, day) {
  const [y] = parts(day)
  for (const year of [y - 1, y]) {
    const [first, last] = open(span, year)
    if (day <= last) return [first, last]
  }
  return open(span, y + 1)
}

function* season(s, born, days, today) {
  const [first, last] = current(s.season.split("/"), today)
  if (s.from && later(born, s.from) > last) return
  const since = s.from ? max(first, later(born, s.from)) : first
  const done = days.findLast(day => first <= day && day <= last)
  if (done) yield line(s, 0, 0, "done", { on: done })
  else yield line(s, 0, 0, today >= since ? "now" : "to_come", { since, by: plus(last, 1) })
}

function* birth(s, born, days, today) {
  const ends = later(born, s.to)
  const [first, last] = current(s.season.split("/"), born)
  if (days.length) {
    yield line(s, 0, 0, "done", { on: days[0] })
    return
  }
  const since = max(first, born)
  if (today >= ends || since >= ends) return
  if (today > last) yield line(s, 0, 0, "closed", { until: plus(last, 1) })
  else yield line(s, 0, 0, today >= since ? "now" : "to_come", { since, until: min(ends, plus(last, 1)) })
}

function* pregnancy(s, person, days, today) {
  let [since, until] = s.before_term.split("/").map(span => earlier(person.term, span))
  if (s.season) {
    const [first, last] = current(s.season.split("/"), since)
    since = max(since, first)
    until = min(until, plus(last, 1))
  }
  if (since >= until || today > person.term) return
  const begun = earlier(person.term, "41w")
  const done = days.find(day => day >= begun)
  if (done) yield line(s, 0, 0, "done", { on: done })
  else if (today >= until) yield line(s, 0, 0, "closed", { until })
  else yield line(s, 0, 0, today >= since ? "now" : "to_come", { since, until })
}
